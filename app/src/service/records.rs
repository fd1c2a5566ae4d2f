//! Services about what stands around providers: tenants and the audit log.

use async_trait::async_trait;

use super::ServiceResult;
use crate::domain::{
    actor::Actor,
    audit::{AuditEvent, AuditFilter},
    page::{Page, PageRequest},
    tenant::Tenant,
};

/// Reads tenants.
#[async_trait]
pub trait Tenants: Send + Sync {
    /// A page of those within the caller's reach, by name. `search` narrows by a part of name or slug.
    async fn list(&self, actor: &Actor, search: Option<&str>, page: PageRequest) -> ServiceResult<Page<Tenant>>;
}

/// Reads the audit log.
#[async_trait]
pub trait Audit: Send + Sync {
    /// A page of what the caller may see, newest first.
    async fn list(&self, actor: &Actor, filter: &AuditFilter, page: PageRequest) -> ServiceResult<Page<AuditEvent>>;
}
