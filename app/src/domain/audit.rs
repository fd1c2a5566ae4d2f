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
    /// When it happened.
    pub at: Timestamp,
    /// Who did it, as a name to show.
    pub actor: String,
    /// Where the request came from.
    pub address: Option<String>,
    /// What was done.
    pub action: AuditAction,
    /// What kind of thing it was done to.
    pub object: AuditObject,
    /// The object's identifier.
    pub object_id: String,
    /// The object's name at that time.
    pub object_name: String,
    /// The tenant the object belongs to; nobody's when absent.
    pub tenant: Option<TenantId>,
    /// Which fields changed, with values where they are not secret.
    pub changes: Vec<FieldChange>,
}

/// A field that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's name in the domain.
    pub field: String,
    /// What it was; absent for secrets and new objects.
    pub before: Option<String>,
    /// What it is; absent for secrets and removed objects.
    pub after: Option<String>,
}

impl FieldChange {
    /// A change that is named but not shown.
    pub fn hidden(field: &str) -> Self {
        Self { field: field.to_owned(), before: None, after: None }
    }
}

named! {
    /// What was done.
    AuditAction, UnknownAuditAction {
        /// Something new came to be.
        Created = "created" / "created",
        /// Something changed.
        Updated = "updated" / "changed",
        /// A provider or administrator was switched on.
        Enabled = "enabled" / "enabled",
        /// A provider was switched off.
        Disabled = "disabled" / "disabled",
        /// Something was removed.
        Deleted = "deleted" / "deleted",
        /// A provider's endpoints were read again.
        Rediscovered = "rediscovered" / "re-discovered",
        /// A token or session was ended.
        Revoked = "revoked" / "revoked",
        /// Somebody signed in.
        SignedIn = "signed_in" / "signed in",
        /// Somebody signed out.
        SignedOut = "signed_out" / "signed out",
        /// Somebody could not sign in.
        SignInFailed = "sign_in_failed" / "failed to sign in",
        /// A password was changed.
        PasswordChanged = "password_changed" / "changed the password of",
        /// A provider was linked to a tenant.
        Linked = "linked" / "linked",
        /// A provider was unlinked from a tenant.
        Unlinked = "unlinked" / "unlinked",
        /// A synchronisation was asked for.
        SyncStarted = "sync_started" / "started the synchronisation of",
        /// A synchronisation was ended before its time.
        SyncCancelled = "sync_cancelled" / "cancelled the synchronisation of",
        /// A user was blocked.
        Blocked = "blocked" / "blocked",
        /// A user's block was lifted.
        Unblocked = "unblocked" / "unblocked",
        /// A user whom a synchronisation deactivated was let in again.
        Reactivated = "reactivated" / "reactivated",
        /// Sealed secrets were sealed anew under another key.
        KeyRotated = "key_rotated" / "rotated",
    }
}

named! {
    /// What it was done to.
    AuditObject, UnknownAuditObject {
        /// An identity provider.
        Provider = "provider" / "provider",
        /// A tenant.
        Tenant = "tenant" / "tenant",
        /// An API token.
        Token = "token" / "API token",
        /// An administrator.
        Administrator = "administrator" / "administrator",
        /// A portal session.
        Session = "session" / "session",
        /// A group of a tenant.
        Group = "group" / "group",
        /// Which group of a provider stands for a tenant's group.
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
    /// Only what this person or token did; a part of the name is enough.
    pub actor: Option<String>,
}
