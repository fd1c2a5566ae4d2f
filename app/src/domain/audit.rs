//! The audit log: who changed what, when and from where. It names the fields that changed and never a secret's value.

use serde::{Deserialize, Serialize};

use super::{
    id::{AuditEventId, TenantId},
    named::named,
    timestamp::Timestamp,
};

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Identifies the entry.
    pub id: AuditEventId,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it, as a display name.
    pub actor: String,
    /// Where the request came from.
    pub address: Option<String>,
    /// What was done.
    pub action: AuditAction,
    /// The kind of object.
    pub object: AuditObject,
    /// The object's identifier.
    pub object_id: String,
    /// The object's name when the entry was written.
    pub object_name: String,
    /// The tenant that owns the object; `None` for the platform's.
    pub tenant: Option<TenantId>,
    /// The fields that changed, with values unless they are secret.
    pub changes: Vec<FieldChange>,
}

/// A field that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's name.
    pub field: String,
    /// The value before; `None` for secrets and new objects.
    pub before: Option<String>,
    /// The value after; `None` for secrets and deleted objects.
    pub after: Option<String>,
}

impl FieldChange {
    /// A change whose values are not recorded.
    pub fn hidden(field: &str) -> Self {
        Self { field: field.to_owned(), before: None, after: None }
    }
}

named! {
    /// What was done.
    AuditAction, UnknownAuditAction {
        /// An object was created.
        Created = "created" / "created",
        /// An object was changed.
        Updated = "updated" / "changed",
        /// A provider or administrator was enabled.
        Enabled = "enabled" / "enabled",
        /// A provider was disabled.
        Disabled = "disabled" / "disabled",
        /// An object was deleted.
        Deleted = "deleted" / "deleted",
        /// A provider's discovery document was read again.
        Rediscovered = "rediscovered" / "re-discovered",
        /// A token or session was revoked.
        Revoked = "revoked" / "revoked",
        /// A user signed in.
        SignedIn = "signed_in" / "signed in",
        /// A user signed out.
        SignedOut = "signed_out" / "signed out",
        /// A sign-in failed.
        SignInFailed = "sign_in_failed" / "failed sign-in",
        /// A password was changed.
        PasswordChanged = "password_changed" / "changed the password of",
        /// A provider was linked to a tenant.
        Linked = "linked" / "linked",
        /// A provider was unlinked from a tenant, or a person at a provider from a user.
        Unlinked = "unlinked" / "unlinked",
        /// A synchronisation was started by hand.
        SyncStarted = "sync_started" / "started the synchronisation of",
        /// A running synchronisation was cancelled.
        SyncCancelled = "sync_cancelled" / "cancelled the synchronisation of",
        /// A user was blocked.
        Blocked = "blocked" / "blocked",
        /// A user was unblocked.
        Unblocked = "unblocked" / "unblocked",
        /// A user deactivated by a synchronisation was reactivated.
        Reactivated = "reactivated" / "reactivated",
        /// Secrets were sealed again under another key.
        KeyRotated = "key_rotated" / "rotated",
    }
}

named! {
    /// The kind of object that an entry is about.
    AuditObject, UnknownAuditObject {
        /// An identity provider.
        Provider = "provider" / "provider",
        /// A tenant.
        Tenant = "tenant" / "tenant",
        /// An API token.
        Token = "token" / "API token",
        /// An administrator.
        Administrator = "administrator" / "administrator",
        /// A session of the portal, or of a user.
        Session = "session" / "session",
        /// A group of a tenant.
        Group = "group" / "group",
        /// A mapping from a group of a provider to a group of a tenant.
        GroupMapping = "group_mapping" / "group mapping",
        /// A user of a tenant.
        User = "user" / "user",
        /// The key that seals secrets.
        Key = "key" / "sealing key",
    }
}

/// Narrows the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFilter {
    /// Only this kind of object.
    pub object: Option<AuditObject>,
    /// Only the object with this identifier.
    pub object_id: Option<String>,
    /// Only what this person or token did; part of the name is enough.
    pub actor: Option<String>,
}
