//! Tenants.

mod create;
mod delete;
mod read;
mod update;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::Actor,
        audit::{AuditAction, AuditObject, FieldChange},
        id::TenantId,
        page::{Page, PageRequest},
        tenant::{NewTenant, Tenant, TenantDetail, TenantFilter, TenantPatch},
    },
    service::{ServiceResult, TenantRef, Tenants},
};

use super::{Core, audit::Happening};

pub(super) use read::{default_id, find_for};

/// The noun of "not found" and "changed meanwhile".
pub(super) const WHAT: &str = "tenant";

/// The setting that holds the default tenant's identifier.
const DEFAULT_TENANT: &str = "default_tenant";

/// Each operation stands in a file of its own; this lists them.
#[async_trait]
impl Tenants for Core {
    async fn list(&self, actor: &Actor, filter: &TenantFilter, page: PageRequest) -> ServiceResult<Page<Tenant>> {
        self.list_tenants(actor, filter, page).await
    }

    async fn partners(&self, actor: &Actor) -> ServiceResult<Vec<String>> {
        self.list_partners(actor).await
    }

    async fn get(&self, actor: &Actor, tenant: &TenantRef) -> ServiceResult<Tenant> {
        self.get_tenant(actor, tenant).await
    }

    async fn detail(&self, actor: &Actor, id: TenantId) -> ServiceResult<TenantDetail> {
        self.tenant_detail(actor, id).await
    }

    async fn create(&self, actor: &Actor, new: NewTenant) -> ServiceResult<Tenant> {
        self.create_tenant(actor, new).await
    }

    async fn update(
        &self,
        actor: &Actor,
        id: TenantId,
        patch: TenantPatch,
        expected_version: Option<i64>,
    ) -> ServiceResult<Tenant> {
        self.update_tenant(actor, id, patch, expected_version).await
    }

    async fn delete(&self, actor: &Actor, id: TenantId) -> ServiceResult<()> {
        self.delete_tenant(actor, id).await
    }
}

fn happening(action: AuditAction, tenant: &Tenant, changes: Vec<FieldChange>) -> Happening<'_> {
    Happening {
        action,
        object: AuditObject::Tenant,
        id: tenant.id.to_string(),
        name: &tenant.name,
        tenant: Some(tenant.id),
        changes,
    }
}

/// What the audit log shows of a tenant.
fn fields(tenant: &Tenant) -> [(&'static str, String); 4] {
    let Tenant { id: _, slug, name, partner, status, created_at: _, updated_at: _, version: _ } = tenant;
    [
        ("slug", slug.clone()),
        ("name", name.clone()),
        ("partner", partner.clone().unwrap_or_default()),
        ("status", status.as_str().to_owned()),
    ]
}
