//! Users of tenants, whom synchronisations create. Nothing here changes what a directory says of a user.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, AuditObject, FieldChange},
        id::{IdentityLinkId, UserId},
        page::{Page, PageRequest},
        problem::{ProblemCode, ServiceError},
        sync::LinkState,
        timestamp::Timestamp,
        user::{Block, DirectoryLink, IdentityLink, Profile, User, UserDetail, UserFilter, UserSummary},
    },
    service::{ServiceResult, Users},
};

use super::{
    audit::{AuditEntry, record},
    permission::{RowOwner, require, require_anywhere, require_somewhere},
};
use crate::{
    clock::Clock,
    store::{
        Conn, Lock, Store, directories,
        sign_in::{links as identity_links, sessions},
        syncs, users as rows,
    },
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

    #[tracing::instrument(level = "debug", skip_all, name = "core.user.list_summaries")]
    async fn list_summaries(
        &self,
        actor: &Actor,
        filter: &UserFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<UserSummary>> {
        require_anywhere(actor, Permission::ViewUsers)?;
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let users = rows::list(conn, &actor.reach(), filter, page).await?;
        let names = rows::list_names(conn, &users.items).await?;
        Ok(users.map(|user| summary(user, &names)))
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.user.get")]
    async fn get(&self, actor: &Actor, id: UserId) -> ServiceResult<UserDetail> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let user = get_for(conn, actor, Permission::ViewUsers, id, Lock::None).await?;
        let mut links = directories::list_links_of_user(conn, id).await?;
        for link in &mut links {
            link.seen_at = seen_at(conn, link).await?;
        }
        let names = rows::list_names(conn, std::slice::from_ref(&user)).await?;
        Ok(UserDetail {
            tenant_name: names.tenant(&user),
            origin_name: names.origin(&user),
            links,
            groups: directories::list_mapped_groups(conn, id).await?,
            directory_groups: directories::list_groups_of_user(conn, id).await?,
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
        if is_blocked {
            sessions::delete_of_user(conn, id).await?;
        }
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
        let links = directories::list_links_of_user(conn, id).await?;
        if !links.iter().any(|link| link.state == LinkState::Present) {
            let message = "The user follows the directories, and none of them has the user enabled. Enable the user there, and \
                           synchronise.";
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

    #[tracing::instrument(level = "debug", skip_all, name = "core.user.list_identity_links")]
    async fn list_identity_links(&self, actor: &Actor, id: UserId) -> ServiceResult<Vec<IdentityLink>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        get_for(conn, actor, Permission::ViewUsers, id, Lock::None).await?;
        Ok(identity_links::list_of_user(conn, id).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.user.delete_identity_link")]
    async fn delete_identity_link(&self, actor: &Actor, id: UserId, link: IdentityLinkId) -> ServiceResult<()> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let user = get_for(conn, actor, Permission::ManageUsers, id, Lock::Exclusive).await?;
        let links = identity_links::list_of_user(conn, id).await?;
        let link = links.into_iter().find(|found| found.id == link);
        let link = link.ok_or_else(|| ServiceError::not_found("link"))?;
        identity_links::delete(conn, id, link.id).await?;
        sessions::delete_of_link(conn, id, link.provider).await?;
        let change = FieldChange { field: "identity_link".to_owned(), before: Some(link.provider_name), after: None };
        record(conn, actor, self.clock.now(), audit_entry(AuditAction::Unlinked, &user, vec![change])).await?;
        tx.commit().await?;
        Ok(())
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.user.delete")]
    async fn delete(&self, actor: &Actor, id: UserId) -> ServiceResult<()> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let user = get_for(conn, actor, Permission::ManageUsers, id, Lock::Exclusive).await?;
        if let Some(link) = directories::list_live_links_of_user(conn, id).await?.first() {
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

fn summary(user: User, names: &rows::UserNames) -> UserSummary {
    let (label, status) = (user.profile.label(), user.status());
    let (tenant_name, origin_name) = (names.tenant(&user), names.origin(&user));
    let User { id, profile: Profile { username, email, .. }, created_at, updated_at, .. } = user;
    UserSummary { id, username, label, email, status, tenant_name, origin_name, created_at, updated_at }
}

/// When a run last found the entry. Unchanged entries are not written again, so this is when the row was written, or
/// when the last complete run began if that is later.
async fn seen_at(conn: &mut Conn<'_>, link: &DirectoryLink) -> ServiceResult<Option<Timestamp>> {
    if link.state == LinkState::Vanished {
        return Ok(None);
    }
    let complete = syncs::find_last_complete(conn, link.provider).await?;
    Ok(complete.max(Some(link.updated_at)))
}

/// Gets a user and checks the permission. For callers it is hidden from it is "not found".
pub(super) async fn get_for(
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
