//! The first page of the list of providers: with 100,000 against with 100.

use std::time::Instant;

use serde_json::json;
use vestibule::{
    domain::{
        actor::Actor,
        page::PageRequest,
        provider::{ProviderFilter, ProviderSort},
    },
    service::{ProviderRef, Rediscover, UpdateOptions},
};

use crate::{
    client::{Connection, Request},
    database::{Instance, Place},
    statistics::{median, microseconds, milliseconds, percentile, ratio},
    table::{Table, Target, Unit},
    tenants,
};

const FEW: u64 = 100;
const MANY: u64 = 100_000;
/// The portal's pages.
const PAGE: PageRequest = PageRequest { offset: 0, limit: 25 };
const ROUNDS: usize = 15;
/// Enough that the one which counts again each five seconds lies above the 99th percentile.
const CALLS: usize = 200;

pub(crate) async fn measure(place: &Place, table: &mut Table) {
    eprintln!("Writing {MANY} providers on {}", place.name());
    let (few, many) = (Instance::with(place, FEW).await, Instance::with(place, MANY).await);
    let both = [&few, &many];
    let on = place.name();

    let mut pages = [const { Vec::new() }; 2];
    for _ in 0..ROUNDS {
        for (instance, pages) in both.iter().zip(&mut pages) {
            let mut times = Vec::new();
            for _ in 0..CALLS {
                times.push(microseconds(page(instance).await));
            }
            pages.push(percentile(&times, 0.99));
        }
    }
    let [small, large] = &pages;
    table.add(format!("{on}: page query, p99"), ratio(large, small), Unit::Times, Target::AtMost(2.0));
    table.add(format!("{on}: page query with 100,000, p99"), median(large), Unit::Microseconds, Target::None);

    for (what, requests) in [("Waldur list", waldur(both)), ("portal list", portal(both).await)] {
        let (warm, cold) = answers(both, &requests).await;
        let (warm_name, cold_name) = ("total remembered", "total counted");
        let ratio = |times: &[Vec<f64>; 2]| median(&times[1]) / median(&times[0]);
        table.add(format!("{on}: {what}, {warm_name}"), ratio(&warm), Unit::Times, Target::AtMost(2.0));
        table.add(format!("{on}: {what}, {cold_name}"), ratio(&cold), Unit::Times, Target::AtMost(30.0));
        for (name, times) in [(warm_name, &warm), (cold_name, &cold)] {
            let label = format!("{on}: {what} of 100,000, {name}");
            table.add(label, median(&times[1]), Unit::Milliseconds, Target::None);
        }
    }

    searches(&many, on, table).await;
    tenants::measure(&many, on, table).await;
    few.remove().await;
    many.remove().await;
}

/// The list of ScaiKey's administrators: searched against whole, and with the total counted again.
async fn searches(instance: &Instance, on: &str, table: &mut Table) {
    let mut connection = Connection::open(instance.address).await;
    let whole = scaikey(instance, "");
    for (what, term) in [
        ("of one provider", "company+054321"),
        ("of 100 providers", "company+0543"),
        ("of 1,000 providers", "company+054"),
    ] {
        let searched = scaikey(instance, term);
        let mut times = [const { Vec::new() }; 2];
        for _ in 0..ROUNDS {
            let (mut without, mut with) = (Vec::new(), Vec::new());
            for _ in 0..CALLS / 2 {
                without.push(time(&mut connection, &whole).await);
                with.push(time(&mut connection, &searched).await);
            }
            times[0].push(percentile(&without, 0.99));
            times[1].push(percentile(&with, 0.99));
        }
        let [without, with] = &times;
        let label = format!("{on}: ScaiKey list of 100,000, a term {what}, p99");
        table.add(format!("{label} against no term"), ratio(with, without), Unit::Times, Target::AtMost(10.0));
        table.add(label, median(with), Unit::Milliseconds, Target::None);
    }
    for (what, term) in [
        ("one provider", "company+054321"),
        ("all providers", "sign-in"),
        ("all providers in two characters", "gn"),
        ("some in two characters", "77"),
        ("none in two characters", "qq"),
    ] {
        let searched = scaikey(instance, term);
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            forget_totals(instance).await;
            times.push(time(&mut connection, &searched).await);
        }
        let label = format!("{on}: ScaiKey list of 100,000, a term of {what}, total counted, the slowest");
        table.add(label, percentile(&times, 1.0), Unit::Milliseconds, Target::AtMost(150.0));
    }
}

/// The first page of ScaiKey's administrators.
fn scaikey(instance: &Instance, search: &str) -> Request {
    let authorization = format!("Bearer {}", instance.token);
    let path = format!("/api/v1/admin/identity-providers/?search={search}");
    Request::get(instance.address, &path, &[("authorization", &authorization)])
}

/// How long the service takes for the portal's first page.
async fn page(instance: &Instance) -> std::time::Duration {
    let filter = ProviderFilter::default();
    let start = Instant::now();
    let page = instance.services.providers.list(&Actor::operator(), &filter, ProviderSort::default(), PAGE).await;
    let time = start.elapsed();
    assert!(!page.expect("a page").items.is_empty());
    time
}

fn waldur(instances: [&Instance; 2]) -> [Request; 2] {
    instances.map(|instance| {
        let authorization = instance.authorization();
        let path = "/api/identity-providers/?page_size=10";
        Request::get(instance.address, path, &[("authorization", &authorization)])
    })
}

async fn portal([few, many]: [&Instance; 2]) -> [Request; 2] {
    let body = json!({ "filter": ProviderFilter::default(), "sort": ProviderSort::default(), "page": PAGE });
    let (one, other) = (few.sign_in().await, many.sign_in().await);
    [(few, one), (many, other)]
        .map(|(instance, cookie)| instance.function("providers/list", &body.to_string(), Some(&cookie)))
}

/// The times of whole answers, few and many: with the total remembered, and right after a write made it forgotten.
async fn answers(instances: [&Instance; 2], requests: &[Request; 2]) -> ([Vec<f64>; 2], [Vec<f64>; 2]) {
    let mut warm = [const { Vec::new() }; 2];
    let mut cold = [const { Vec::new() }; 2];
    let mut connections = Vec::new();
    for request in requests {
        connections.push(Connection::open(request.address).await);
    }
    for _ in 0..2 * ROUNDS {
        for one in 0..2 {
            forget_totals(instances[one]).await;
            cold[one].push(time(&mut connections[one], &requests[one]).await);
            for _ in 0..CALLS / 10 {
                warm[one].push(time(&mut connections[one], &requests[one]).await);
            }
        }
    }
    (warm, cold)
}

async fn time(connection: &mut Connection, request: &Request) -> f64 {
    let start = Instant::now();
    let answer = connection.ask(request).await;
    let time = milliseconds(start.elapsed());
    assert!(answer.body.len() > 100, "{}", answer.text());
    time
}

/// Changes a provider, after which every total is counted again.
async fn forget_totals(instance: &Instance) {
    let reference = ProviderRef::PlatformOidc(instance.slug.clone());
    let patch = vestibule::domain::provider::ProviderPatch {
        management_url: Some("https://id.example.com/account".to_owned()),
        ..Default::default()
    };
    let options = UpdateOptions {
        expected_version: None,
        rediscover: Rediscover::WhenConnectionChanges,
        demand: vestibule::domain::provider::DiscoveryDemand::Usable,
    };
    instance.services.providers.update(&Actor::operator(), &reference, patch, options).await.expect("a change");
}
