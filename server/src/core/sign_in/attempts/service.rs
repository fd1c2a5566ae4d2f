//! Shows attempts to administrators.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Permission},
        page::{Page, PageRequest},
        problem::ServiceError,
        sign_in::{AttemptDetail, AttemptFilter, AttemptOutcome, SignInAttempt},
        timestamp::Timestamp,
    },
    service::{ServiceResult, SignInAttempts},
};

use super::log::AttemptLog;
use crate::{
    clock::Clock,
    core::{
        batches::Batch,
        permission::{RowOwner, require, require_anywhere, require_somewhere},
        sign_in::lifetime::LIFETIME_SECONDS,
    },
    store::{
        Store, StoreResult,
        sign_in::attempts::{self as rows, RecordedAttempt},
    },
};

/// The noun of "not found".
const WHAT: &str = "sign-in";

/// Reads attempts, and removes those that are older than they are kept.
pub(crate) struct AttemptService {
    pub(in crate::core) store: Store,
    pub(in crate::core) clock: Arc<dyn Clock>,
    pub(in crate::core) log: AttemptLog,
    /// Days that attempts are kept; 0 keeps them forever.
    pub(in crate::core) retention_days: u32,
}

#[async_trait]
impl SignInAttempts for AttemptService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_attempt.list")]
    async fn list(
        &self,
        actor: &Actor,
        filter: &AttemptFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<SignInAttempt>> {
        require_anywhere(actor, Permission::ListSignIns)?;
        self.log.flush().await;
        let now = self.clock.now();
        let mut read = self.store.read().await?;
        let listed = rows::list(&mut read.conn(), &actor.reach(), filter, abandoned_before(now), page).await?;
        Ok(listed.map(|attempt| settled(attempt, now)))
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_attempt.get")]
    async fn get(&self, actor: &Actor, reference: &str) -> ServiceResult<AttemptDetail> {
        require_somewhere(actor, Permission::ViewSignIn)?;
        self.log.flush().await;
        let reference = reference.trim().to_ascii_uppercase();
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let found = rows::find(conn, &reference).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
        let RecordedAttempt { attempt, steps, claims } = found;
        let owned = RowOwner::load(conn, attempt.tenant).await?;
        require(actor, Permission::ViewSignIn, owned.owner(), WHAT)?;
        let may_see_users = actor.decide(Permission::ViewUsers, owned.owner()) == Decision::Allowed;
        let claims = claims.filter(|_| may_see_users).and_then(|sealed| self.log.open(&attempt.reference, &sealed));
        Ok(AttemptDetail { attempt: settled(attempt, self.clock.now()), steps, claims })
    }
}

impl AttemptService {
    /// Writes everything that was recorded before.
    pub(crate) async fn flush(&self) {
        self.log.flush().await;
    }

    /// Removes old attempts, in batches that do not keep others from writing.
    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in_attempt.purge")]
    pub(crate) async fn purge(&self) -> StoreResult<()> {
        if self.retention_days == 0 {
            return Ok(());
        }
        let before = self.clock.now().plus_seconds(-i64::from(self.retention_days) * 24 * 60 * 60);
        let mut batch = Batch::new();
        loop {
            let mut tx = self.store.begin_long().await?;
            let removed = rows::purge_before(&mut tx.conn(), before, batch.rows()).await?;
            tx.commit().await?;
            if !batch.goes_on(removed).await {
                return Ok(());
            }
        }
    }
}

/// Attempts that started before this moment and have not ended are abandoned.
fn abandoned_before(now: Timestamp) -> Timestamp {
    now.plus_seconds(-LIFETIME_SECONDS)
}

/// An attempt whose browser did not come back in time is abandoned; nothing writes that down.
fn settled(attempt: SignInAttempt, now: Timestamp) -> SignInAttempt {
    if attempt.outcome != AttemptOutcome::Started || attempt.started_at >= abandoned_before(now) {
        return attempt;
    }
    let ended_at = Some(attempt.started_at.plus_seconds(LIFETIME_SECONDS));
    SignInAttempt { outcome: AttemptOutcome::Abandoned, ended_at, ..attempt }
}
