//! Users of tenants, whom synchronisations create. Nothing here changes what a directory says of a user.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, AuditObject, FieldChange},
        id::UserId,
        page::{Page, PageRequest},
        problem::{ProblemCode, ServiceError},
        sync::LinkState,
        timestamp::Timestamp,
        user::{Block, DirectoryLink, User, UserDetail, UserFilter, UserNames},
    },
    service::{ServiceResult, Users},
};

use super::{
    audit::{AuditEntry, record},
    permission::{RowOwner, VisibleTenants, require, require_anywhere, require_somewhere},
};
use crate::{
    clock::Clock,
    store::{Conn, Lock, Store, directories, syncs, users as rows},
};

/// The noun of "not found" and "changed meanwhile".
const WHAT: &str = "user";

/// Reads users, and blocks, reactivates and deletes them.
pub(super) struct UserService {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Users for UserService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.user.list")]
    async fn list(&self, actor: &Actor, filter: &UserFilter, page: PageRequest) -> ServiceResult<Page<User>> {
        require_anywhere(actor, Permission::ViewUsers)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), &actor.reach(), filter, page).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.user.list_names")]
    async fn names(&self, actor: &Actor, users: &[User]) -> ServiceResult<UserNames> {
        require_anywhere(actor, Permission::ViewUsers)?;
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        Ok(match within_reach(conn, actor, users).await? {
            visible if visible.len() == users.len() => rows::names(conn, users).await?,
            visible => rows::names(conn, &visible.into_iter().cloned().collect::<Vec<_>>()).await?,
        })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.user.get")]
    async fn get(&self, actor: &Actor, id: UserId) -> ServiceResult<UserDetail> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let user = get_for(conn, actor, Permission::ViewUsers, id, Lock::None).await?;
        let mut links = directories::links_of_user(conn, id).await?;
        for link in &mut links {
            link.seen_at = seen_at(conn, link).await?;
        }
        Ok(UserDetail {
            links,
            groups: directories::groups_of(conn, id).await?,
            directory_groups: directories::groups_of_user(conn, id).await?,
            user,
        })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.user.set_blocked")]
    async fn set_blocked(
        &self,
        actor: &Actor,
        id: UserId,
        is_blocked: bool,
        expected_version: Option<i64>,
    ) -> ServiceResult<User> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let mut user = get_for_change(conn, actor, id, expected_version).await?;
        if user.blocked.is_some() == is_blocked {
            return Ok(user);
        }
        let now = self.clock.now();
        user.blocked = is_blocked.then(|| Block { at: now, by: actor.name() });
        user.updated_at = Some(now);
        user.version += 1;
        rows::update_standing(conn, &user).await?;
        let action = if is_blocked { AuditAction::Blocked } else { AuditAction::Unblocked };
        record(conn, actor, now, audit_entry(action, &user, Vec::new())).await?;
        tx.commit().await?;
        Ok(user)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.user.reactivate")]
    async fn reactivate(&self, actor: &Actor, id: UserId, expected_version: Option<i64>) -> ServiceResult<User> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let mut user = get_for_change(conn, actor, id, expected_version).await?;
        if user.active {
            return Ok(user);
        }
        let links = directories::links_of_user(conn, id).await?;
        if !links.iter().any(|link| link.state == LinkState::Present) {
            let message = "No directory has the user switched on, and the user follows the directory. Switch the user on \
                           there, and synchronise.";
            return Err(ServiceError::invalid("active", ProblemCode::NotAllowed, message));
        }
        let now = self.clock.now();
        user.active = true;
        user.deactivated_by = None;
        user.updated_at = Some(now);
        user.version += 1;
        rows::update_standing(conn, &user).await?;
        record(conn, actor, now, audit_entry(AuditAction::Reactivated, &user, Vec::new())).await?;
        tx.commit().await?;
        Ok(user)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.user.delete")]
    async fn delete(&self, actor: &Actor, id: UserId) -> ServiceResult<()> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let user = get_for(conn, actor, Permission::ManageUsers, id, Lock::Exclusive).await?;
        if let Some(link) = directories::live_links_of(conn, id).await?.first() {
            let DirectoryLink { provider_name, .. } = link;
            let message = format!(
                "{provider_name} still has the user, so the next synchronisation would create the user again. Remove the \
                 user there first, or block the user."
            );
            return Err(ServiceError::invalid("user", ProblemCode::NotAllowed, message));
        }
        rows::delete(conn, id).await?;
        record(conn, actor, self.clock.now(), audit_entry(AuditAction::Deleted, &user, Vec::new())).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The users that the caller may see.
async fn within_reach<'a>(conn: &mut Conn<'_>, actor: &Actor, users: &'a [User]) -> ServiceResult<Vec<&'a User>> {
    let mut tenants = VisibleTenants::new(actor, Permission::ViewUsers);
    let mut visible = Vec::new();
    for user in users {
        if tenants.contains(conn, Some(user.tenant)).await? {
            visible.push(user);
        }
    }
    Ok(visible)
}

/// When a run last found the entry. Unchanged entries are not written again, so this is when the row was written, or
/// when the last complete run began if that is later.
async fn seen_at(conn: &mut Conn<'_>, link: &DirectoryLink) -> ServiceResult<Option<Timestamp>> {
    if link.state == LinkState::Vanished {
        return Ok(None);
    }
    let complete = syncs::last_complete(conn, link.provider).await?;
    Ok(complete.max(Some(link.updated_at)))
}

/// Gets a user and checks the permission. For callers it is hidden from it is "not found".
async fn get_for(
    conn: &mut Conn<'_>,
    actor: &Actor,
    permission: Permission,
    id: UserId,
    lock: Lock,
) -> ServiceResult<User> {
    require_somewhere(actor, permission)?;
    let user = rows::find(conn, id, lock).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
    let owned = RowOwner::load(conn, Some(user.tenant)).await?;
    require(actor, permission, owned.owner(), WHAT)?;
    Ok(user)
}

async fn get_for_change(
    conn: &mut Conn<'_>,
    actor: &Actor,
    id: UserId,
    expected_version: Option<i64>,
) -> ServiceResult<User> {
    let user = get_for(conn, actor, Permission::ManageUsers, id, Lock::Exclusive).await?;
    if expected_version.is_some_and(|version| version != user.version) {
        return Err(ServiceError::Conflict { what: WHAT.to_owned(), by: None });
    }
    Ok(user)
}

fn audit_entry(action: AuditAction, user: &User, changes: Vec<FieldChange>) -> AuditEntry<'_> {
    AuditEntry {
        action,
        object: AuditObject::User,
        id: user.id.to_string(),
        name: &user.profile.username,
        tenant: Some(user.tenant),
        changes,
    }
}
