//! One provider: its header, its tabs. Every tab is a page of its own; all of them share [`state::ProviderState`].

mod access;
mod activity;
mod connection;
mod connection_fields;
mod danger;
mod delete_dialog;
mod disable_dialog;
mod enable_switch;
mod facts;
mod last_discovery;
mod ldap_settings;
mod mapping;
mod not_editable;
mod overview;
mod page;
mod protected_fields;
mod rediscover;
mod saml_settings;
pub mod state;
mod tab_form;
mod what_next;

pub use access::ProviderAccess;
pub use activity::ProviderActivity;
pub use connection::ProviderConnection;
pub use danger::ProviderDanger;
pub use mapping::ProviderMapping;
pub use overview::ProviderOverview;
pub use page::ProviderPage;
