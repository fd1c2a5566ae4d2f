//! Manages the groups of tenants.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, AuditObject, FieldChange},
        group::{Group, GroupFilter, GroupPatch, NewGroup, check_group_patch, check_new_group},
        id::{GroupId, TenantId},
        page::{Page, PageRequest},
        patch::Patch,
        problem::{Problem, ServiceError},
    },
    service::{Groups, ServiceResult, TenantRef},
};

use super::{
    audit::{AuditEntry, record},
    new_uuid,
    permission::{RowOwner, require, require_anywhere, require_somewhere},
    tenants,
};
use crate::{
    clock::Clock,
    store::{Conn, Lock, Store, groups as rows},
};

/// The noun of "not found" and "changed meanwhile".
const WHAT: &str = "group";

/// Lists, creates, updates and deletes groups.
pub(super) struct GroupService {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Groups for GroupService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.group.list")]
    async fn list(&self, actor: &Actor, filter: &GroupFilter, page: PageRequest) -> ServiceResult<Page<Group>> {
        require_anywhere(actor, Permission::ViewGroups)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), &actor.reach(), filter, page).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.group.get")]
    async fn get(&self, actor: &Actor, id: GroupId) -> ServiceResult<Group> {
        let mut read = self.store.read().await?;
        get_for(&mut read.conn(), actor, Permission::ViewGroups, id, Lock::None).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.group.create")]
    async fn create(&self, actor: &Actor, new: NewGroup) -> ServiceResult<Group> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let tenant = TenantRef::Id(new.tenant);
        let tenant = tenants::get_for(conn, actor, Permission::ManageGroups, &tenant, Lock::Shared).await?.id;
        let mut problems = check_new_group(&new);
        check_name(conn, &mut problems, tenant, &new.name, None).await?;
        if !problems.is_empty() {
            return Err(ServiceError::Invalid { problems });
        }
        let NewGroup { tenant: _, name, description } = new;
        let now = self.clock.now();
        let group = Group {
            id: GroupId(new_uuid()),
            tenant,
            name: name.trim().to_owned(),
            description: description.and_then(trimmed),
            created_at: now,
            updated_at: None,
            version: 1,
        };
        rows::insert(conn, &group).await?;
        let shown = fields(&group).into_iter().filter(|(_, value)| !value.is_empty());
        let changes =
            shown.map(|(field, value)| FieldChange { field: field.to_owned(), before: None, after: Some(value) });
        record(conn, actor, now, audit_entry(AuditAction::Created, &group, changes.collect())).await?;
        tx.commit().await?;
        Ok(group)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.group.update")]
    async fn update(
        &self,
        actor: &Actor,
        id: GroupId,
        patch: GroupPatch,
        expected_version: Option<i64>,
    ) -> ServiceResult<Group> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let before = get_for(conn, actor, Permission::ManageGroups, id, Lock::Exclusive).await?;
        if expected_version.is_some_and(|version| version != before.version) {
            return Err(ServiceError::Conflict { what: WHAT.to_owned(), by: None });
        }
        let mut problems = check_group_patch(&patch);
        if let Some(name) = &patch.name {
            check_name(conn, &mut problems, before.tenant, name, Some(id)).await?;
        }
        if !problems.is_empty() {
            return Err(ServiceError::Invalid { problems });
        }
        let now = self.clock.now();
        let mut after = Group { updated_at: Some(now), ..before.clone() };
        apply(&mut after, patch);
        let pairs = fields(&before).into_iter().zip(fields(&after)).filter(|(old, new)| old != new);
        let changes: Vec<_> = pairs
            .map(|((field, old), (_, new))| FieldChange {
                field: field.to_owned(),
                before: Some(old),
                after: Some(new),
            })
            .collect();
        if !changes.is_empty() {
            after.version += 1;
            record(conn, actor, now, audit_entry(AuditAction::Updated, &after, changes)).await?;
        }
        rows::update(conn, &after).await?;
        tx.commit().await?;
        Ok(after)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.group.delete")]
    async fn delete(&self, actor: &Actor, id: GroupId) -> ServiceResult<()> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let group = get_for(conn, actor, Permission::ManageGroups, id, Lock::Exclusive).await?;
        rows::delete(conn, id).await?;
        record(conn, actor, self.clock.now(), audit_entry(AuditAction::Deleted, &group, Vec::new())).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Gets a group and checks the permission. For callers it is hidden from it is "not found".
async fn get_for(
    conn: &mut Conn<'_>,
    actor: &Actor,
    permission: Permission,
    id: GroupId,
    lock: Lock,
) -> ServiceResult<Group> {
    require_somewhere(actor, permission)?;
    let group = rows::find(conn, id, lock).await?.ok_or_else(|| ServiceError::not_found(WHAT))?;
    let owned = RowOwner::load(conn, Some(group.tenant)).await?;
    require(actor, permission, owned.owner(), WHAT)?;
    Ok(group)
}

/// Adds a problem when another group of the tenant has this name. A malformed name is not looked up: PostgreSQL rejects
/// some of them.
async fn check_name(
    conn: &mut Conn<'_>,
    problems: &mut Vec<Problem>,
    tenant: TenantId,
    name: &str,
    except: Option<GroupId>,
) -> ServiceResult<()> {
    if problems.iter().any(|problem| problem.field == "name") {
        return Ok(());
    }
    if let Some(holder) = rows::find_holder_of_name(conn, tenant, name.trim(), except).await? {
        problems.push(Problem::taken("name", "A group with this name", holder.prefixed()));
    }
    Ok(())
}

/// Applies a patch whose values were checked.
fn apply(group: &mut Group, patch: GroupPatch) {
    let GroupPatch { name, description } = patch;
    if let Some(name) = name {
        group.name = name.trim().to_owned();
    }
    match description {
        Patch::Set(description) => group.description = trimmed(description),
        other => other.apply(&mut group.description),
    }
}

fn trimmed(text: String) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// What the audit log shows of a group.
fn fields(group: &Group) -> [(&'static str, String); 2] {
    let Group { id: _, tenant: _, name, description, created_at: _, updated_at: _, version: _ } = group;
    [("name", name.clone()), ("description", description.clone().unwrap_or_default())]
}

fn audit_entry(action: AuditAction, group: &Group, changes: Vec<FieldChange>) -> AuditEntry<'_> {
    AuditEntry {
        action,
        object: AuditObject::Group,
        id: group.id.to_string(),
        name: &group.name,
        tenant: Some(group.tenant),
        changes,
    }
}
