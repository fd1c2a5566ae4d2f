//! Users that a run did not see.

use vestibule_app::domain::{
    provider::{LinkExisting, MissingUsers},
    sync::{
        EntryAction, EntryObject, Evidence, LinkState, NotJudged, SyncFailureCode, SyncMode, Verdict, judge_vanished,
    },
    timestamp::Timestamp,
    words::{agree, counted},
};

use super::{
    journal::{Draft, told},
    read::{SeenUser, fingerprint},
    run::{BATCH, End, Run, failed},
};
use crate::store::{
    Conn,
    directories::{self, StoredLink},
    syncs as rows, users,
};

impl Run {
    /// Judges users that were not seen, and deactivates or deletes them when nothing speaks against it. Called only after
    /// every page of the users arrived.
    pub(super) async fn judge_vanished(&mut self, mode: SyncMode) -> Result<(), End> {
        // Nothing can be said, so nobody is looked for.
        if mode == SyncMode::Delta {
            if self.options.confirmed_vanished.is_some() {
                self.journal.warn(
                    "Only changes were read, so that nobody was looked for who vanished, and the confirmation had no \
                     effect. Ask for everything to be read.",
                );
            }
            return Ok(());
        }
        if self.linked == 0 && self.journal.log.users.seen == 0 {
            self.journal.warn(
                "The directory answered no user at all. Look at search base, filter and the rights of the bind user.",
            );
        }
        let Some(evidence) = self.evidence else { return Ok(()) };
        match self.verdict(evidence) {
            Verdict::Keep(why) => match explain(why).filter(|_| evidence.vanished > 0) {
                Some(message) => Err(failed(SyncFailureCode::Safeguard, message)),
                None => Ok(()),
            },
            Verdict::Guard(safeguard) => {
                self.journal.log.safeguard = Some(safeguard);
                let message = format!(
                    "{} of {} {} not found, more than {}% (max_deactivation_percent), so nobody was {}. \
                     Look at search base and filter. If they are really gone, run it once more and confirm {}.",
                    safeguard.vanished,
                    counted(safeguard.linked, "user"),
                    agree(safeguard.vanished, "was", "were"),
                    safeguard.limit_percent,
                    self.kept_from(),
                    counted(safeguard.vanished, "user")
                );
                Err(failed(SyncFailureCode::Safeguard, message))
            }
            // What was judged are users whom other entries took over.
            Verdict::Apply { .. } if self.config.sync.missing_users == MissingUsers::Ignore => Ok(()),
            Verdict::Apply { safeguard, delete } => {
                let vanished = self.find_vanished().await?;
                self.journal.log.safeguard = Some(safeguard);
                for some in vanished.chunks(BATCH) {
                    self.patience.check()?;
                    self.remove(some, delete).await?;
                }
                Ok(())
            }
        }
    }

    /// Gathers what is known of users that were not seen, before any of them is taken over by another entry: those count
    /// as vanished too.
    pub(super) async fn gather_evidence(&mut self, mode: SyncMode, again: &[SeenUser]) -> Result<(), End> {
        if mode == SyncMode::Delta {
            return Ok(());
        }
        let vanished = match self.config.sync.missing_users {
            // Users who vanish are never marked as such here, so that their number says nothing of this run.
            MissingUsers::Ignore => self.count_takeovers(again).await?,
            MissingUsers::Deactivate | MissingUsers::Delete => self.find_vanished().await?.len() as u64,
        };
        self.evidence = Some(Evidence {
            mode,
            is_complete: true,
            seen: self.journal.log.users.seen + again.len() as u64,
            unidentified: self.unidentified,
            linked: self.linked,
            vanished,
            limit_percent: self.config.sync.max_deactivation_percent,
            confirmed: self.options.confirmed_vanished,
        });
        Ok(())
    }

    /// Whether users that were not seen count as gone, so that other entries may take them over.
    pub(super) fn are_vanished_judged(&self) -> bool {
        self.evidence.is_some_and(|evidence| matches!(self.verdict(evidence), Verdict::Apply { .. }))
    }

    fn verdict(&self, evidence: Evidence) -> Verdict {
        let policy = match self.config.sync.missing_users {
            // Taking users over needs the same care.
            MissingUsers::Ignore => MissingUsers::Deactivate,
            policy => policy,
        };
        judge_vanished(policy, evidence)
    }

    /// What the safeguard keeps users from.
    const fn kept_from(&self) -> &'static str {
        match (self.config.sync.missing_users, self.config.sync.link_existing) {
            (MissingUsers::Ignore, _) => "taken over by another entry",
            (_, LinkExisting::None) => "deactivated",
            (_, LinkExisting::Username | LinkExisting::Email) => "deactivated or taken over by another entry",
        }
    }

    /// Identifiers of entries that were there before and were not seen.
    async fn find_vanished(&self) -> Result<Vec<String>, End> {
        let mut vanished = Vec::new();
        let mut read = self.core.store.read_long().await?;
        let told = |id: String| {
            let id_print = fingerprint(&id);
            if !self.seen.contains(&id_print) && !self.gone.contains(&id_print) {
                vanished.push(id);
            }
        };
        directories::each_unvanished(&mut read.conn(), self.provider.id, told).await?;
        vanished.sort_unstable();
        Ok(vanished)
    }

    async fn remove(&mut self, ids: &[String], delete: bool) -> Result<(), End> {
        let now = self.core.clock.now();
        let mut draft = self.journal.draft();
        let mut tx = self.core.store.begin_long().await?;
        let conn = &mut tx.conn();
        self.hold(conn).await?;
        let gone: Vec<u128> = ids.iter().map(|id| fingerprint(id)).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut deleted = Vec::new();
        for link in directories::find_many(conn, self.provider.id, &ids).await? {
            if self.remove_one(conn, &link, delete, now, &mut draft).await? == EntryAction::Deleted {
                deleted.push(link.user.id);
            }
        }
        let mut left = Vec::new();
        if self.writes() && !deleted.is_empty() {
            // Memberships go with the users, and are counted where their groups are looked at.
            left = directories::count_members_among(conn, self.provider.id, &deleted).await?;
            for user in deleted {
                users::delete(conn, user).await?;
            }
        }
        if self.writes() {
            rows::set_members_stale(conn, self.provider.id, true).await?;
        }
        draft.write(conn).await?;
        tx.commit().await?;
        self.gone.extend(gone);
        for (group, count) in left {
            *self.left_with_users.entry(group).or_default() += count;
        }
        self.journal.adopt(draft);
        Ok(())
    }

    /// Deactivates a user, or answers that the user is to be deleted.
    async fn remove_one(
        &self,
        conn: &mut Conn<'_>,
        link: &StoredLink,
        delete: bool,
        now: Timestamp,
        draft: &mut Draft,
    ) -> Result<EntryAction, End> {
        let StoredLink { external_id, dn, content, user, .. } = link;
        let others = directories::others_of(conn, user.id, self.provider.id).await?;
        // A block must outlive the user's absence, and whom others know is not ours to delete.
        let is_ours = user.origin == Some(self.provider.id) && user.blocked.is_none() && others.any == 0;
        let action = if delete && is_ours { EntryAction::Deleted } else { EntryAction::Deactivated };
        if action == EntryAction::Deleted {
            draft.log.users.deleted += 1;
        } else {
            draft.log.users.deactivated += 1;
        }
        draft.note(told(EntryObject::User, action, external_id, dn, Some(&user.profile.username)));
        if !self.writes() || action == EntryAction::Deleted {
            return Ok(action);
        }
        let found = (dn.as_str(), content.as_str(), LinkState::Vanished);
        directories::update(conn, self.provider.id, external_id, found, now).await?;
        // Another directory that has the user switched on has its own say.
        if others.present == 0 {
            users::deactivate(conn, user.id, self.provider.id, now).await?;
        }
        Ok(action)
    }
}

/// Why users that were not seen stay, where that deserves attention.
const fn explain(why: NotJudged) -> Option<&'static str> {
    match why {
        NotJudged::Delta | NotJudged::Ignored | NotJudged::Incomplete => None,
        NotJudged::NothingSeen => Some(
            "The directory answered no entry at all, so nobody was deactivated. Look at search base, filter and the \
             rights of the bind user.",
        ),
        NotJudged::Unidentified => Some(
            "Entries without an identifier were seen, and users who were not found may be among them, so nobody was \
             deactivated or taken over. Let the bind user read the attribute that identifies entries.",
        ),
    }
}
