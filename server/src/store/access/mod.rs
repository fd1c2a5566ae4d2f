//! API tokens, administrators, their sessions and failed attempts to sign in.

pub(crate) mod administrators;
pub(crate) mod attempts;
pub(crate) mod sessions;
pub(crate) mod tokens;

use uuid::Uuid;
use vestibule_app::domain::{actor::Grant, id::TenantId};

use super::{StoreResult, corrupt};

/// Puts a grant together from its three columns.
fn grant(
    table: &'static str,
    id: Uuid,
    role: &str,
    tenant: Option<Uuid>,
    partner: Option<String>,
) -> StoreResult<Grant> {
    let role = role.parse().map_err(|error| corrupt(table, "role", id, error))?;
    Ok(Grant { role, tenant: tenant.map(TenantId), partner })
}
