//! The core implements the traits of `app::service` over the store and the protocols.
//!
//! Each service is a struct of its own file or folder, and its fields are all that its operations may use. What several
//! need lies below them: [`permission`], [`audit`], [`keys`], [`totals`], [`passwords`], [`outbound_limit`],
//! [`public_address`], [`running`]. Permission, validation, transactions, secrets and the audit log are settled here,
//! once, for every dialect and the portal. The core knows no HTTP.

mod assembly;

mod administrators;
mod assignments;
mod connections;
mod discovery;
mod group_mappings;
mod groups;
mod providers;
mod saml_metadata;
mod sessions;
mod set_up;
mod sign_in;
mod sync;
mod tenants;
mod tokens;
mod user_sessions;
mod users;

mod attempts;
mod audit;
mod batches;
mod errors;
pub(crate) mod key;
pub(crate) mod keys;
mod outbound_limit;
mod passwords;
mod permission;
mod public_address;
pub(crate) mod random;
mod running;
mod totals;
mod touch;
pub(crate) mod vault;

pub(crate) use assembly::{AssembledServices, Resources};
pub(crate) use audit::AuditService;
pub use connections::ConnectionTests;
pub(crate) use connections::{ConnectionService, TestObserver};
pub(crate) use errors::chain as error_chain;
pub(crate) use random::new_uuid;
pub(crate) use sessions::SessionService;
pub(crate) use sign_in::{AttemptPurge, AttemptRetention, SessionLifetimes, SignInProtocols, SignInService};
pub(crate) use sync::SyncService;
pub(crate) use tenants::ensure_default_tenant;
