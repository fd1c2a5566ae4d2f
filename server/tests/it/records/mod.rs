//! Stories of tenants, groups, group mappings and assignments through the services, on whichever database the run is
//! about.

mod deletion;
mod groups;
mod links;
mod look_up;
mod mappings;
mod races;
mod tenants;

use vestibule::domain::{
    actor::{Actor, Grant, Role},
    audit::{AuditAction, AuditEvent, AuditFilter, FieldChange},
    id::TenantId,
    problem::{ProblemCode, ServiceError},
    tenant::{NewTenant, Tenant, TenantStatus},
};

use crate::support::{ALL, TestApp, app::host_actor};

/// Two tenants, the first of the partner `acme`, and who manages what.
struct Story {
    app: TestApp,
    a: TenantId,
    b: TenantId,
}

impl Story {
    async fn begin() -> Self {
        let app = TestApp::start().await;
        let a = create(&app, NewTenant { partner: Some("acme".to_owned()), ..named("A") }).await.id;
        let b = create(&app, named("B")).await.id;
        Self { app, a, b }
    }

    /// What the log says of an object, the oldest first, without its making.
    async fn log(&self, object_id: impl ToString) -> Vec<AuditEvent> {
        log(&self.app, object_id).await
    }
}

fn named(name: &str) -> NewTenant {
    NewTenant { slug: None, name: name.to_owned(), partner: None, status: TenantStatus::Active }
}

async fn create(app: &TestApp, new: NewTenant) -> Tenant {
    app.services.tenants.create(&Actor::operator(), new).await.expect("a tenant")
}

async fn log(app: &TestApp, object_id: impl ToString) -> Vec<AuditEvent> {
    let filter = AuditFilter { object_id: Some(object_id.to_string()), ..AuditFilter::default() };
    let mut entries = app.services.audit.list(&Actor::operator(), &filter, ALL).await.expect("the log").items;
    entries.reverse();
    entries
}

fn actions(entries: &[AuditEvent]) -> Vec<AuditAction> {
    entries.iter().map(|entry| entry.action).collect()
}

fn changed(field: &str, before: &str, after: &str) -> FieldChange {
    FieldChange { field: field.to_owned(), before: Some(before.to_owned()), after: Some(after.to_owned()) }
}

fn admin_of(tenant: TenantId) -> Actor {
    host_actor("tenant admin", Grant { role: Role::TenantAdmin, tenant: Some(tenant), partner: None })
}

fn member_of(tenant: TenantId) -> Actor {
    host_actor("member", Grant { role: Role::TenantMember, tenant: Some(tenant), partner: None })
}

fn partner(name: &str) -> Actor {
    host_actor("partner admin", Grant { role: Role::PartnerAdmin, tenant: None, partner: Some(name.to_owned()) })
}

fn platform(role: Role) -> Actor {
    host_actor(role.as_str(), Grant::platform(role))
}

/// Everybody who may not write anything, with the status that they get.
fn who_may_not_write(tenant: TenantId) -> Vec<(Actor, ServiceError)> {
    vec![
        (Actor::anonymous(None), ServiceError::Unauthenticated),
        (member_of(tenant), ServiceError::Forbidden),
        (platform(Role::PlatformReader), ServiceError::Forbidden),
        (platform(Role::PlatformSupport), ServiceError::Forbidden),
    ]
}

/// The only problem of an outcome, as field and code.
#[track_caller]
fn problem<T: std::fmt::Debug>(outcome: Result<T, ServiceError>) -> (String, ProblemCode) {
    match outcome {
        Err(ServiceError::Invalid { problems }) if problems.len() == 1 => (problems[0].field.clone(), problems[0].code),
        other => panic!("not one problem: {other:?}"),
    }
}

fn missing<T>(what: &str) -> Result<T, ServiceError> {
    Err(ServiceError::not_found(what))
}
