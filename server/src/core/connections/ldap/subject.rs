//! What is tested.

use vestibule_app::domain::{mapping::UserMapping, provider::LdapConfig};

/// What is tested of a directory.
pub(in crate::core::connections) struct LdapTest {
    /// With its secrets.
    pub(in crate::core::connections) config: LdapConfig,
    pub(in crate::core::connections) mapping: UserMapping,
    /// Email domains whose users may sign in; no restriction when empty.
    pub(in crate::core::connections) allowed_domains: Vec<String>,
}
