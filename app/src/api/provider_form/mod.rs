//! What the portal's forms send to create and to change a provider, and its conversion to the domain. The services
//! check everything.

mod change;
mod connection;
mod create;

pub use change::{ConnectionChange, OidcChange, ProviderChange};
pub use connection::{ConnectionForm, LdapForm, OidcForm};
pub use create::NewProviderForm;
