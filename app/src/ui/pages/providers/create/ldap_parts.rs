//! What the steps of creating a directory share beside the state that all protocols have.

use crate::ui::pages::providers::ldap::{DirectoryReader, LdapFields, UserSample};

/// The parts of a new directory.
#[derive(Clone, Copy)]
pub struct LdapParts {
    /// The inputs.
    pub fields: LdapFields,
    /// What the directory reports.
    pub reader: DirectoryReader,
    /// Some of its users.
    pub users: UserSample,
}
