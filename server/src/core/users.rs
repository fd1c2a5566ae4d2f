//! Users of tenants, as directories make them known.

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
    Core, OwnedBy,
    audit::{Happening, record},
    require, require_anywhere, require_somewhere,
};
use crate::store::{Conn, Lock, directories, syncs, users as rows};

/// The noun of "not found" and "changed meanwhile".
const WHAT: &str = "user";

#[async_trait]
impl Users for Core {
    async fn list(&self, actor: &Actor, filter: &UserFilter, page: PageRequest) -> ServiceResult<Page<User>> {
        require_anywhere(actor, Permission::ViewUsers)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), &actor.reach(), filter, page).await?)
    }

    async fn names(&self, users: &[User]) -> ServiceResult<UserNames> {
        let mut read = self.store.read().await?;
        Ok(rows::names(&mut read.conn(), users).await?)
    }

    async fn get(&self, actor: &Actor, id: UserId) -> ServiceResult<UserDetail> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let user = find_for(conn, actor, Permission::ViewUsers, id, Lock::None).await?;
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

    async fn set_blocked(
        &self,
        actor: &Actor,
        id: UserId,
        is_blocked: bool,
        expected_version: Option<i64>,
    ) -> ServiceResult<User> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let mut user = find_for_change(conn, actor, id, expected_version).await?;
        if user.blocked.is_some() == is_blocked {
            return Ok(user);
        }
        let now = self.clock.now();
        user.blocked = is_blocked.then(|| Block { at: now, by: actor.name() });
        user.updated_at = Some(now);
        user.version += 1;
        rows::update_standing(conn, &user).await?;
        let action = if is_blocked { AuditAction::Blocked } else { AuditAction::Unblocked };
        record(conn, actor, now, happening(action, &user, Vec::new())).await?;
        tx.commit().await?;
        Ok(user)
    }

    async fn reactivate(&self, actor: &Actor, id: UserId, expected_version: Option<i64>) -> ServiceResult<User> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let mut user = find_for_change(conn, actor, id, expected_version).await?;
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
        record(conn, actor, now, happening(AuditAction::Reactivated, &user, Vec::new())).await?;
        tx.commit().await?;
        Ok(user)
    }

    async fn delete(&self, actor: &Actor, id: UserId) -> ServiceResult<()> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let user = find_for(conn, actor, Permission::ManageUsers, id, Lock::Exclusive).await?;
        if let Some(link) = directories::live_links_of(conn, id).await?.first() {
            let DirectoryLink { provider_name, .. } = link;
            let message = format!(
                "{provider_name} still has the user, so the next synchronisation would create the user anew. Remove the \
                 user there first, or block the user."
            );
            return Err(ServiceError::invalid("user", ProblemCode::NotAllowed, message));
        }
        rows::delete(conn, id).await?;
        record(conn, actor, self.clock.now(), happening(AuditAction::Deleted, &user, Vec::new())).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// When a run found an entry. Rows of entries that stay as they are are not written again, so this is when the row was
/// written, or when the last run began that saw every entry that has not vanished.
async fn seen_at(conn: &mut Conn<'_>, link: &DirectoryLink) -> ServiceResult<Option<Timestamp>> {
    if link.state == LinkState::Vanished {
        return Ok(None);
    }
    let complete = syncs::last_complete(conn, link.provider).await?;
    Ok(complete.max(Some(link.updated_at)))
}

/// Finds a user and checks that the caller may do this to it. Nothing is found for callers it is hidden from.
async fn find_for(
    conn: &mut Conn<'_>,
    actor: &Actor,
    permission: Permission,
    id: UserId,
    lock: Lock,
) -> ServiceResult<User> {
    require_somewhere(actor, permission)?;
    let user = rows::find(conn, id, lock).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
    let owned = OwnedBy::load(conn, Some(user.tenant)).await?;
    require(actor, permission, owned.owner(), WHAT)?;
    Ok(user)
}

async fn find_for_change(
    conn: &mut Conn<'_>,
    actor: &Actor,
    id: UserId,
    expected_version: Option<i64>,
) -> ServiceResult<User> {
    let user = find_for(conn, actor, Permission::ManageUsers, id, Lock::Exclusive).await?;
    if expected_version.is_some_and(|version| version != user.version) {
        return Err(ServiceError::Conflict { what: WHAT.to_owned(), by: None });
    }
    Ok(user)
}

fn happening(action: AuditAction, user: &User, changes: Vec<FieldChange>) -> Happening<'_> {
    Happening {
        action,
        object: AuditObject::User,
        id: user.id.to_string(),
        name: &user.profile.username,
        tenant: Some(user.tenant),
        changes,
    }
}
