//! Which groups of a directory are read, and how they list their members.

use serde::{Deserialize, Serialize};

use super::LdapScope;
use crate::domain::named::named;

/// Which groups of a directory are read, and how they list their members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LdapGroups {
    /// Whether groups are read.
    pub enabled: bool,
    /// Where groups are searched, when narrower than the base (RFC 4514).
    pub base_dn: Option<String>,
    /// The scope of the search for groups.
    pub search_scope: LdapScope,
    /// Object classes that a group must have; the product's default when empty.
    pub object_classes: Vec<String>,
    /// An additional filter for groups (RFC 4515).
    pub filter: Option<String>,
    /// The attribute that names a group.
    pub name_attribute: String,
    /// The attribute that lists members.
    pub member_attribute: String,
    /// What that attribute contains.
    pub member_format: MemberFormat,
    /// Whether members of a member group are members too.
    pub nested: bool,
}

impl Default for LdapGroups {
    fn default() -> Self {
        Self {
            enabled: false,
            base_dn: None,
            search_scope: LdapScope::Subtree,
            object_classes: Vec::new(),
            filter: None,
            name_attribute: "cn".to_owned(),
            member_attribute: "member".to_owned(),
            member_format: MemberFormat::Dn,
            nested: false,
        }
    }
}

impl LdapGroups {
    /// Whether groups in groups count. User names stand for users alone.
    pub fn follows_nested(&self) -> bool {
        self.nested && self.member_format == MemberFormat::Dn
    }
}

named! {
    /// How a group identifies its members.
    MemberFormat, UnknownMemberFormat {
        /// By distinguished name: `member`, `uniqueMember`.
        Dn = "dn" / "Distinguished names, as in member",
        /// By user name: `memberUid`.
        Username = "username" / "User names, as in memberUid",
    }
}
