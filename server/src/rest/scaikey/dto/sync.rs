//! What is told of synchronisations.

use serde::Serialize;
use vestibule_app::domain::{
    id::TenantId,
    provider::LdapVendor,
    sync::{
        EntryAction, EntryCode, EntryObject, GroupCounts, MembershipCounts, Safeguard, SyncCursor, SyncEntry,
        SyncFailureCode, SyncLog, SyncMode, SyncServer, SyncStatus, SyncTrigger, UserCounts,
    },
};

use super::super::date::rfc3339;

/// A run as lists show it.
#[derive(Serialize)]
pub(in crate::rest::scaikey) struct SyncSummary<'a> {
    id: String,
    idp_id: String,
    tenant_id: Option<String>,
    status: SyncStatus,
    mode: SyncMode,
    trigger: SyncTrigger,
    triggered_by: &'a str,
    dry_run: bool,
    started_at: String,
    finished_at: Option<String>,
    duration_ms: Option<u64>,
    users: UserCounts,
    groups: GroupCounts,
    memberships: MembershipCounts,
    error_code: Option<SyncFailureCode>,
    error_message: Option<&'a str>,
}

impl<'a> SyncSummary<'a> {
    pub(in crate::rest::scaikey) fn of(log: &'a SyncLog) -> Self {
        Self {
            id: log.id.prefixed(),
            idp_id: log.provider.prefixed(),
            tenant_id: log.tenant.map(TenantId::prefixed),
            status: log.status,
            mode: log.mode,
            trigger: log.trigger,
            triggered_by: &log.by,
            dry_run: log.dry_run,
            started_at: rfc3339(log.started_at),
            finished_at: log.finished_at.map(rfc3339),
            duration_ms: log.duration_ms(),
            users: log.users,
            groups: log.groups,
            memberships: log.memberships,
            error_code: log.failure.as_ref().map(|failure| failure.code),
            error_message: log.failure.as_ref().map(|failure| failure.message.as_str()),
        }
    }
}

/// A run with everything that is told of it.
#[derive(Serialize)]
pub(in crate::rest::scaikey) struct SyncDetail<'a> {
    #[serde(flatten)]
    summary: SyncSummary<'a>,
    entries: Vec<Entry<'a>>,
    entries_truncated: bool,
    warnings: &'a [String],
    safeguard: Option<Safeguard>,
    server: Option<Server<'a>>,
    cursor: &'a SyncCursor,
}

#[derive(Serialize)]
struct Server<'a> {
    url: &'a str,
    vendor: Option<LdapVendor>,
    product: Option<&'a str>,
    paged: bool,
}

#[derive(Serialize)]
struct Entry<'a> {
    external_id: Option<&'a str>,
    dn: &'a str,
    username: Option<&'a str>,
    object: EntryObject,
    action: EntryAction,
    changed_fields: &'a [String],
    error_code: Option<EntryCode>,
    message: Option<&'a str>,
}

impl<'a> SyncDetail<'a> {
    pub(in crate::rest::scaikey) fn of(log: &'a SyncLog, entries: &'a [SyncEntry]) -> Self {
        let server = log.server.as_ref().map(|server| {
            let SyncServer { url, vendor, product, paged } = server;
            Server { url, vendor: *vendor, product: product.as_deref(), paged: *paged }
        });
        let entry = |entry: &'a SyncEntry| {
            let SyncEntry { external_id, dn, username, object, action, changed_fields, code, message } = entry;
            Entry {
                external_id: external_id.as_deref(),
                dn,
                username: username.as_deref(),
                object: *object,
                action: *action,
                changed_fields,
                error_code: *code,
                message: message.as_deref(),
            }
        };
        Self {
            summary: SyncSummary::of(log),
            entries: entries.iter().map(entry).collect(),
            entries_truncated: log.entries_truncated,
            warnings: &log.warnings,
            safeguard: log.safeguard,
            server,
            cursor: &log.cursor,
        }
    }
}

/// The last run, as its provider shows it.
#[derive(Serialize)]
pub(in crate::rest::scaikey) struct LastSync {
    id: String,
    status: SyncStatus,
    finished_at: Option<String>,
}

impl LastSync {
    pub(super) fn of(log: &SyncLog) -> Self {
        Self { id: log.id.prefixed(), status: log.status, finished_at: log.finished_at.map(rfc3339) }
    }
}
