//! One provider: its header, its tabs. Every tab is a page of its own; all of them share [`state::ProviderState`].

pub mod access;
pub mod activity;
pub mod connection;
pub mod connection_fields;
pub mod danger;
pub mod disable_dialog;
pub mod enable_switch;
pub mod facts;
mod groups;
pub mod last_discovery;
mod ldap_connection;
pub mod ldap_settings;
pub mod mapping;
pub mod overview;
pub mod page;
pub mod protected_fields;
pub mod rediscover;
mod saml_connection;
pub mod saml_settings;
mod service_values;
pub mod state;
pub mod tab_form;
mod tenants;
mod test;
pub mod what_next;

pub use access::ProviderAccess;
pub use activity::ProviderActivity;
pub use connection::ProviderConnection;
pub use danger::ProviderDanger;
pub use groups::ProviderGroups;
pub use mapping::ProviderMapping;
pub use overview::ProviderOverview;
pub use page::ProviderPage;
pub use tenants::ProviderTenants;
pub use test::ProviderTest;
