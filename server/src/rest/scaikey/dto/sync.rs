//! Logs of synchronisations.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_app::domain::{
    id::TenantId,
    provider::LdapVendor,
    sync::{
        EntryAction, EntryCode, EntryObject, GroupCounts, MembershipCounts, Omitted, Safeguard, SyncCursor, SyncEntry,
        SyncFailureCode, SyncLog, SyncMode, SyncServer, SyncStatus, SyncTrigger, UserCounts,
    },
};

use super::super::{date::rfc3339, words};

/// A run as lists show it.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncLogSummary)]
pub(in crate::rest::scaikey) struct SyncSummary<'a> {
    id: String,
    idp_id: String,
    /// Null for a provider of the platform.
    #[schema(required)]
    tenant_id: Option<String>,
    #[schema(schema_with = words::sync_status)]
    status: SyncStatus,
    #[schema(schema_with = words::ran_mode)]
    mode: SyncMode,
    #[schema(schema_with = words::sync_trigger)]
    trigger: SyncTrigger,
    triggered_by: &'a str,
    dry_run: bool,
    #[schema(format = DateTime)]
    started_at: String,
    /// Null while it runs.
    #[schema(format = DateTime, required)]
    finished_at: Option<String>,
    #[schema(required, minimum = 0)]
    duration_ms: Option<u64>,
    #[schema(schema_with = words::user_counts)]
    users: UserCounts,
    #[schema(schema_with = words::group_counts)]
    groups: GroupCounts,
    #[schema(schema_with = words::membership_counts)]
    memberships: MembershipCounts,
    #[schema(value_type = Option<String>, required)]
    error_code: Option<SyncFailureCode>,
    #[schema(required)]
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

/// A run with its entries, warnings and server.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncLogDetail)]
pub(in crate::rest::scaikey) struct SyncDetail<'a> {
    #[serde(flatten)]
    summary: SyncSummary<'a>,
    entries: Vec<Entry<'a>>,
    entries_truncated: bool,
    /// How many entries there was no room for. Failures come before what was skipped, and that before changes.
    #[schema(schema_with = words::omitted_counts)]
    entries_omitted: Omitted,
    warnings: &'a [String],
    /// What the limit on vanished users decided, when it was checked.
    #[schema(value_type = Option<Object>, required)]
    safeguard: Option<Safeguard>,
    /// The server that answered.
    #[schema(required)]
    server: Option<Server<'a>>,
    /// From where changes were read, and from where the next run reads them.
    #[schema(value_type = Object)]
    cursor: &'a SyncCursor,
}

/// The server of a directory.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncServer)]
struct Server<'a> {
    url: &'a str,
    #[schema(value_type = Option<String>, required)]
    vendor: Option<LdapVendor>,
    #[schema(required)]
    product: Option<&'a str>,
    paged: bool,
}

/// What happened to an entry.
#[derive(Serialize, ToSchema)]
#[schema(as = SyncLogEntry)]
struct Entry<'a> {
    #[schema(required)]
    external_id: Option<&'a str>,
    dn: &'a str,
    #[schema(required)]
    username: Option<&'a str>,
    #[schema(schema_with = words::entry_object)]
    object: EntryObject,
    #[schema(schema_with = words::entry_action)]
    action: EntryAction,
    changed_fields: &'a [String],
    #[schema(value_type = Option<String>, required)]
    error_code: Option<EntryCode>,
    #[schema(required)]
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
            entries_omitted: log.omitted,
            warnings: &log.warnings,
            safeguard: log.safeguard,
            server,
            cursor: &log.cursor,
        }
    }
}

/// The last run, as its provider shows it.
#[derive(Serialize, ToSchema)]
pub(in crate::rest::scaikey) struct LastSync {
    id: String,
    #[schema(schema_with = words::sync_status)]
    status: SyncStatus,
    #[schema(format = DateTime, required)]
    finished_at: Option<String>,
}

impl LastSync {
    pub(super) fn of(log: &SyncLog) -> Self {
        Self { id: log.id.prefixed(), status: log.status, finished_at: log.finished_at.map(rfc3339) }
    }
}
