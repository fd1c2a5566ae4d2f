//! Sessions of users who signed in.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        id::{ProviderId, TenantId, UserId, UserSessionId},
        secret::Secret,
        sign_in::AuthenticatedSubject,
        timestamp::Timestamp,
    },
    service::{ServiceResult, SignInCallback, SignedInUser},
};

use crate::{
    clock::Clock,
    core::{
        batches::Batch,
        new_uuid,
        random::{new_secret, sha256_hex},
        touch::touch,
    },
    store::{
        Conn, Lock, Store, StoreResult,
        sign_in::{
            serving,
            sessions::{self as rows, FoundSession, NewSession},
        },
        users,
    },
};

/// The longest user agent that is stored, in characters.
const MAX_USER_AGENT: usize = 200;

/// How long sessions of users last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionLifetimes {
    /// Seconds without a request.
    pub(crate) idle: i64,
    /// Seconds in any case, from the sign-in.
    pub(crate) absolute: i64,
}

impl Default for SessionLifetimes {
    fn default() -> Self {
        Self { idle: 8 * 60 * 60, absolute: 24 * 60 * 60 }
    }
}

impl SessionLifetimes {
    /// How often the last use of a session is stored, in seconds: once in a minute, and often enough for short ones.
    fn touch_every(self) -> i64 {
        (self.idle / 4).clamp(1, 60)
    }

    /// The last use of sessions that have just ended because they are idle.
    pub(in crate::core) fn idle_since(self, now: Timestamp) -> Timestamp {
        now.plus_seconds(-self.idle)
    }
}

/// Begins, resumes and ends sessions of users.
#[derive(Clone)]
pub(super) struct UserSessions {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) lifetimes: SessionLifetimes,
}

impl UserSessions {
    /// Begins a session under a new random cookie, in the transaction that decides who the person is.
    pub(super) async fn begin(
        &self,
        conn: &mut Conn<'_>,
        user: UserId,
        provider: ProviderId,
        subject: &AuthenticatedSubject,
        callback: &SignInCallback,
    ) -> StoreResult<Secret> {
        let cookie = new_secret("");
        let now = self.clock.now();
        let session = NewSession {
            id: UserSessionId(new_uuid()),
            hash: sha256_hex(cookie.expose()),
            user,
            provider,
            provider_session: subject.session.clone(),
            created_at: now,
            expires_at: now.plus_seconds(self.lifetimes.absolute),
            address: callback.address.map(|address| address.to_string()),
            user_agent: callback.user_agent.chars().take(MAX_USER_AGENT).collect(),
        };
        rows::insert(conn, &session).await?;
        Ok(cookie)
    }

    pub(super) async fn resume(&self, cookie: &str) -> ServiceResult<Option<SignedInUser>> {
        let Some((session, user)) = self.find(cookie).await? else { return Ok(None) };
        let now = self.clock.now();
        let elapsed = now.elapsed_since(session.last_seen_at);
        if session.last_seen_at > now.latest_elsewhere() || elapsed >= self.lifetimes.touch_every() {
            touch(async {
                let mut tx = self.store.begin().await?;
                rows::touch(&mut tx.conn(), session.id, now).await?;
                tx.commit().await
            })
            .await?;
        }
        Ok(Some(user))
    }

    /// A session that has not ended, and its user.
    async fn find(&self, cookie: &str) -> ServiceResult<Option<(FoundSession, SignedInUser)>> {
        let now = self.clock.now();
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let Some(session) = rows::find_by_hash(conn, &sha256_hex(cookie)).await? else { return Ok(None) };
        if now >= session.expires_at || session.last_seen_at <= self.lifetimes.idle_since(now) {
            return Ok(None);
        }
        let user = users::find(conn, session.user, Lock::None).await?.filter(|user| user.may_sign_in());
        let Some(user) = user else { return Ok(None) };
        let tenant_slug = serving::find_served(conn, user.tenant, session.provider).await?;
        let Some(tenant_slug) = tenant_slug else { return Ok(None) };
        let (tenant, provider) = (user.tenant, session.provider);
        let user = SignedInUser { session: session.id, user, tenant, tenant_slug, provider };
        Ok(Some((session, user)))
    }

    /// The tenant of a session that has not ended. It does not count as a use.
    pub(super) async fn find_tenant(&self, cookie: &str) -> ServiceResult<Option<TenantId>> {
        Ok(self.find(cookie).await?.map(|(_, user)| user.tenant))
    }

    pub(super) async fn end(&self, cookie: &str) -> ServiceResult<()> {
        let mut tx = self.store.begin().await?;
        rows::delete_by_hash(&mut tx.conn(), &sha256_hex(cookie)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes sessions that have ended, in batches.
    pub(super) async fn purge(&self) -> StoreResult<()> {
        let now = self.clock.now();
        let idle_since = self.lifetimes.idle_since(now);
        let mut batch = Batch::new();
        loop {
            let mut tx = self.store.begin_long().await?;
            let removed = rows::purge(&mut tx.conn(), now, idle_since, batch.rows()).await?;
            tx.commit().await?;
            if !batch.goes_on(removed).await {
                return Ok(());
            }
        }
    }
}
