//! Portal sessions: signing in and out with a password, and resuming a session by its cookie.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Identity},
        administrator::{Administrator, check_password, normalise_email},
        audit::{AuditAction, AuditObject},
        id::{AdministratorId, SessionId},
        problem::{ProblemCode, ServiceError},
        secret::Secret,
        session::{ABSOLUTE_SECONDS, IDLE_SECONDS, SessionSummary},
        timestamp::Timestamp,
    },
    service::{ServiceResult, SessionStart, Sessions},
};

use super::{
    attempts::{self, Subjects},
    audit::{AuditEntry, record},
    new_uuid,
    passwords::Passwords,
    random::{new_secret, sha256_hex},
    touch::touch,
};
use crate::{
    clock::Clock,
    store::{
        Conn, Store, StoreResult,
        access::{
            administrators,
            sessions::{self as rows, StoredSession},
        },
    },
};

/// How often the last use of a session is stored, in seconds.
const TOUCH_EVERY: i64 = 60;
/// The longest user agent that is stored, in characters.
const MAX_USER_AGENT: usize = 200;

/// Signs administrators in and out, and resumes their sessions.
pub(crate) struct SessionService {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) passwords: Passwords,
}

#[async_trait]
impl Sessions for SessionService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.session.sign_in")]
    async fn sign_in(
        &self,
        actor: &Actor,
        email: &str,
        password: Secret,
        user_agent: &str,
    ) -> ServiceResult<SessionStart> {
        let Ok(email) = normalise_email(email) else { return Err(wrong_credentials()) };
        let subjects = Subjects::new(&email, actor.address);
        let found = {
            let mut tx = self.store.begin().await?;
            let conn = &mut tx.conn();
            let wait = subjects.admit(conn, self.clock.now()).await?;
            let found = administrators::find_by_email(conn, &email).await?;
            tx.commit().await?;
            if let Some(retry_after_seconds) = wait {
                return Err(ServiceError::TooManyRequests { retry_after_seconds });
            }
            found
        };
        let hash = found.as_ref().map(|stored| stored.password_hash.clone());
        let is_right = self.passwords.verify(password, hash).await?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let now = self.clock.now();
        let Some(administrator) = found.map(|stored| stored.administrator).filter(|_| is_right) else {
            // Users type passwords into the field of the address by mistake, so the address is not logged.
            let entry = AuditEntry {
                action: AuditAction::SignInFailed,
                object: AuditObject::Session,
                id: String::new(),
                name: "portal",
                tenant: None,
                changes: Vec::new(),
            };
            record(conn, actor, now, entry).await?;
            tx.commit().await?;
            return Err(wrong_credentials());
        };
        subjects.succeeded(conn).await?;
        // The browser replaces the cookie of its earlier session, which could not be ended from there any more.
        if let Identity::Administrator { id, session, .. } = actor.identity
            && rows::delete(conn, id, session).await?
        {
            record(conn, actor, now, audit_entry(AuditAction::SignedOut, session, &actor.name())).await?;
        }
        let start = begin(conn, actor, now, administrator, user_agent).await?;
        tx.commit().await?;
        Ok(start)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.session.resume")]
    async fn resume(&self, cookie: &str) -> ServiceResult<Option<(SessionId, Administrator)>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let Some(session) = rows::find_by_hash(conn, &sha256_hex(cookie)).await? else { return Ok(None) };
        let now = self.clock.now();
        if is_over(&session, now) {
            return Ok(None);
        }
        let Some(stored) = administrators::find(conn, session.administrator).await? else { return Ok(None) };
        drop(read);
        if session.last_seen_at > now.latest_elsewhere() || now.elapsed_since(session.last_seen_at) >= TOUCH_EVERY {
            touch(async {
                let mut tx = self.store.begin().await?;
                rows::touch(&mut tx.conn(), session.id, now, now.plus_seconds(ABSOLUTE_SECONDS)).await?;
                tx.commit().await
            })
            .await?;
        }
        Ok(Some((session.id, stored.administrator)))
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.session.sign_out")]
    async fn sign_out(&self, actor: &Actor) -> ServiceResult<()> {
        let (id, session) = own_session(actor)?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        rows::delete(conn, id, session).await?;
        record(conn, actor, self.clock.now(), audit_entry(AuditAction::SignedOut, session, &actor.name())).await?;
        tx.commit().await?;
        Ok(())
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.session.list")]
    async fn list(&self, actor: &Actor) -> ServiceResult<Vec<SessionSummary>> {
        let (id, current) = own_session(actor)?;
        let mut read = self.store.read().await?;
        let stored = rows::list(&mut read.conn(), id).await?;
        let now = self.clock.now();
        let alive = stored.into_iter().filter(|session| !is_over(session, now));
        let summary = |session: StoredSession| SessionSummary {
            id: session.id,
            is_current: session.id == current,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            address: session.address,
            user_agent: session.user_agent,
        };
        Ok(alive.map(summary).collect())
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.session.revoke")]
    async fn revoke(&self, actor: &Actor, id: SessionId) -> ServiceResult<()> {
        let (administrator, _) = own_session(actor)?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        if !rows::delete(conn, administrator, id).await? {
            return Err(ServiceError::not_found("session"));
        }
        record(conn, actor, self.clock.now(), audit_entry(AuditAction::Revoked, id, &actor.name())).await?;
        tx.commit().await?;
        Ok(())
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.session.change_password")]
    async fn change_password(
        &self,
        actor: &Actor,
        current: Secret,
        new: Secret,
        user_agent: &str,
    ) -> ServiceResult<SessionStart> {
        let (id, _) = own_session(actor)?;
        if let Some(problem) = check_password(new.expose()) {
            return Err(ServiceError::Invalid { problems: vec![problem] });
        }
        let stored = self.get_for_password_check(actor, id).await?;
        if !self.passwords.verify(current, Some(stored.password_hash)).await? {
            let message = "This is not your current password.";
            return Err(ServiceError::invalid("current", ProblemCode::NotAllowed, message));
        }
        let hash = self.passwords.hash(new).await?;
        let administrator = stored.administrator;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        Subjects::new(&administrator.email, actor.address).succeeded(conn).await?;
        administrators::set_password(conn, id, &hash).await?;
        rows::delete_all(conn, id).await?;
        let changed = AuditEntry {
            action: AuditAction::PasswordChanged,
            object: AuditObject::Administrator,
            id: id.to_string(),
            name: &administrator.email,
            tenant: None,
            changes: Vec::new(),
        };
        record(conn, actor, self.clock.now(), changed).await?;
        let start = begin(conn, actor, self.clock.now(), administrator.clone(), user_agent).await?;
        tx.commit().await?;
        Ok(start)
    }
}

impl SessionService {
    /// Guessing the current password in a stolen session waits as signing in does.
    async fn get_for_password_check(
        &self,
        actor: &Actor,
        id: AdministratorId,
    ) -> ServiceResult<administrators::StoredAdministrator> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let stored = administrators::find(conn, id).await?.ok_or(ServiceError::Unauthenticated)?;
        let subjects = Subjects::new(&stored.administrator.email, actor.address);
        let wait = subjects.admit(conn, self.clock.now()).await?;
        tx.commit().await?;
        match wait {
            Some(retry_after_seconds) => Err(ServiceError::TooManyRequests { retry_after_seconds }),
            None => Ok(stored),
        }
    }

    /// Removes expired sessions and counters.
    #[tracing::instrument(level = "debug", skip_all, name = "core.session.purge")]
    pub(crate) async fn purge(&self) -> StoreResult<()> {
        let now: Timestamp = self.clock.now();
        // Signing in changes counters before sessions, so one transaction for both could deadlock with it.
        let mut tx = self.store.begin_long().await?;
        let conn = &mut tx.conn();
        rows::bring_back(conn, now, now.plus_seconds(ABSOLUTE_SECONDS)).await?;
        rows::purge(conn, now, now.plus_seconds(-IDLE_SECONDS)).await?;
        tx.commit().await?;
        let mut tx = self.store.begin_long().await?;
        attempts::purge(&mut tx.conn(), now).await?;
        tx.commit().await
    }
}

/// Begins a session under a new random cookie.
pub(super) async fn begin(
    conn: &mut Conn<'_>,
    actor: &Actor,
    now: Timestamp,
    administrator: Administrator,
    user_agent: &str,
) -> StoreResult<SessionStart> {
    let cookie = new_secret("");
    let session = StoredSession {
        id: SessionId(new_uuid()),
        hash: sha256_hex(cookie.expose()),
        administrator: administrator.id,
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus_seconds(ABSOLUTE_SECONDS),
        address: actor.address.map(|address| address.to_string()),
        user_agent: user_agent.chars().take(MAX_USER_AGENT).collect(),
    };
    rows::insert(conn, &session).await?;
    administrators::touch(conn, administrator.id, now).await?;
    let signed_in = Actor {
        identity: Identity::Administrator {
            id: administrator.id,
            email: administrator.email.clone(),
            session: session.id,
        },
        grant: Some(administrator.grant.clone()),
        address: actor.address,
    };
    record(conn, &signed_in, now, audit_entry(AuditAction::SignedIn, session.id, &administrator.email)).await?;
    Ok(SessionStart { cookie, administrator })
}

/// Whether a session has expired.
fn is_over(session: &StoredSession, now: Timestamp) -> bool {
    now >= session.expires_at || now.elapsed_since(session.last_seen_at) >= IDLE_SECONDS
}

/// The administrator and the session of a caller who signed in to the portal.
fn own_session(actor: &Actor) -> ServiceResult<(AdministratorId, SessionId)> {
    match actor.identity {
        Identity::Administrator { id, session, .. } => Ok((id, session)),
        Identity::Anonymous => Err(ServiceError::Unauthenticated),
        Identity::Token { .. } | Identity::Subject { .. } | Identity::Host { .. } | Identity::Operator => {
            Err(ServiceError::Forbidden)
        }
    }
}

fn audit_entry(action: AuditAction, session: SessionId, name: &str) -> AuditEntry<'_> {
    AuditEntry {
        action,
        object: AuditObject::Session,
        id: session.to_string(),
        name,
        tenant: None,
        changes: Vec::new(),
    }
}

/// The same for a wrong address and a wrong password, so that it does not reveal which addresses exist.
fn wrong_credentials() -> ServiceError {
    ServiceError::invalid("password", ProblemCode::NotAllowed, "Email address or password is wrong.")
}
