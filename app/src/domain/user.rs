//! Users of a tenant: who they are, whether they may sign in, and which directories they come from.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    id::{DirectoryGroupId, GroupId, IdentityLinkId, ProviderId, TenantId, UserId},
    mapping::{FieldValue, UserField},
    named::named,
    sync::LinkState,
    timestamp::Timestamp,
};

/// Data about a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name to sign in with, unique within the tenant in any letter case.
    pub username: String,
    /// The email address, unique within the tenant in any letter case.
    pub email: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// The display name.
    pub display_name: Option<String>,
    /// Further mapped fields by name, and `extra` for kept claims.
    pub fields: Map<String, Value>,
}

impl Profile {
    /// The name to show: display name, else first and last name, else user name.
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

    /// The value of a field as JSON; null where there is none.
    pub fn value(&self, field: &str) -> Value {
        let Self { username, email, first_name, last_name, display_name, fields } = self;
        match field {
            "username" => username.clone().into(),
            "email" => email.clone().into(),
            "first_name" => first_name.clone().into(),
            "last_name" => last_name.clone().into(),
            "display_name" => display_name.clone().into(),
            _ => fields.get(field).cloned().unwrap_or_default(),
        }
    }

    /// Stores the value of a mapped field.
    pub fn set(&mut self, field: UserField, value: &FieldValue) {
        let place = match field {
            UserField::Email => &mut self.email,
            UserField::FirstName => &mut self.first_name,
            UserField::LastName => &mut self.last_name,
            UserField::DisplayName => &mut self.display_name,
            _ => {
                self.fields.insert(field.as_str().to_owned(), value.to_json());
                return;
            }
        };
        *place = value.as_text().map(str::to_owned);
    }

    /// A text that is equal for equal profiles, for hashing.
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
    /// Data about the person.
    pub profile: Profile,
    /// Whether the email address counts as verified.
    pub email_verified: bool,
    /// The provider that the user was first imported from.
    pub origin: Option<ProviderId>,
    /// Whether the directories allow the user to sign in.
    pub active: bool,
    /// The provider whose synchronisation deactivated the user.
    pub deactivated_by: Option<ProviderId>,
    /// Set while an administrator blocks the user. No synchronisation lifts it.
    pub blocked: Option<Block>,
    /// When the user was created.
    pub created_at: Timestamp,
    /// When the user was last changed, if ever.
    pub updated_at: Option<Timestamp>,
    /// Incremented by each change, for optimistic locking.
    pub version: i64,
}

/// An administrator's decision to block a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// When it was made.
    pub at: Timestamp,
    /// Who made it, as a display name.
    pub by: String,
}

impl User {
    /// Whether the user may sign in.
    pub const fn may_sign_in(&self) -> bool {
        self.active && self.blocked.is_none()
    }

    /// The user's status. A block takes precedence.
    pub const fn status(&self) -> UserStatus {
        match (&self.blocked, self.active) {
            (Some(_), _) => UserStatus::Blocked,
            (None, true) => UserStatus::Active,
            (None, false) => UserStatus::Inactive,
        }
    }
}

named! {
    /// The status of a user.
    UserStatus, UnknownUserStatus {
        /// May sign in.
        Active = "active" / "Active",
        /// Disabled in the directory, or gone from it.
        Inactive = "inactive" / "Inactive",
        /// Blocked by an administrator.
        Blocked = "blocked" / "Blocked",
    }
}

/// Narrows a list of users. Empty means all that the caller may see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct UserFilter {
    /// Only those of this tenant.
    pub tenant: Option<TenantId>,
    /// Only those with a link to this provider.
    pub provider: Option<ProviderId>,
    /// Only members of this directory group.
    pub group: Option<DirectoryGroupId>,
    /// Only those with this status.
    pub status: Option<UserStatus>,
    /// Part of user name, email address or name, in any letter case.
    pub search: Option<String>,
}

/// A row of a list of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    /// Stable identifier.
    pub id: UserId,
    /// The name to sign in with.
    pub username: String,
    /// The name to show.
    pub label: String,
    /// The email address.
    pub email: Option<String>,
    /// The status.
    pub status: UserStatus,
    /// The name of the tenant that the user belongs to.
    pub tenant_name: String,
    /// The display name of the provider that the user was first imported from.
    pub origin_name: Option<String>,
    /// When the user was created.
    pub created_at: Timestamp,
    /// When the user was last changed, if ever.
    pub updated_at: Option<Timestamp>,
}

/// A user with what their page shows beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserDetail {
    /// The user.
    pub user: User,
    /// The name of the tenant that the user belongs to.
    pub tenant_name: String,
    /// The display name of the provider that the user was first imported from.
    pub origin_name: Option<String>,
    /// The entries of directories that are linked to the user.
    pub links: Vec<DirectoryLink>,
    /// The tenant's groups that group mappings assign.
    pub groups: Vec<UserGroup>,
    /// Directory groups of which the user is a member, directly or through other groups.
    pub directory_groups: Vec<UserDirectoryGroup>,
}

impl UserDetail {
    /// Whether a directory has the user enabled although the user is not active, so that the user can be reactivated.
    pub fn can_be_reactivated(&self) -> bool {
        !self.user.active && self.links.iter().any(|link| link.state == LinkState::Present)
    }

    /// Whether no directory has the user any longer, so that the user can be deleted.
    pub fn can_be_deleted(&self) -> bool {
        self.links.iter().all(|link| link.state == LinkState::Vanished)
    }
}

/// A link between a user and an entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryLink {
    /// The directory's provider.
    pub provider: ProviderId,
    /// The provider's display name.
    pub provider_name: String,
    /// The entry's permanent identifier.
    pub external_id: String,
    /// The entry's distinguished name when it was last read (RFC 4514).
    pub dn: String,
    /// The entry's state.
    pub state: LinkState,
    /// When a run last found the entry for certain; absent when it vanished.
    pub seen_at: Option<Timestamp>,
    /// When the link was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A link between a user and a person at a provider, who signs in as the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityLink {
    /// Identifies the link.
    pub id: IdentityLinkId,
    /// The provider.
    pub provider: ProviderId,
    /// The provider's display name.
    pub provider_name: String,
    /// The issuer that authenticated the person.
    pub issuer: String,
    /// The provider's permanent identifier of the person (`sub`).
    pub subject: String,
    /// The claim that identified the person, at the last sign-in.
    pub claim: String,
    /// Its value.
    pub value: String,
    /// When the person first signed in.
    pub created_at: Timestamp,
    /// When the person last signed in.
    pub last_used_at: Timestamp,
}

/// A group of a directory with the number of its members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryGroup {
    /// The group.
    pub id: DirectoryGroupId,
    /// Its name.
    pub name: String,
    /// Its distinguished name (RFC 4514).
    pub dn: String,
    /// How many users are members, directly or, where the provider resolves them, through other groups.
    pub members: u64,
}

/// A group of a tenant that a user is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserGroup {
    /// The group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

/// A directory group that a user is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDirectoryGroup {
    /// The group.
    pub id: DirectoryGroupId,
    /// The directory's provider.
    pub provider: ProviderId,
    /// Its name.
    pub name: String,
    /// Its distinguished name (RFC 4514).
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
