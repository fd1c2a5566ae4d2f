//! Words that members and parameters may hold, and objects of counts.

use utoipa::openapi::{
    Object,
    schema::{ObjectBuilder, Type},
};
use vestibule_app::domain::{
    connection::StepStatus,
    sync::{EntryAction, EntryObject, LinkState, SyncMode, SyncStatus, SyncTrigger},
    user::UserStatus,
};

use crate::rest::{
    openapi::complete::word,
    scaikey::{
        sync, tenants,
        write::{
            ADMIN_PROTOCOLS, BINDS, FORMATS, LINKS, MISSING, REACTIVATE, REFERRALS, SCOPES, STRATEGIES,
            TENANT_PROTOCOLS, VENDORS,
        },
    },
};

/// A function for each, since that is what utoipa takes as a schema.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $words:expr;)+) => {$(
        $(#[$doc])*
        pub(in crate::rest::scaikey) fn $name() -> Object {
            word($words)
        }
    )+};
}

words! {
    admin_protocol = ADMIN_PROTOCOLS.map(first);
    /// A tenant creates providers of two protocols, and sees those of any.
    protocol = ADMIN_PROTOCOLS.map(first);
    tenant_protocol = TENANT_PROTOCOLS.map(first);
    ldap_vendor = VENDORS.map(first);
    ldap_bind = BINDS.map(first);
    ldap_scope = SCOPES.map(first);
    member_format = FORMATS.map(first);
    referrals = REFERRALS.map(first);
    delta_strategy = STRATEGIES.map(first);
    missing_users = MISSING.map(first);
    reactivate = REACTIVATE.map(first);
    link_existing = LINKS.map(first);
    tenant_status = tenants::STATUSES.map(first);
    step_status = StepStatus::ALL.map(StepStatus::as_str);
    user_status = UserStatus::ALL.iter().map(|status| status.as_str());
    link_state = LinkState::ALL.iter().map(|state| state.as_str());
    sync_status = SyncStatus::ALL.iter().map(|status| status.as_str());
    sync_mode = sync::MODES;
    ran_mode = SyncMode::ALL.iter().map(|mode| mode.as_str());
    sync_trigger = SyncTrigger::ALL.iter().map(|trigger| trigger.as_str());
    entry_object = EntryObject::ALL.iter().map(|object| object.as_str());
    entry_action = EntryAction::ALL.iter().map(|action| action.as_str());
}

/// The dialect's word of a pair with ours.
fn first<T>((word, _): (&'static str, T)) -> &'static str {
    word
}

/// Numbers of things, by what became of them.
fn counts<const N: usize>(names: [&str; N]) -> Object {
    let count = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).build();
    let all = names.into_iter().fold(ObjectBuilder::new().schema_type(Type::Object), |all, name| {
        all.property(name, count.clone()).required(name)
    });
    all.build()
}

pub(in crate::rest::scaikey) fn user_counts() -> Object {
    counts([
        "seen",
        "created",
        "updated",
        "unchanged",
        "reactivated",
        "disabled",
        "skipped",
        "failed",
        "deactivated",
        "deleted",
    ])
}

pub(in crate::rest::scaikey) fn group_counts() -> Object {
    counts(["seen", "created", "updated", "unchanged", "removed", "failed"])
}

pub(in crate::rest::scaikey) fn membership_counts() -> Object {
    counts(["added", "removed"])
}

pub(in crate::rest::scaikey) fn omitted_counts() -> Object {
    counts(["failed", "skipped", "changed"])
}
