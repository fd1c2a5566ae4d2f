//! Manages which groups of a provider stand for which groups of a tenant.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Permission},
        audit::{AuditAction, AuditObject, FieldChange},
        group::{GROUPS_CLAIM, Group, GroupMapping, NewGroupMapping, check_new_group_mapping},
        id::{GroupId, GroupMappingId, ProviderId, TenantId},
        problem::{Problem, ProblemCode, ServiceError},
    },
    service::{GroupMappings, ServiceResult, TenantRef},
};

use super::{
    audit::{AuditEntry, record},
    new_uuid,
    permission::RowOwner,
    providers, tenants,
};
use crate::{
    clock::Clock,
    store::{
        Conn, Lock, Store, assignments, group_mappings as rows, groups, providers as provider_rows,
        tenants as tenant_rows,
    },
};

/// The noun of "not found".
const WHAT: &str = "group mapping";

/// How many known groups are offered for completing input.
const MAX_KNOWN: u32 = 100;

/// Manages group mappings.
pub(super) struct GroupMappingService {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
}

#[async_trait]
impl GroupMappings for GroupMappingService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.group_mapping.list")]
    async fn list(&self, actor: &Actor, tenant: &TenantRef, provider: ProviderId) -> ServiceResult<Vec<GroupMapping>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let tenant = get_pair(conn, actor, Permission::ViewGroups, tenant, provider, Lock::None).await?;
        Ok(rows::list(conn, tenant, provider).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.group_mapping.create")]
    async fn create(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
        new: NewGroupMapping,
    ) -> ServiceResult<GroupMapping> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let tenant = get_pair(conn, actor, Permission::ManageGroups, tenant, provider, Lock::Shared).await?;
        let problems = check_new_group_mapping(&new);
        if !problems.is_empty() {
            return Err(ServiceError::Invalid { problems });
        }
        let NewGroupMapping { claim, external_group_id, external_group_name, internal_group_id } = new;
        let group = known_group(conn, actor, tenant, &internal_group_id).await?;
        let mapping = GroupMapping {
            id: GroupMappingId(new_uuid()),
            tenant,
            provider,
            claim: claim.map_or_else(|| GROUPS_CLAIM.to_owned(), |claim| claim.trim().to_owned()),
            external_group_id: external_group_id.trim().to_owned(),
            external_group_name: external_group_name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()),
            internal_group_id: group
                .as_ref()
                .map_or_else(|| internal_group_id.trim().to_owned(), |group| group.id.prefixed()),
            internal_group_name: group.as_ref().map(|group| group.name.clone()),
            created_at: self.clock.now(),
        };
        if let Some(same) = rows::find_pair(conn, &mapping).await? {
            let problem = Problem::taken("external_group_id", "A mapping of these two groups", same.prefixed());
            return Err(ServiceError::Invalid { problems: vec![problem] });
        }
        // Two concurrent requests meet at the unique index, which is reported as a problem of the field too.
        rows::insert(conn, &mapping, group.map(|group| group.id)).await?;
        let entry = audit_entry(AuditAction::Created, &mapping);
        record(conn, actor, mapping.created_at, entry).await?;
        tx.commit().await?;
        Ok(mapping)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.group_mapping.delete")]
    async fn delete(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
        mapping: GroupMappingId,
    ) -> ServiceResult<()> {
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let tenant = get_pair(conn, actor, Permission::ManageGroups, tenant, provider, Lock::Shared).await?;
        let found = rows::find(conn, tenant, provider, mapping).await?;
        let found = found.ok_or_else(|| ServiceError::not_found(WHAT))?;
        if !rows::delete(conn, mapping).await? {
            return Err(ServiceError::not_found(WHAT));
        }
        record(conn, actor, self.clock.now(), audit_entry(AuditAction::Deleted, &found)).await?;
        tx.commit().await?;
        Ok(())
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.group_mapping.list_external_groups")]
    async fn list_external_groups(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<Vec<String>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let tenant = get_pair(conn, actor, Permission::ViewGroups, tenant, provider, Lock::None).await?;
        // Mappings of other tenants reveal how those are organised, so only those within the caller's reach are read.
        let mut known = rows::list_external_groups(conn, tenant, provider, &actor.reach(), MAX_KNOWN).await?;
        known.sort_unstable();
        Ok(known)
    }
}

/// Gets the tenant of a provider that is linked to it, and checks the permission on the tenant's groups.
async fn get_pair(
    conn: &mut Conn<'_>,
    actor: &Actor,
    permission: Permission,
    tenant: &TenantRef,
    provider: ProviderId,
    lock: Lock,
) -> ServiceResult<TenantId> {
    let tenant = tenants::get_for(conn, actor, permission, tenant, lock).await?.id;
    // Deleting a provider locks it before its assignments: the same order here.
    if lock != Lock::None && !provider_rows::hold(conn, provider).await? {
        return Err(ServiceError::not_found(providers::WHAT));
    }
    let linked = assignments::find(conn, tenant, provider, lock).await?;
    linked.map(|_| tenant).ok_or_else(|| ServiceError::not_found(providers::WHAT))
}

/// The group of the tenant that a text names by its identifier, in any spelling. Rejects a group of another tenant,
/// since no user of this tenant could be in it.
async fn known_group(conn: &mut Conn<'_>, actor: &Actor, tenant: TenantId, text: &str) -> ServiceResult<Option<Group>> {
    let Ok(id) = text.trim().parse::<GroupId>() else { return Ok(None) };
    let Some(group) = groups::find(conn, id, Lock::Shared).await? else { return Ok(None) };
    if group.tenant == tenant {
        return Ok(Some(group));
    }
    let owned = RowOwner::load(conn, Some(group.tenant)).await?;
    let is_visible = actor.decide(Permission::ViewGroups, owned.owner()) == Decision::Allowed;
    let owner = match tenant_rows::find(conn, group.tenant).await?.filter(|_| is_visible) {
        Some(owner) => format!("the group {} of the tenant {}", group.name, owner.name),
        None => "no group of this tenant".to_owned(),
    };
    let message = format!("This is {owner}. Choose a group of the tenant that the mapping holds for.");
    Err(ServiceError::invalid("internal_group_id", ProblemCode::Unknown, message))
}

fn audit_entry(action: AuditAction, mapping: &GroupMapping) -> AuditEntry<'_> {
    let GroupMapping {
        id,
        tenant,
        provider,
        claim,
        external_group_id,
        external_group_name,
        internal_group_id,
        internal_group_name,
        created_at: _,
    } = mapping;
    let shown = [
        ("provider", provider.to_string()),
        ("claim", claim.clone()),
        ("external_group_id", external_group_id.clone()),
        ("external_group_name", external_group_name.clone().unwrap_or_default()),
        ("internal_group_id", internal_group_id.clone()),
        ("internal_group_name", internal_group_name.clone().unwrap_or_default()),
    ];
    let is_removal = action == AuditAction::Deleted;
    let changes = shown.into_iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| {
        let (before, after) = if is_removal { (Some(value), None) } else { (None, Some(value)) };
        FieldChange { field: field.to_owned(), before, after }
    });
    AuditEntry {
        action,
        object: AuditObject::GroupMapping,
        id: id.to_string(),
        name: external_group_name.as_deref().unwrap_or(external_group_id),
        tenant: Some(*tenant),
        changes: changes.collect(),
    }
}
