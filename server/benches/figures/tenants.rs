//! A thousand tenants that list their providers at the same moment.

use std::{sync::Arc, time::Instant};

use tokio::{sync::Barrier, task::JoinSet};
use vestibule::{
    domain::{
        actor::{Actor, Grant, Role},
        token::NewApiToken,
    },
    service::TenantRef,
};

use crate::{
    client::{Connection, Request},
    database::{Instance, tenant_slug},
    statistics::{median, milliseconds, percentile},
    table::{Table, Target, Unit},
};

const TENANTS: u64 = 1000;
const ROUNDS: usize = 5;

pub(crate) async fn measure(instance: &Instance, on: &str, table: &mut Table) {
    let mut requests = Vec::new();
    for number in 0..TENANTS {
        requests.push(list(instance, &tenant_slug(number)).await);
    }
    let (mut ratios, mut slowest) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let times = all_at_once(&requests).await;
        ratios.push(percentile(&times, 1.0) / median(&times));
        slowest.push(percentile(&times, 1.0));
    }
    let name = format!("{on}: 1,000 tenants list their providers at once, the slowest");
    table.add(format!("{name} against the median"), percentile(&ratios, 1.0), Unit::Times, Target::AtMost(10.0));
    table.add(name, median(&slowest), Unit::Milliseconds, Target::None);
}

/// The request of a tenant's own administrator, with a token of their own.
async fn list(instance: &Instance, slug: &str) -> Request {
    let tenant = instance.services.tenants.get(&Actor::operator(), &TenantRef::Slug(slug.to_owned())).await;
    let grant = Grant { role: Role::TenantAdmin, tenant: Some(tenant.expect("a tenant").id), partner: None };
    let new = NewApiToken { name: slug.to_owned(), grant, lifetime_seconds: None };
    let (_, token) = instance.services.tokens.create(&Actor::operator(), new).await.expect("a token");
    let authorization = format!("Bearer {}", token.expose());
    let path = format!("/api/v1/tenants/{slug}/identity-providers/");
    Request::get(instance.address, &path, &[("authorization", &authorization)])
}

/// Milliseconds from the common start to each whole answer, every request on a connection of its own.
async fn all_at_once(requests: &[Request]) -> Vec<f64> {
    let start = Arc::new(Barrier::new(requests.len()));
    let mut asking = JoinSet::new();
    for request in requests {
        let mut connection = Connection::open(request.address).await;
        let (request, start) = (request.clone(), Arc::clone(&start));
        asking.spawn(async move {
            start.wait().await;
            let begun = Instant::now();
            let answer = connection.ask(&request).await;
            let time = milliseconds(begun.elapsed());
            assert!(answer.text().contains("\"total_items\":2,"), "{}", answer.text());
            time
        });
    }
    asking.join_all().await
}
