//! Users of a tenant: who they are, whether they may sign in, and which directories they come from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    id::{DirectoryGroupId, GroupId, ProviderId, TenantId, UserId},
    named::named,
    sync::LinkState,
    timestamp::Timestamp,
};

/// What is known of a person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The name to sign in with. Unique within the tenant, whatever the letter case.
    pub username: String,
    /// The e-mail address. Unique within the tenant, whatever the letter case.
    pub email: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// The name to show.
    pub display_name: Option<String>,
    /// Further mapped fields by their names, and `extra` for claims that are kept aside.
    pub fields: Map<String, Value>,
}

impl Profile {
    /// The name to show: the display name, else first and last name, else the user name.
    pub fn label(&self) -> String {
        if let Some(name) = &self.display_name {
            return name.clone();
        }
        match (&self.first_name, &self.last_name) {
            (Some(first), Some(last)) => format!("{first} {last}"),
            (Some(name), None) | (None, Some(name)) => name.clone(),
            (None, None) => self.username.clone(),
        }
    }

    /// The names of the fields in which another profile differs, in a fixed order.
    pub fn changed_fields(&self, other: &Self) -> Vec<String> {
        let Self { username, email, first_name, last_name, display_name, fields } = self;
        let named = [
            ("username", username != &other.username),
            ("email", email != &other.email),
            ("first_name", first_name != &other.first_name),
            ("last_name", last_name != &other.last_name),
            ("display_name", display_name != &other.display_name),
        ];
        let mut changed: Vec<_> =
            named.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect();
        let mut further: Vec<_> = fields.keys().chain(other.fields.keys()).collect();
        further.sort_unstable();
        further.dedup();
        changed.extend(further.into_iter().filter(|name| fields.get(*name) != other.fields.get(*name)).cloned());
        changed
    }

    /// The profile as a text that is the same for equal profiles, for hashing.
    pub fn canonical(&self) -> String {
        let Self { username, email, first_name, last_name, display_name, fields } = self;
        let fields: std::collections::BTreeMap<_, _> = fields.iter().collect();
        let written = serde_json::to_string(&(username, email, first_name, last_name, display_name, fields));
        written.unwrap_or_default()
    }
}

/// A user of a tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Stable identifier.
    pub id: UserId,
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// What is known of the person.
    pub profile: Profile,
    /// Whether the e-mail address counts as verified.
    pub email_verified: bool,
    /// The provider that made the user known first.
    pub origin: Option<ProviderId>,
    /// Whether the directories let the user sign in.
    pub active: bool,
    /// The provider whose synchronisation took that away.
    pub deactivated_by: Option<ProviderId>,
    /// Set when an administrator keeps the user out. No synchronisation lifts it.
    pub blocked: Option<Block>,
    /// When the user was created.
    pub created_at: Timestamp,
    /// When the user was last changed, if ever.
    pub updated_at: Option<Timestamp>,
    /// Counts the changes, for optimistic locking.
    pub version: i64,
}

/// An administrator's decision to keep a user out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Since when.
    pub at: Timestamp,
    /// Who decided, as a name to show.
    pub by: String,
}

impl User {
    /// Whether the user may sign in.
    pub const fn may_sign_in(&self) -> bool {
        self.active && self.blocked.is_none()
    }

    /// How the user stands: a block counts before everything else.
    pub const fn status(&self) -> UserStatus {
        match (&self.blocked, self.active) {
            (Some(_), _) => UserStatus::Blocked,
            (None, true) => UserStatus::Active,
            (None, false) => UserStatus::Inactive,
        }
    }
}

named! {
    /// How a user stands.
    UserStatus, UnknownUserStatus {
        /// May sign in.
        Active = "active" / "Active",
        /// Switched off in the directory, or gone from it.
        Inactive = "inactive" / "Inactive",
        /// Kept out by an administrator.
        Blocked = "blocked" / "Blocked",
    }
}

/// Narrows a list of users. Empty means all that the caller may see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct UserFilter {
    /// Only those of this tenant.
    pub tenant: Option<TenantId>,
    /// Only those that this provider knows.
    pub provider: Option<ProviderId>,
    /// Only members of this group of a directory.
    pub group: Option<DirectoryGroupId>,
    /// Only those that stand so.
    pub status: Option<UserStatus>,
    /// A part of user name, e-mail address or name, in any letter case.
    pub search: Option<String>,
}

/// A user with what stands around them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserDetail {
    /// The user.
    pub user: User,
    /// Where directories have the user.
    pub links: Vec<DirectoryLink>,
    /// Groups of the tenant that group mappings put the user into.
    pub groups: Vec<UserGroup>,
    /// Groups of directories that the user is a member of, directly or through other groups.
    pub directory_groups: Vec<UserDirectoryGroup>,
}

/// Where a directory has a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryLink {
    /// The provider that stands for the directory.
    pub provider: ProviderId,
    /// The provider's name to show.
    pub provider_name: String,
    /// What identifies the entry for good.
    pub external_id: String,
    /// Where the entry lay when it was last read (RFC 4514).
    pub dn: String,
    /// How the entry was found.
    pub state: LinkState,
    /// When a run found the entry, as late as that is known for certain; absent when it vanished.
    pub seen_at: Option<Timestamp>,
    /// When the link was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The names of what users belong to and come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserNames {
    /// Their tenants.
    pub tenants: BTreeMap<TenantId, String>,
    /// The providers that made them known first, as those are shown.
    pub origins: BTreeMap<ProviderId, String>,
}

/// A group of a directory with the number of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryGroup {
    /// The group.
    pub id: DirectoryGroupId,
    /// Its name.
    pub name: String,
    /// Where it lies (RFC 4514).
    pub dn: String,
    /// How many users are in it, directly or, where the provider resolves them, through other groups.
    pub members: u64,
}

/// A group of the tenant that a user is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserGroup {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

/// A group of a directory that a user is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDirectoryGroup {
    /// The group.
    pub id: DirectoryGroupId,
    /// The provider that stands for the directory.
    pub provider: ProviderId,
    /// Its name.
    pub name: String,
    /// Where it lies (RFC 4514).
    pub dn: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn profile(username: &str, fields: Value) -> Profile {
        let fields = fields.as_object().cloned().unwrap_or_default();
        Profile { username: username.to_owned(), fields, ..Profile::default() }
    }

    #[test]
    fn changed_fields_are_named_on_either_side() {
        let old = profile("ada", json!({"phone_number": "1", "address": "x"}));
        let new = Profile { email: Some("a@b".to_owned()), ..profile("Ada", json!({"phone_number": "2"})) };
        assert_eq!(old.changed_fields(&new), ["username", "email", "address", "phone_number"]);
        assert!(old.changed_fields(&old).is_empty());
    }

    #[test]
    fn equal_profiles_are_written_the_same() {
        let one = profile("ada", json!({"b": 1, "a": 2}));
        let other = profile("ada", json!({"a": 2, "b": 1}));
        assert_eq!(one.canonical(), other.canonical());
        assert_ne!(one.canonical(), profile("ada", json!({"a": 2})).canonical());
    }

    #[test]
    fn a_name_is_found_for_everybody() {
        let mut person = profile("ada", json!({}));
        assert_eq!(person.label(), "ada");
        person.last_name = Some("Lovelace".to_owned());
        assert_eq!(person.label(), "Lovelace");
        person.first_name = Some("Ada".to_owned());
        assert_eq!(person.label(), "Ada Lovelace");
        person.display_name = Some("Countess".to_owned());
        assert_eq!(person.label(), "Countess");
    }
}
