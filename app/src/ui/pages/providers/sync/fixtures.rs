//! What the tests of this folder have in common.

use uuid::Uuid;

use crate::domain::{
    id::{ProviderId, SyncLogId},
    sync::{
        GroupCounts, MembershipCounts, Omitted, SyncCursor, SyncLog, SyncMode, SyncStatus, SyncTrigger, UserCounts,
    },
    timestamp::Timestamp,
};

/// The log of a full run of 2 s that "ada" started.
pub(super) fn log(status: SyncStatus) -> SyncLog {
    SyncLog {
        id: SyncLogId(Uuid::nil()),
        provider: ProviderId(Uuid::nil()),
        tenant: None,
        status,
        mode: SyncMode::Full,
        trigger: SyncTrigger::Manual,
        by: "ada".to_owned(),
        dry_run: false,
        started_at: Timestamp(0),
        finished_at: (status != SyncStatus::Running).then_some(Timestamp(2_000_000)),
        users: UserCounts::default(),
        groups: GroupCounts::default(),
        memberships: MembershipCounts::default(),
        failure: None,
        warnings: Vec::new(),
        safeguard: None,
        server: None,
        cursor: SyncCursor::default(),
        entries_truncated: false,
        omitted: Omitted::default(),
    }
}
