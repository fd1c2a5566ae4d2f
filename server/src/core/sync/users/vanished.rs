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
        entries::{SeenUser, fingerprint},
        error::RunError,
        journal::{LogDraft, log_entry},
        limits::BATCH,
    },
    sync::UserSync,
};
use crate::store::{
    Conn, StoreResult,
    directories::{self, StoredLink},
    syncs as rows, users,
};

impl UserSync<'_> {
    /// Gathers what is known of users that were not seen. Called before other entries take any of them over, since those
    /// count as vanished too.
    pub(super) async fn gather_evidence(&mut self, mode: SyncMode, deferred: &[SeenUser]) -> Result<(), RunError> {
        if mode == SyncMode::Delta {
            return Ok(());
        }
        let sync = &self.context.policy;
        let vanished = match sync.missing_users {
            // Users whose entry is missing stay linked, so that their number says nothing about this run.
            MissingUsers::Ignore => self.count_takeovers(deferred).await?,
            MissingUsers::Deactivate | MissingUsers::Delete => self.find_vanished().await?.len() as u64,
        };
        self.coverage.evidence = Some(Evidence {
            mode,
            is_complete: true,
            seen: self.journal.log.users.seen + deferred.len() as u64,
            unidentified: self.coverage.seen.unidentified,
            linked: self.coverage.linked,
            vanished,
            limit_percent: sync.max_deactivation_percent,
            confirmed: self.context.options.confirmed_vanished,
        });
        Ok(())
    }

    /// Deactivates or deletes users that were not seen, unless the safeguard keeps them. Called only after every page of
    /// users has arrived.
    pub(crate) async fn judge_vanished(&mut self, mode: SyncMode) -> Result<(), RunError> {
        if mode == SyncMode::Delta {
            if self.context.options.confirmed_vanished.is_some() {
                self.journal.warn(
                    "Only changes were read, so missing users were not checked and the confirmation was ignored. Run a \
                     full synchronisation.",
                );
            }
            return Ok(());
        }
        if self.coverage.linked == 0 && self.journal.log.users.seen == 0 {
            self.journal.warn(
                "The directory returned no users. Check the search base, the filter and the rights of the bind user.",
            );
        }
        let policy = self.context.policy.missing_users;
        match self.coverage.verdict(policy) {
            None => Ok(()),
            Some(Verdict::Keep(why)) => {
                let has_vanished = self.coverage.evidence.is_some_and(|evidence| evidence.vanished > 0);
                match explain_kept(why).filter(|_| has_vanished) {
                    Some(message) => Err(RunError::failed(SyncFailureCode::Safeguard, message)),
                    None => Ok(()),
                }
            }
            Some(Verdict::Guard(safeguard)) => {
                self.journal.log.safeguard = Some(safeguard);
                Err(RunError::failed(SyncFailureCode::Safeguard, self.explain_safeguard(safeguard)))
            }
            // The verdict was about users whom other entries take over.
            Some(Verdict::Apply { .. }) if policy == MissingUsers::Ignore => Ok(()),
            Some(Verdict::Apply { safeguard, delete }) => {
                let vanished = self.find_vanished().await?;
                self.journal.log.safeguard = Some(safeguard);
                for some in vanished.chunks(BATCH) {
                    self.context.limits.check()?;
                    self.remove_batch(some, delete).await?;
                }
                Ok(())
            }
        }
    }

    fn explain_safeguard(&self, safeguard: Safeguard) -> String {
        let sync = &self.context.policy;
        let kept_from = match (sync.missing_users, sync.link_existing) {
            (MissingUsers::Ignore, _) => "taken over by another entry",
            (_, LinkExisting::None) => "deactivated",
            (_, LinkExisting::Username | LinkExisting::Email) => "deactivated or taken over by another entry",
        };
        format!(
            "{} of {} {} not found, more than the deactivation limit of {}%, so no user was {kept_from}. \
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
    async fn find_vanished(&self) -> StoreResult<Vec<String>> {
        let mut vanished = Vec::new();
        let mut read = self.context.store.read_long().await?;
        let add_unseen = |id: String| {
            let fingerprint = fingerprint(&id);
            if !self.coverage.seen.contains(fingerprint) && !self.effects.is_detached(fingerprint) {
                vanished.push(id);
            }
        };
        directories::for_each_unvanished(&mut read.conn(), self.context.provider, add_unseen).await?;
        vanished.sort_unstable();
        Ok(vanished)
    }

    async fn remove_batch(&mut self, ids: &[String], delete: bool) -> Result<(), RunError> {
        let (context, provider) = (self.context, self.context.provider);
        let now = context.clock.now();
        let mut draft = self.journal.draft();
        let mut effects = GroupEffects::default();
        ids.iter().for_each(|id| effects.detach(id));
        let mut tx = context.begin().await?;
        let conn = &mut tx.conn();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut deleted = Vec::new();
        for link in directories::lock_links(conn, provider, &ids).await? {
            if self.remove_one(conn, &link, delete, now, &mut draft).await? == EntryAction::Deleted {
                deleted.push(link.user.id);
            }
        }
        if context.writes() && !deleted.is_empty() {
            // The database deletes memberships with their users, so the groups' losses are counted before.
            for (group, count) in directories::count_members_among(conn, provider, &deleted).await? {
                effects.count_deleted_members(group, count);
            }
            for user in deleted {
                users::delete(conn, user).await?;
            }
        }
        if context.writes() {
            rows::set_members_stale(conn, provider, true).await?;
        }
        draft.write(conn).await?;
        tx.commit().await?;
        self.effects.merge(effects);
        self.journal.adopt(draft);
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
        let provider = self.context.provider;
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
        if !self.context.writes() || action == EntryAction::Deleted {
            return Ok(action);
        }
        let found = (dn.as_str(), content.as_str(), LinkState::Vanished);
        directories::update_link(conn, provider, external_id, found, now).await?;
        // A user who is switched on in another directory stays active.
        if others.present == 0 {
            users::deactivate(conn, user.id, provider, now).await?;
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
