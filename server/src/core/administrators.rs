//! The people who sign in to the portal.

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
    },
    service::{Administrators, ServiceResult},
};

use super::{
    Core,
    audit::{Happening, record},
    new_uuid, require,
    tokens::check_grant,
};
use crate::store::{
    Conn,
    access::{
        administrators::{self as rows, Stored},
        sessions,
    },
    settings,
};

const WHAT: &str = "administrator";

#[async_trait]
impl Administrators for Core {
    async fn list(&self, actor: &Actor, page: PageRequest) -> ServiceResult<Page<Administrator>> {
        require(actor, Permission::ManageAdministrators, Owner::Platform, WHAT)?;
        let mut read = self.store.read().await?;
        Ok(rows::list(&mut read.conn(), page).await?)
    }

    async fn create(&self, actor: &Actor, new: NewAdministrator) -> ServiceResult<Administrator> {
        require(actor, Permission::ManageAdministrators, Owner::Platform, WHAT)?;
        let prepared = self.prepare_administrator(new).await?;
        let mut tx = self.store.begin().await?;
        let administrator = self.insert_administrator(&mut tx.conn(), actor, prepared).await?;
        tx.commit().await?;
        Ok(administrator)
    }

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
        record(conn, actor, self.clock.now(), happening(AuditAction::Updated, &before, changes)).await?;
        tx.commit().await?;
        Ok(Administrator { grant, version: expected_version + 1, ..before })
    }

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
        record(conn, actor, self.clock.now(), happening(AuditAction::Deleted, &before, Vec::new())).await?;
        tx.commit().await?;
        Ok(())
    }

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
        record(conn, actor, self.clock.now(), happening(AuditAction::PasswordChanged, &found, Vec::new())).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// An administrator whose input was checked and whose password was hashed, outside of any transaction.
pub(super) struct Prepared {
    email: String,
    password_hash: String,
    grant: Grant,
}

impl Core {
    pub(super) async fn prepare_administrator(&self, new: NewAdministrator) -> ServiceResult<Prepared> {
        let NewAdministrator { email, password, grant } = new;
        let mut problems = Vec::new();
        let email = normalise_email(&email).map_err(|problem| problems.push(problem));
        problems.extend(check_password(password.expose()));
        match email {
            Ok(email) if problems.is_empty() => {
                Ok(Prepared { email, password_hash: self.passwords.hash(password).await?, grant })
            }
            _ => Err(ServiceError::Invalid { problems }),
        }
    }

    /// Stores an administrator; from then on the set-up link is void.
    pub(super) async fn insert_administrator(
        &self,
        conn: &mut Conn<'_>,
        actor: &Actor,
        prepared: Prepared,
    ) -> ServiceResult<Administrator> {
        let Prepared { email, password_hash, grant } = prepared;
        let problems = check_grant(conn, &grant).await?;
        if !problems.is_empty() {
            return Err(ServiceError::Invalid { problems });
        }
        let now = self.clock.now();
        let administrator = Administrator {
            id: AdministratorId(new_uuid()),
            email,
            grant,
            created_at: now,
            last_sign_in_at: None,
            version: 1,
        };
        let stored = Stored { administrator, password_hash };
        rows::insert(conn, &stored).await?;
        settings::remove(conn, super::set_up::LINK).await?;
        let administrator = stored.administrator;
        let role = administrator.grant.role.as_str().to_owned();
        let change = FieldChange { field: "role".to_owned(), before: None, after: Some(role) };
        record(conn, actor, now, happening(AuditAction::Created, &administrator, vec![change])).await?;
        Ok(administrator)
    }
}

pub(super) fn happening(
    action: AuditAction,
    administrator: &Administrator,
    changes: Vec<FieldChange>,
) -> Happening<'_> {
    Happening {
        action,
        object: AuditObject::Administrator,
        id: administrator.id.to_string(),
        name: &administrator.email,
        tenant: None,
        changes,
    }
}

/// Refuses what would leave the platform without anybody who may do everything. The platform's administrators and the
/// one who is leaving must be locked, and read after that.
fn keep_one_platform_admin(locked: &[AdministratorId], leaving: &Administrator, field: &str) -> ServiceResult<()> {
    if leaving.grant.role != Role::PlatformAdmin || locked.iter().any(|id| *id != leaving.id) {
        return Ok(());
    }
    let message = "This is the last platform administrator. Make somebody else one first.";
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
