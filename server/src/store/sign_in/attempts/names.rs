//! The names of what attempts refer to. What was removed has none.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;
use vestibule_app::domain::sign_in::{AttemptSummary, SignInAttempt};

use crate::store::{Conn, StoreResult, users::names_in};

/// Attempts with names.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.with_names")]
pub(crate) async fn with_names(conn: &mut Conn<'_>, attempts: Vec<SignInAttempt>) -> StoreResult<Vec<AttemptSummary>> {
    const TENANTS: &str = "SELECT id, name FROM vestibule_tenants WHERE id IN (";
    const PROVIDERS: &str = "SELECT id, label FROM vestibule_identity_providers WHERE id IN (";
    const USERS: &str = "SELECT id, username FROM vestibule_users WHERE id IN (";
    let tenants = attempts.iter().filter_map(|attempt| Some(attempt.tenant?.0)).collect();
    let providers = attempts.iter().filter_map(|attempt| Some(attempt.provider?.0)).collect();
    let users = attempts.iter().filter_map(|attempt| Some(attempt.user?.0)).collect();
    let tenants = names(conn, TENANTS, tenants).await?;
    let providers = names(conn, PROVIDERS, providers).await?;
    let users = names(conn, USERS, users).await?;
    let of = |names: &BTreeMap<Uuid, String>, id: Option<Uuid>| names.get(&id?).cloned();
    Ok(attempts
        .into_iter()
        .map(|attempt| AttemptSummary {
            tenant_name: of(&tenants, attempt.tenant.map(|id| id.0)),
            provider_name: of(&providers, attempt.provider.map(|id| id.0)),
            username: of(&users, attempt.user.map(|id| id.0)),
            attempt,
        })
        .collect())
}

async fn names(conn: &mut Conn<'_>, sql: &'static str, ids: BTreeSet<Uuid>) -> StoreResult<BTreeMap<Uuid, String>> {
    Ok(names_in(conn, sql, ids).await?.into_iter().collect())
}
