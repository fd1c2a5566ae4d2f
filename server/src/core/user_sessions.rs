//! The sessions of users, for administrators. How sessions begin and end by themselves is in [`super::sign_in`].

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, AuditObject},
        id::{UserId, UserSessionId},
        problem::ServiceError,
        session::UserSession,
        user::User,
    },
    service::{ServiceResult, UserSessions},
};

use super::{
    audit::{AuditEntry, record},
    permission::require_somewhere,
    sign_in::SessionLifetimes,
    users::get_for,
};
use crate::{
    clock::Clock,
    store::{Lock, Store, sign_in::sessions as rows},
};

/// The noun of "not found".
const WHAT: &str = "session";

/// Lists and revokes the sessions of users.
pub(super) struct UserSessionService {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) lifetimes: SessionLifetimes,
}

#[async_trait]
impl UserSessions for UserSessionService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.user_session.list")]
    async fn list(&self, actor: &Actor, user: UserId) -> ServiceResult<Vec<UserSession>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        get_for(conn, actor, Permission::ViewUsers, user, Lock::None).await?;
        let now = self.clock.now();
        Ok(rows::list_of_user(conn, user, now, self.lifetimes.idle_since(now)).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.user_session.revoke")]
    async fn revoke(&self, actor: &Actor, session: UserSessionId) -> ServiceResult<()> {
        require_somewhere(actor, Permission::ManageUsers)?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let user = rows::find_user(conn, session).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
        let user = get_for(conn, actor, Permission::ManageUsers, user, Lock::Exclusive).await.map_err(|error| {
            // A session of a user whom the caller may not see is no more there than the user.
            if matches!(error, ServiceError::NotFound { .. }) { ServiceError::not_found(WHAT) } else { error }
        })?;
        if !rows::delete(conn, session).await? {
            return Err(ServiceError::not_found(WHAT));
        }
        record(conn, actor, self.clock.now(), revoked(session, &user)).await?;
        tx.commit().await?;
        Ok(())
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.user_session.revoke_all")]
    async fn revoke_all(&self, actor: &Actor, user: UserId) -> ServiceResult<u64> {
        require_somewhere(actor, Permission::ManageUsers)?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let user = get_for(conn, actor, Permission::ManageUsers, user, Lock::Exclusive).await?;
        let now = self.clock.now();
        let mut ended = 0;
        for session in rows::list_of_user(conn, user.id, now, self.lifetimes.idle_since(now)).await? {
            if rows::delete(conn, session.id).await? {
                record(conn, actor, now, revoked(session.id, &user)).await?;
                ended += 1;
            }
        }
        tx.commit().await?;
        Ok(ended)
    }
}

fn revoked(session: UserSessionId, user: &User) -> AuditEntry<'_> {
    AuditEntry {
        action: AuditAction::Revoked,
        object: AuditObject::Session,
        id: session.to_string(),
        name: &user.profile.username,
        tenant: Some(user.tenant),
        changes: Vec::new(),
    }
}
