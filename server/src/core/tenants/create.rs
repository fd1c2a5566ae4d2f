//! Creates a tenant.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::{Actor, Owner, Permission},
        audit::{AuditAction, FieldChange},
        id::TenantId,
        problem::{Problem, ProblemCode, ServiceError},
        provider::{ReservedSlugs, Slug},
        tenant::{NewTenant, Tenant, check_new_tenant, is_identifier},
    },
    service::ServiceResult,
};

use super::{WHAT, audit_entry, fields};
use crate::{
    clock::Clock,
    core::{audit::record, new_uuid, permission::require},
    store::{Conn, Store, tenants as rows},
};

/// How many numbered slugs are tried for a name before giving up.
const SLUG_ATTEMPTS: u32 = 1000;

/// Creates tenants.
pub(super) struct TenantCreation {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) reserved_slugs: ReservedSlugs,
}

impl TenantCreation {
    pub(super) async fn create(&self, actor: &Actor, new: NewTenant) -> ServiceResult<Tenant> {
        let Self { store, clock, reserved_slugs } = self;
        require(actor, Permission::ManageTenants, Owner::Platform, WHAT)?;
        let mut problems = check_new_tenant(&new);
        let mut tx = store.begin().await?;
        let conn = &mut tx.conn();
        let slug = match &new.slug {
            Some(_) if problems.iter().any(|problem| problem.field == "slug") => None,
            Some(text) => own_slug(conn, reserved_slugs, &mut problems, text).await?,
            None => Some(free_slug(conn, reserved_slugs, &new.name).await?),
        };
        let Some(slug) = slug.filter(|_| problems.is_empty()) else { return Err(ServiceError::Invalid { problems }) };
        let NewTenant { slug: _, name, partner, status } = new;
        let now = clock.now();
        let tenant = Tenant {
            id: TenantId(new_uuid()),
            slug,
            name: name.trim().to_owned(),
            partner: partner.map(|partner| partner.trim().to_owned()),
            status,
            created_at: now,
            updated_at: None,
            version: 1,
        };
        rows::insert(conn, &tenant).await?;
        let shown = fields(&tenant).into_iter().filter(|(_, value)| !value.is_empty());
        let changes =
            shown.map(|(field, value)| FieldChange { field: field.to_owned(), before: None, after: Some(value) });
        record(conn, actor, now, audit_entry(AuditAction::Created, &tenant, changes.collect())).await?;
        tx.commit().await?;
        Ok(tenant)
    }
}

/// The requested slug, unless it is reserved or in use.
async fn own_slug(
    conn: &mut Conn<'_>,
    reserved: &ReservedSlugs,
    problems: &mut Vec<Problem>,
    text: &str,
) -> ServiceResult<Option<String>> {
    if let Err(problem) = reserved.check(&Slug::stored(text.to_owned())) {
        problems.push(Problem::new("slug", ProblemCode::Malformed, format!("Invalid slug: {problem}.")));
        return Ok(None);
    }
    let Some(holder) = rows::find_holder_of_slug(conn, text).await? else { return Ok(Some(text.to_owned())) };
    problems.push(Problem::taken("slug", "A tenant with this slug", holder));
    Ok(None)
}

/// A slug made from a name, with a number when the plain one is reserved or in use.
async fn free_slug(conn: &mut Conn<'_>, reserved: &ReservedSlugs, name: &str) -> ServiceResult<String> {
    for attempt in 0..SLUG_ATTEMPTS {
        let slug = Slug::for_tenant(name, attempt);
        let is_other = is_identifier(slug.as_str()) || reserved.contains(&slug);
        if !is_other && !rows::is_slug_taken(conn, slug.as_str()).await? {
            return Ok(slug.as_str().to_owned());
        }
    }
    Err(ServiceError::Conflict { what: WHAT.to_owned(), by: None })
}
