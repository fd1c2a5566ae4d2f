//! The first run: a one-time link creates the first administrator. There is no link once an administrator exists.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use vestibule_app::{
    domain::{
        actor::{Actor, Grant, Role},
        administrator::NewAdministrator,
        problem::{ProblemCode, ServiceError},
        secret::Secret,
        timestamp::Timestamp,
    },
    service::{ServiceResult, SessionStart, SetUp},
};

use super::{
    administrators::{self, SET_UP_LINK},
    passwords::Passwords,
    random::{new_secret, sha256_hex},
    sessions,
};
use crate::{
    clock::Clock,
    store::{Store, access::administrators as administrator_rows, settings},
};

/// How long the link is valid, in seconds.
const LIFETIME: i64 = 60 * 60;

#[derive(Serialize, Deserialize)]
struct SetUpLink {
    hash: String,
    expires_at: Timestamp,
}

/// Issues the one-time link and creates the first administrator with it.
pub(super) struct SetUpService {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) passwords: Passwords,
}

#[async_trait]
impl SetUp for SetUpService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.set_up.is_open")]
    async fn is_open(&self) -> ServiceResult<bool> {
        let mut read = self.store.read().await?;
        Ok(administrator_rows::count(&mut read.conn()).await? == 0)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.set_up.issue")]
    async fn issue(&self) -> ServiceResult<Option<Secret>> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        if administrator_rows::count(conn).await? > 0 {
            return Ok(None);
        }
        let secret = new_secret("");
        let link = SetUpLink { hash: sha256_hex(secret.expose()), expires_at: self.clock.now().plus_seconds(LIFETIME) };
        let link = serde_json::to_string(&link).map_err(|_| ServiceError::Internal)?;
        settings::set(conn, SET_UP_LINK, &link).await?;
        tx.commit().await?;
        Ok(Some(secret))
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.set_up.complete")]
    async fn complete(
        &self,
        actor: &Actor,
        link_secret: Secret,
        email: &str,
        password: Secret,
        user_agent: &str,
    ) -> ServiceResult<SessionStart> {
        // The link is checked before the expensive hash, and again in the transaction that uses it up.
        self.check_link(&link_secret).await?;
        let new = NewAdministrator { email: email.to_owned(), password, grant: Grant::platform(Role::PlatformAdmin) };
        let prepared = administrators::prepare(&self.passwords, new).await?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        // Deletes the row, so that the second of two concurrent requests does not find it.
        let taken = settings::get(conn, SET_UP_LINK).await?;
        if administrator_rows::count(conn).await? > 0 || !settings::take(conn, SET_UP_LINK, taken.as_deref()).await? {
            return Err(void());
        }
        let now = self.clock.now();
        self.judge(taken.as_deref(), &link_secret)?;
        let administrator = administrators::insert(conn, actor, now, prepared).await?;
        let start = sessions::begin(conn, actor, now, administrator, user_agent).await?;
        tx.commit().await?;
        Ok(start)
    }
}

impl SetUpService {
    async fn check_link(&self, secret: &Secret) -> ServiceResult<()> {
        let mut read = self.store.read().await?;
        let stored = settings::get(&mut read.conn(), SET_UP_LINK).await?;
        self.judge(stored.as_deref(), secret)
    }

    fn judge(&self, stored: Option<&str>, secret: &Secret) -> ServiceResult<()> {
        let link: Option<SetUpLink> = stored.and_then(|text| serde_json::from_str(text).ok());
        let holds =
            link.is_some_and(|link| link.hash == sha256_hex(secret.expose()) && self.clock.now() < link.expires_at);
        if holds { Ok(()) } else { Err(void()) }
    }
}

fn void() -> ServiceError {
    let message = "This set-up link is used up, too old or was replaced by a newer one. Restart the server to get a new \
                   one, or run `vestibule admin create`.";
    ServiceError::invalid("link_secret", ProblemCode::NotAllowed, message)
}
