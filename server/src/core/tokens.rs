//! API tokens.

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Grant, Owner, Permission, RoleNeeds},
        audit::{AuditAction, AuditObject, FieldChange},
        direction::invisible_character,
        id::TokenId,
        page::{Page, PageRequest},
        problem::{Problem, ProblemCode, ServiceError},
        secret::Secret,
        token::{ApiToken, MAX_TOKEN_NAME, NewApiToken},
    },
    service::{ServiceResult, TenantRef, Tokens},
};

use super::{
    Core,
    audit::{Happening, record},
    new_uuid,
    random::{new_secret, sha256_hex},
    require,
    touch::touch,
};
use crate::store::{Conn, Lock, access::tokens as rows, tenants};

/// Tells what a leaked token is for those who find it.
const PREFIX: &str = "vst_";

/// How often the last use is written down, in seconds.
const TOUCH_EVERY: i64 = 60;

#[async_trait]
impl Tokens for Core {
    async fn list(&self, actor: &Actor, page: PageRequest) -> ServiceResult<Page<ApiToken>> {
        require(actor, Permission::ManageTokens, Owner::Platform, "API token")?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), page).await?)
    }

    async fn create(&self, actor: &Actor, new: NewApiToken) -> ServiceResult<(ApiToken, Secret)> {
        require(actor, Permission::ManageTokens, Owner::Platform, "API token")?;
        let NewApiToken { name, grant, lifetime_seconds } = new;
        let name = name.trim().to_owned();
        let mut problems = Vec::new();
        if name.is_empty() {
            problems.push(Problem::new("name", ProblemCode::Blank, "Give the token a name."));
        } else if name.chars().count() > MAX_TOKEN_NAME {
            problems.push(Problem::too_long("name", MAX_TOKEN_NAME));
        } else if let Some(message) = invisible_character(&name) {
            problems.push(Problem::new("name", ProblemCode::Malformed, message));
        }
        if lifetime_seconds.is_some_and(|seconds| seconds <= 0) {
            problems.push(Problem::new("expires", ProblemCode::Malformed, "Choose a time in the future."));
        }
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        problems.extend(check_grant(conn, &grant).await?);
        if !problems.is_empty() {
            return Err(ServiceError::Invalid { problems });
        }
        let now = self.clock.now();
        let token = ApiToken {
            id: TokenId(new_uuid()),
            name,
            grant,
            created_by: actor.name(),
            created_at: now,
            expires_at: lifetime_seconds.map(|seconds| now.plus_seconds(seconds)),
            last_used_at: None,
        };
        let secret = new_secret(PREFIX);
        rows::insert(conn, &token, &sha256_hex(secret.expose())).await?;
        record(conn, actor, now, happening(AuditAction::Created, &token)).await?;
        tx.commit().await?;
        Ok((token, secret))
    }

    async fn revoke(&self, actor: &Actor, id: TokenId) -> ServiceResult<()> {
        require(actor, Permission::ManageTokens, Owner::Platform, "API token")?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let now = self.clock.now();
        let token = rows::find(conn, id).await?.ok_or_else(|| ServiceError::not_found("API token"))?;
        if !rows::revoke(conn, id, now).await? {
            return Err(ServiceError::not_found("API token"));
        }
        record(conn, actor, now, happening(AuditAction::Revoked, &token)).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn authenticate(&self, token: &str) -> ServiceResult<ApiToken> {
        if !token.starts_with(PREFIX) {
            return Err(ServiceError::Unauthenticated);
        }
        let mut read = self.store.read().await?;
        let found = rows::find_by_hash(&mut read.conn(), &sha256_hex(token)).await?;
        drop(read);
        let now = self.clock.now();
        let token = found.filter(|token| !token.is_expired(now)).ok_or(ServiceError::Unauthenticated)?;
        // A use that lies ahead was written before the clock was set back.
        if token.last_used_at.is_none_or(|last| last > now.latest_elsewhere() || now.elapsed_since(last) >= TOUCH_EVERY)
        {
            touch(async {
                let mut tx = self.store.begin().await?;
                rows::touch(&mut tx.conn(), token.id, now).await?;
                tx.commit().await
            })
            .await?;
        }
        Ok(token)
    }
}

pub(super) fn happening(action: AuditAction, token: &ApiToken) -> Happening<'_> {
    let role =
        FieldChange { field: "role".to_owned(), before: None, after: Some(token.grant.role.as_str().to_owned()) };
    Happening {
        action,
        object: AuditObject::Token,
        id: token.id.to_string(),
        name: &token.name,
        tenant: None,
        changes: vec![role],
    }
}

/// Checks that a grant has just what its role needs, and that the tenant exists.
pub(super) async fn check_grant(conn: &mut Conn<'_>, grant: &Grant) -> ServiceResult<Vec<Problem>> {
    let Grant { role, tenant, partner } = grant;
    let label = role.label().to_lowercase();
    let mut problems = Vec::new();
    match (role.needs(), tenant) {
        (RoleNeeds::Tenant, None) => {
            problems.push(Problem::new("tenant", ProblemCode::Required, format!("A {label} needs a tenant.")));
        }
        // Locked, so that the tenant is not deleted before the grant is stored.
        (RoleNeeds::Tenant, Some(id))
            if tenants::find_locked(conn, &TenantRef::Id(*id), Lock::Shared).await?.is_none() =>
        {
            problems.push(Problem::new("tenant", ProblemCode::Unknown, "This tenant does not exist."));
        }
        (RoleNeeds::Nothing | RoleNeeds::Partner, Some(_)) => {
            let message = format!("A {label} has no tenant. Leave it empty.");
            problems.push(Problem::new("tenant", ProblemCode::NotAllowed, message));
        }
        _ => {}
    }
    if let Some(message) = partner.as_deref().and_then(invisible_character) {
        problems.push(Problem::new("partner", ProblemCode::Malformed, message));
    }
    let has_partner = partner.as_deref().is_some_and(|partner| !partner.trim().is_empty());
    match (role.needs(), has_partner) {
        (RoleNeeds::Partner, false) => {
            problems.push(Problem::new("partner", ProblemCode::Required, format!("A {label} needs a partner.")));
        }
        (RoleNeeds::Nothing | RoleNeeds::Tenant, true) => {
            let message = format!("A {label} has no partner. Leave it empty.");
            problems.push(Problem::new("partner", ProblemCode::NotAllowed, message));
        }
        _ => {}
    }
    Ok(problems)
}
