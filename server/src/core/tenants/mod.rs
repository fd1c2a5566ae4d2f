//! Managing tenants: one file for each operation that writes, and [`service`] for the others.

mod service;

mod create;
mod delete;
mod update;

mod default;
mod get;

use vestibule_app::domain::{
    audit::{AuditAction, AuditObject, FieldChange},
    tenant::Tenant,
};

use super::audit::AuditEntry;

pub(crate) use default::ensure_default_tenant;
pub(super) use {default::default_id, get::get_for, service::TenantService};

/// The noun of "not found" and "changed meanwhile".
pub(super) const WHAT: &str = "tenant";

fn audit_entry(action: AuditAction, tenant: &Tenant, changes: Vec<FieldChange>) -> AuditEntry<'_> {
    AuditEntry {
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
