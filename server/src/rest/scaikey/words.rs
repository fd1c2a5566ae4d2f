//! Words that members and parameters may hold, and objects of counts.

use utoipa::openapi::{
    Object,
    schema::{ObjectBuilder, Type},
};
use vestibule_app::domain::{
    connection::StepStatus,
    provider::{ClientAuthentication, EmailTrust, Linking, Protocol, ResponseMode, UserInfoUse},
    sign_in::{AttemptKind, AttemptOutcome, StepName},
    sync::{EntryAction, EntryObject, LinkState, SyncMode, SyncStatus, SyncTrigger, WantedMode},
    tenant::TenantStatus,
    user::UserStatus,
};

use crate::rest::openapi::complete::word;

/// The protocols that the administration knows.
pub(super) const ADMIN_PROTOCOLS: [Protocol; 3] = Protocol::ALL;
/// The protocols of providers that a tenant may create.
pub(super) const TENANT_PROTOCOLS: [Protocol; 2] = [Protocol::Oidc, Protocol::Saml];
/// The statuses of tenants.
pub(super) const TENANT_STATUSES: [TenantStatus; 2] = [TenantStatus::Active, TenantStatus::Suspended];

/// The name of a protocol in this dialect.
pub(super) const fn protocol_name(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Oidc => "OIDC",
        Protocol::Saml => "SAML",
        Protocol::Ldap => "LDAP",
    }
}

/// A function for each, since that is what utoipa takes as a schema.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $words:expr;)+) => {$(
        $(#[$doc])*
        pub(super) fn $name() -> Object {
            word($words)
        }
    )+};
}

words! {
    protocol = ADMIN_PROTOCOLS.map(protocol_name);
    linking = Linking::ALL.iter().map(|linking| linking.as_str());
    email_trust = EmailTrust::ALL.iter().map(|trust| trust.as_str());
    client_authentication = ClientAuthentication::ALL.iter().map(|method| method.as_str());
    response_mode = ResponseMode::ALL.iter().map(|mode| mode.as_str());
    userinfo_use = UserInfoUse::ALL.iter().map(|usage| usage.as_str());
    tenant_status = TENANT_STATUSES.map(TenantStatus::as_str);
    step_status = StepStatus::ALL.map(StepStatus::as_str);
    user_status = UserStatus::ALL.iter().map(|status| status.as_str());
    link_state = LinkState::ALL.iter().map(|state| state.as_str());
    sync_status = SyncStatus::ALL.iter().map(|status| status.as_str());
    sync_mode = WantedMode::ALL.iter().map(|mode| mode.as_str());
    ran_mode = SyncMode::ALL.iter().map(|mode| mode.as_str());
    sync_trigger = SyncTrigger::ALL.iter().map(|trigger| trigger.as_str());
    entry_object = EntryObject::ALL.iter().map(|object| object.as_str());
    attempt_kind = AttemptKind::ALL.iter().map(|kind| kind.as_str());
    attempt_outcome = AttemptOutcome::ALL.iter().map(|outcome| outcome.as_str());
    step_name = StepName::ALL.iter().map(|name| name.as_str());
    entry_action = EntryAction::ALL.iter().map(|action| action.as_str());
}

/// Numbers of objects by outcome.
fn counts<const N: usize>(names: [&str; N]) -> Object {
    let count = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).build();
    let all = names.into_iter().fold(ObjectBuilder::new().schema_type(Type::Object), |all, name| {
        all.property(name, count.clone()).required(name)
    });
    all.build()
}

pub(super) fn user_counts() -> Object {
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

pub(super) fn group_counts() -> Object {
    counts(["seen", "created", "updated", "unchanged", "removed", "failed"])
}

pub(super) fn membership_counts() -> Object {
    counts(["added", "removed"])
}

pub(super) fn omitted_counts() -> Object {
    counts(["failed", "skipped", "changed"])
}
