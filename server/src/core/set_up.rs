//! The first run: a one-time link creates the first administrator.

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
    Core,
    random::{new_secret, sha256_hex},
};
use crate::store::{access::administrators, settings};

/// Under which name the link's hash is stored.
pub(super) const LINK: &str = "set_up_link";
/// How long the link holds, in seconds.
const LIFETIME: i64 = 60 * 60;

#[derive(Serialize, Deserialize)]
struct Link {
    hash: String,
    expires_at: Timestamp,
}

#[async_trait]
impl SetUp for Core {
    async fn is_open(&self) -> ServiceResult<bool> {
        let mut read = self.store.read().await?;
        Ok(administrators::count(&mut read.conn()).await? == 0)
    }

    async fn issue(&self) -> ServiceResult<Option<Secret>> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        if administrators::count(conn).await? > 0 {
            return Ok(None);
        }
        let secret = new_secret("");
        let link = Link { hash: sha256_hex(secret.expose()), expires_at: self.clock.now().plus_seconds(LIFETIME) };
        let link = serde_json::to_string(&link).map_err(|_| ServiceError::Internal)?;
        settings::set(conn, LINK, &link).await?;
        tx.commit().await?;
        Ok(Some(secret))
    }

    async fn complete(
        &self,
        actor: &Actor,
        link_secret: Secret,
        email: &str,
        password: Secret,
        user_agent: &str,
    ) -> ServiceResult<SessionStart> {
        // The link is checked before the costly hashing, and again in the transaction, where it is used up.
        self.check_link(&link_secret).await?;
        let new = NewAdministrator { email: email.to_owned(), password, grant: Grant::platform(Role::PlatformAdmin) };
        let prepared = self.prepare_administrator(new).await?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        // Takes the row, so that of two requests at once the second finds it gone.
        let taken = settings::get(conn, LINK).await?;
        if administrators::count(conn).await? > 0 || !settings::take(conn, LINK, taken.as_deref()).await? {
            return Err(void());
        }
        self.judge(taken.as_deref(), &link_secret)?;
        let administrator = self.insert_administrator(conn, actor, prepared).await?;
        let start = self.begin_session(conn, actor, administrator, user_agent).await?;
        tx.commit().await?;
        Ok(start)
    }
}

impl Core {
    async fn check_link(&self, secret: &Secret) -> ServiceResult<()> {
        let mut read = self.store.read().await?;
        let stored = settings::get(&mut read.conn(), LINK).await?;
        self.judge(stored.as_deref(), secret)
    }

    fn judge(&self, stored: Option<&str>, secret: &Secret) -> ServiceResult<()> {
        let link: Option<Link> = stored.and_then(|text| serde_json::from_str(text).ok());
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
