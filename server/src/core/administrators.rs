//! Manages the administrators who sign in to the portal. The platform always keeps one administrator with every
//! permission.

use std::sync::Arc;

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::{Actor, Grant, Owner, Permission, Role},
        administrator::{Administrator, NewAdministrator, check_password, normalise_email},
        audit::{AuditAction, AuditObject, FieldChange},
        id::AdministratorId,
        page::{Page, PageRequest},
        problem::{ProblemCode, ServiceError},
        secret::Secret,
        timestamp::Timestamp,
    },
    service::{Administrators, ServiceResult},
};

use super::{
    audit::{AuditEntry, record},
    new_uuid,
    passwords::Passwords,
    permission::require,
    tokens::check_grant,
};
use crate::{
    clock::Clock,
    store::{
        Conn, Store,
        access::{
            administrators::{self as rows, StoredAdministrator},
            sessions,
        },
        settings,
    },
};

/// The noun of "not found" and "changed meanwhile".
const WHAT: &str = "administrator";

/// The setting that holds the hash of the set-up link while there is no administrator.
pub(super) const SET_UP_LINK: &str = "set_up_link";

/// Manages the administrators of the portal.
pub(super) struct AdministratorService {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) passwords: Passwords,
}

#[async_trait]
impl Administrators for AdministratorService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.administrator.list")]
    async fn list(&self, actor: &Actor, page: PageRequest) -> ServiceResult<Page<Administrator>> {
        require(actor, Permission::ManageAdministrators, Owner::Platform, WHAT)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), page).await?)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.administrator.create")]
    async fn create(&self, actor: &Actor, new: NewAdministrator) -> ServiceResult<Administrator> {
        require(actor, Permission::ManageAdministrators, Owner::Platform, WHAT)?;
        let prepared = prepare(&self.passwords, new).await?;
        let mut tx = self.store.begin().await?;
        let administrator = insert(&mut tx.conn(), actor, self.clock.now(), prepared).await?;
        tx.commit().await?;
        Ok(administrator)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.administrator.set_grant")]
    async fn set_grant(
        &self,
        actor: &Actor,
        id: AdministratorId,
        grant: Grant,
        expected_version: i64,
    ) -> ServiceResult<Administrator> {
        require(actor, Permission::ManageAdministrators, Owner::Platform, WHAT)?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        // Locks the tenant, and deleting a tenant locks it before its administrators: the same order here.
        let problems = check_grant(conn, &grant).await?;
        let platform_admins = rows::lock_platform_admins(conn, id).await?;
        let before = rows::find(conn, id).await?.ok_or_else(|| ServiceError::not_found(WHAT))?.administrator;
        if !problems.is_empty() {
            return Err(ServiceError::Invalid { problems });
        }
        if grant.role != Role::PlatformAdmin {
            keep_one_platform_admin(&platform_admins, &before, "role")?;
        }
        if before.version == expected_version && before.grant == grant {
            return Ok(before);
        }
        if !rows::set_grant(conn, id, &grant, expected_version).await? {
            return Err(ServiceError::Conflict { what: WHAT.to_owned(), by: None });
        }
        let changes = between(&before.grant, &grant);
        record(conn, actor, self.clock.now(), audit_entry(AuditAction::Updated, &before, changes)).await?;
        tx.commit().await?;
        Ok(Administrator { grant, version: expected_version + 1, ..before })
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.administrator.delete")]
    async fn delete(&self, actor: &Actor, id: AdministratorId) -> ServiceResult<()> {
        require(actor, Permission::ManageAdministrators, Owner::Platform, WHAT)?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let platform_admins = rows::lock_platform_admins(conn, id).await?;
        let before = rows::find(conn, id).await?.ok_or_else(|| ServiceError::not_found(WHAT))?.administrator;
        keep_one_platform_admin(&platform_admins, &before, "administrator")?;
        if !rows::delete(conn, id).await? {
            return Err(ServiceError::not_found(WHAT));
        }
        record(conn, actor, self.clock.now(), audit_entry(AuditAction::Deleted, &before, Vec::new())).await?;
        tx.commit().await?;
        Ok(())
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.administrator.reset_password")]
    async fn reset_password(&self, actor: &Actor, email: &str, password: Secret) -> ServiceResult<()> {
        require(actor, Permission::ManageAdministrators, Owner::Platform, WHAT)?;
        let email = normalise_email(email).map_err(|problem| ServiceError::Invalid { problems: vec![problem] })?;
        if let Some(problem) = check_password(password.expose()) {
            return Err(ServiceError::Invalid { problems: vec![problem] });
        }
        let hash = self.passwords.hash(password).await?;
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let found =
            rows::find_by_email(conn, &email).await?.ok_or_else(|| ServiceError::not_found(WHAT))?.administrator;
        rows::set_password(conn, found.id, &hash).await?;
        sessions::delete_all(conn, found.id).await?;
        record(conn, actor, self.clock.now(), audit_entry(AuditAction::PasswordChanged, &found, Vec::new())).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// An administrator whose input was checked and whose password was hashed before the transaction begins.
pub(super) struct Prepared {
    email: String,
    password_hash: String,
    grant: Grant,
}

/// Checks the input and hashes the password.
pub(super) async fn prepare(passwords: &Passwords, new: NewAdministrator) -> ServiceResult<Prepared> {
    let NewAdministrator { email, password, grant } = new;
    let mut problems = Vec::new();
    let email = normalise_email(&email).map_err(|problem| problems.push(problem));
    problems.extend(check_password(password.expose()));
    match email {
        Ok(email) if problems.is_empty() => {
            Ok(Prepared { email, password_hash: passwords.hash(password).await?, grant })
        }
        _ => Err(ServiceError::Invalid { problems }),
    }
}

/// Stores an administrator, and removes the set-up link.
pub(super) async fn insert(
    conn: &mut Conn<'_>,
    actor: &Actor,
    now: Timestamp,
    prepared: Prepared,
) -> ServiceResult<Administrator> {
    let Prepared { email, password_hash, grant } = prepared;
    let problems = check_grant(conn, &grant).await?;
    if !problems.is_empty() {
        return Err(ServiceError::Invalid { problems });
    }
    let administrator = Administrator {
        id: AdministratorId(new_uuid()),
        email,
        grant,
        created_at: now,
        last_sign_in_at: None,
        version: 1,
    };
    let stored = StoredAdministrator { administrator, password_hash };
    rows::insert(conn, &stored).await?;
    settings::remove(conn, SET_UP_LINK).await?;
    let administrator = stored.administrator;
    let role = administrator.grant.role.as_str().to_owned();
    let change = FieldChange { field: "role".to_owned(), before: None, after: Some(role) };
    record(conn, actor, now, audit_entry(AuditAction::Created, &administrator, vec![change])).await?;
    Ok(administrator)
}

pub(super) fn audit_entry(
    action: AuditAction,
    administrator: &Administrator,
    changes: Vec<FieldChange>,
) -> AuditEntry<'_> {
    AuditEntry {
        action,
        object: AuditObject::Administrator,
        id: administrator.id.to_string(),
        name: &administrator.email,
        tenant: None,
        changes,
    }
}

/// Rejects a change that would leave the platform without a platform administrator. The caller has locked the platform
/// administrators and the one who leaves, and has read them after that.
fn keep_one_platform_admin(locked: &[AdministratorId], leaving: &Administrator, field: &str) -> ServiceResult<()> {
    if leaving.grant.role != Role::PlatformAdmin || locked.iter().any(|id| *id != leaving.id) {
        return Ok(());
    }
    let message = "This is the last platform administrator. Give another administrator this role first.";
    Err(ServiceError::invalid(field, ProblemCode::NotAllowed, message))
}

/// What differs between two grants, for the audit log.
fn between(before: &Grant, after: &Grant) -> Vec<FieldChange> {
    let fields = |grant: &Grant| {
        let Grant { role, tenant, partner } = grant;
        [
            ("role", Some(role.as_str().to_owned())),
            ("tenant", tenant.map(|tenant| tenant.to_string())),
            ("partner", partner.clone()),
        ]
    };
    let pairs = fields(before).into_iter().zip(fields(after)).filter(|(old, new)| old != new);
    pairs.map(|((field, before), (_, after))| FieldChange { field: field.to_owned(), before, after }).collect()
}
