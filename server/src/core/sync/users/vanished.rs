//! Users whose entry a full run did not see: whether they have vanished, and what happens to them then.
//!
//! Every doubt is decided for the user; `domain::sync::judge_vanished` says which doubts there are.

use vestibule_app::domain::{
    provider::{LinkExisting, MissingUsers},
    sync::{EntryAction, EntryObject, Evidence, LinkState, NotJudged, Safeguard, SyncFailureCode, SyncMode, Verdict},
    timestamp::Timestamp,
    words::{agree, counted},
};

use super::{
    super::{
        effects::GroupEffects,
        entries::fingerprint,
        error::RunError,
        held::HeldProvider,
        journal::{LogDraft, log_entry},
        limits::{BATCH, RunLimits},
    },
    coverage::Coverage,
    deferred::DeferredEntries,
    lookup::Lookup,
    record::UserRecord,
};
use crate::store::{
    Conn, StoreResult,
    directories::{self, StoredLink},
    sign_in::sessions,
    syncs as rows, users,
};

/// The settings that decide about users that were not seen.
#[derive(Clone, Copy)]
pub(super) struct VanishedRules {
    pub(super) missing_users: MissingUsers,
    pub(super) link_existing: LinkExisting,
    /// How many percent of the users may vanish.
    pub(super) limit_percent: u8,
    /// Up to how many an administrator has confirmed.
    pub(super) confirmed: Option<u64>,
}

pub(super) struct VanishedUsers<'a> {
    held: &'a HeldProvider,
    limits: &'a RunLimits,
    rules: VanishedRules,
}

impl<'a> VanishedUsers<'a> {
    pub(super) const fn new(held: &'a HeldProvider, limits: &'a RunLimits, rules: VanishedRules) -> Self {
        Self { held, limits, rules }
    }

    /// What a full run knows of users that were not seen. Called before other entries take any of them over, since those
    /// count as vanished too.
    pub(super) async fn gather_evidence(
        &self,
        coverage: &Coverage,
        record: &UserRecord<'_>,
        deferred: &DeferredEntries,
        lookup: Lookup<'_>,
    ) -> Result<Evidence, RunError> {
        let vanished = match self.rules.missing_users {
            // Users whose entry is missing stay linked, so that their number says nothing about this run.
            MissingUsers::Ignore => deferred.count_takeovers(lookup).await?,
            MissingUsers::Deactivate | MissingUsers::Delete => self.find(coverage, record).await?.len() as u64,
        };
        Ok(Evidence {
            mode: SyncMode::Full,
            is_complete: true,
            seen: record.seen() + deferred.count(),
            unidentified: coverage.unidentified(),
            linked: coverage.linked(),
            vanished,
            limit_percent: self.rules.limit_percent,
            confirmed: self.rules.confirmed,
        })
    }

    /// Deactivates or deletes users that were not seen, unless the safeguard keeps them. Called only after every page of
    /// users has arrived.
    pub(super) async fn judge(
        &self,
        coverage: &Coverage,
        record: &mut UserRecord<'_>,
        mode: SyncMode,
    ) -> Result<(), RunError> {
        if mode == SyncMode::Delta {
            if self.rules.confirmed.is_some() {
                record.warn(
                    "Only changes were read, so missing users were not checked and the confirmation was ignored. Run a \
                     full synchronisation.",
                );
            }
            return Ok(());
        }
        if coverage.linked() == 0 && record.seen() == 0 {
            record.warn(
                "The directory returned no users. Check the search base, the filter and the rights of the bind user.",
            );
        }
        let policy = self.rules.missing_users;
        match coverage.verdict(policy) {
            None => Ok(()),
            Some(Verdict::Keep(why)) => match explain_kept(why).filter(|_| coverage.has_vanished()) {
                Some(message) => Err(RunError::failed(SyncFailureCode::Safeguard, message)),
                None => Ok(()),
            },
            Some(Verdict::Guard(safeguard)) => {
                record.set_safeguard(safeguard);
                Err(RunError::failed(SyncFailureCode::Safeguard, self.explain_safeguard(safeguard)))
            }
            // The verdict was about users whom other entries take over.
            Some(Verdict::Apply { .. }) if policy == MissingUsers::Ignore => Ok(()),
            Some(Verdict::Apply { safeguard, delete }) => {
                let vanished = self.find(coverage, record).await?;
                record.set_safeguard(safeguard);
                for some in vanished.chunks(BATCH) {
                    self.limits.check()?;
                    self.remove_batch(record, some, delete).await?;
                }
                Ok(())
            }
        }
    }

    fn explain_safeguard(&self, safeguard: Safeguard) -> String {
        let kept_from = match (self.rules.missing_users, self.rules.link_existing) {
            (MissingUsers::Ignore, _) => "taken over by another entry",
            (_, LinkExisting::None) => "deactivated",
            (_, LinkExisting::Username | LinkExisting::Email) => "deactivated or taken over by another entry",
        };
        format!(
            "{} of {} {} not found, more than the “Deactivation limit” (max_deactivation_percent) of {}%, so no user was {kept_from}. \
             Check the search base and the filter. If they are gone, synchronise again and confirm that {} {} missing.",
            safeguard.vanished,
            counted(safeguard.linked, "user"),
            agree(safeguard.vanished, "was", "were"),
            safeguard.limit_percent,
            counted(safeguard.vanished, "user"),
            agree(safeguard.vanished, "is", "are")
        )
    }

    /// Identifiers of entries that were there before and were not seen.
    async fn find(&self, coverage: &Coverage, record: &UserRecord<'_>) -> StoreResult<Vec<String>> {
        let mut vanished = Vec::new();
        let mut read = self.held.read().await?;
        let add_unseen = |id: String| {
            let fingerprint = fingerprint(&id);
            if !coverage.contains(fingerprint) && !record.is_detached(fingerprint) {
                vanished.push(id);
            }
        };
        directories::for_each_unvanished(&mut read.conn(), self.held.provider(), add_unseen).await?;
        vanished.sort_unstable();
        Ok(vanished)
    }

    async fn remove_batch(&self, record: &mut UserRecord<'_>, ids: &[String], delete: bool) -> Result<(), RunError> {
        let (held, provider) = (self.held, self.held.provider());
        let now = held.now();
        let mut draft = record.draft();
        let mut effects = GroupEffects::default();
        ids.iter().for_each(|id| effects.detach(id));
        let mut tx = held.begin().await?;
        let conn = &mut tx.conn();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut deleted = Vec::new();
        for link in directories::lock_links(conn, provider, &ids).await? {
            if self.remove_one(conn, &link, delete, now, &mut draft).await? == EntryAction::Deleted {
                deleted.push(link.user.id);
            }
        }
        if held.writes() && !deleted.is_empty() {
            // The database deletes memberships with their users, so the groups' losses are counted before.
            for (group, count) in directories::count_members_among(conn, provider, &deleted).await? {
                effects.count_deleted_members(group, count);
            }
            for user in deleted {
                users::delete(conn, user).await?;
            }
        }
        if held.writes() {
            rows::set_members_stale(conn, provider, true).await?;
        }
        draft.write(conn).await?;
        tx.commit().await?;
        record.adopt(draft, effects);
        Ok(())
    }

    /// Deactivates a user, or returns that the user is to be deleted.
    async fn remove_one(
        &self,
        conn: &mut Conn<'_>,
        link: &StoredLink,
        delete: bool,
        now: Timestamp,
        draft: &mut LogDraft,
    ) -> StoreResult<EntryAction> {
        let StoredLink { external_id, dn, content, user, .. } = link;
        let provider = self.held.provider();
        let others = directories::count_others(conn, user.id, provider).await?;
        // A block has to outlive the user's absence, and users whom other directories know belong to those too.
        let may_delete = user.origin == Some(provider) && user.blocked.is_none() && others.any == 0;
        let action = if delete && may_delete { EntryAction::Deleted } else { EntryAction::Deactivated };
        if action == EntryAction::Deleted {
            draft.log.users.deleted += 1;
        } else {
            draft.log.users.deactivated += 1;
        }
        draft.add(log_entry(EntryObject::User, action, external_id, dn, Some(&user.profile.username)));
        if !self.held.writes() || action == EntryAction::Deleted {
            return Ok(action);
        }
        let found = (dn.as_str(), content.as_str(), LinkState::Vanished);
        directories::update_link(conn, provider, external_id, found, now).await?;
        // A user who is switched on in another directory stays active.
        if others.present == 0 {
            users::deactivate(conn, user.id, provider, now).await?;
            sessions::delete_of_user(conn, user.id).await?;
        }
        Ok(action)
    }
}

/// Why users that were not seen stay, where an administrator should know.
const fn explain_kept(why: NotJudged) -> Option<&'static str> {
    match why {
        NotJudged::Delta | NotJudged::Ignored | NotJudged::Incomplete => None,
        NotJudged::NothingSeen => Some(
            "The directory returned no entries, so no user was deactivated. Check the search base, the filter and the \
             rights of the bind user.",
        ),
        NotJudged::Unidentified => Some(
            "Entries without an identifier were seen, and users who were not found may be among them, so no user was \
             deactivated or taken over. Let the bind user read the attribute that identifies entries.",
        ),
    }
}
