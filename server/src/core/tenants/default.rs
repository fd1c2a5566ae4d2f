//! The default tenant, which every installation begins with.

use vestibule_app::{
    domain::{
        id::TenantId,
        problem::ServiceError,
        tenant::{Tenant, TenantStatus},
        timestamp::Timestamp,
    },
    service::ServiceResult,
};

use crate::{
    core::new_uuid,
    store::{Conn, Store, StoreResult, settings, tenants as rows},
};

/// The setting that holds the default tenant's identifier.
const DEFAULT_TENANT: &str = "default_tenant";

/// Creates the default tenant at the first start. Two nodes starting at once create one.
#[tracing::instrument(level = "debug", skip_all, name = "core.tenant.ensure_default")]
pub(crate) async fn ensure_default_tenant(store: &Store, now: Timestamp) -> StoreResult<()> {
    let mut tx = store.begin().await?;
    let conn = &mut tx.conn();
    let tenant = Tenant {
        id: TenantId(new_uuid()),
        slug: "default".to_owned(),
        name: "Default".to_owned(),
        partner: None,
        status: TenantStatus::Active,
        created_at: now,
        updated_at: None,
        version: 1,
    };
    let own = tenant.id.to_string();
    if settings::set_if_absent(conn, DEFAULT_TENANT, &own).await? == own {
        rows::insert(conn, &tenant).await?;
    }
    tx.commit().await
}

/// The identifier of the default tenant. Users of the platform's own directories belong to it.
pub(in crate::core) async fn default_id(conn: &mut Conn<'_>) -> ServiceResult<TenantId> {
    let id = settings::get(conn, DEFAULT_TENANT).await?.and_then(|id| id.parse().ok());
    id.ok_or_else(|| {
        tracing::error!("the setting that names the default tenant is missing or no identifier");
        ServiceError::Internal
    })
}

pub(super) async fn is_default(conn: &mut Conn<'_>, id: TenantId) -> ServiceResult<bool> {
    Ok(settings::get(conn, DEFAULT_TENANT).await?.is_some_and(|default| default == id.to_string()))
}
