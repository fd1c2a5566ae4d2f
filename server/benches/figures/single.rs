//! One provider through the Waldur dialect, against a handler written by hand.

use std::time::{Duration, Instant};

use serde_json::Value;
use vestibule::domain::{
    actor::{Actor, Grant, Role},
    token::NewApiToken,
};

use crate::{
    bare,
    client::{Request, serve, throughput},
    database::{Instance, Place},
    statistics::{median, milliseconds, ratio},
    table::{Table, Target, Unit},
};

const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(700);

pub(crate) async fn measure(table: &mut Table) {
    let instance = Instance::with(&Place::sqlite(), 100).await;
    let bare = serve(bare::router(&instance.database.url()).await).await;
    let slug = &instance.slug;
    let authorization = instance.authorization();
    let path = format!("/api/identity-providers/{slug}/");
    let requests = [
        Request::get(bare, &format!("/waldur/catalogue/{slug}"), &[]),
        Request::get(instance.address, &path, &[]),
        Request::get(bare, &format!("/waldur/staff/{slug}"), &[]),
        Request::get(instance.address, &path, &[("authorization", &authorization)]),
    ];
    assert_eq!(object(&requests[0]).await, object(&requests[1]).await);
    assert_eq!(object(&requests[2]).await, object(&requests[3]).await);
    let mut rates = [const { Vec::new() }; 4];
    for round in 0..=ROUNDS {
        for (request, rates) in requests.iter().zip(&mut rates) {
            let rate = throughput(request, ROUND).await;
            // The first round warms up.
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    let [bare, anonymous, bare_staff, staff] = &rates;
    let percent = |above, below| 100.0 * ratio(above, below);
    let without = "One provider without a token, throughput against a bare handler";
    table.add(without, percent(anonymous, bare), Unit::Percent, Target::AtLeast(60.0));
    let with = "One provider with a token, throughput against a bare handler";
    table.add(with, percent(staff, bare_staff), Unit::Percent, Target::AtLeast(45.0));
    for (what, rates) in [("bare handler", bare), ("without a token", anonymous), ("with a token", staff)] {
        table.add(format!("One provider, {what}"), median(rates), Unit::PerSecond, Target::None);
    }
    table.add("Creating an API token", token_creation(&instance).await, Unit::Milliseconds, Target::None);
    instance.remove().await;
}

/// The answer, without the one value that differs: the bare handler answers the secret as it is stored.
async fn object(request: &Request) -> Value {
    let mut object: Value = serde_json::from_slice(&request.send().await.body).expect("JSON");
    if let Some(secret) = object.get_mut("client_secret") {
        *secret = Value::Null;
    }
    object
}

async fn token_creation(instance: &Instance) -> f64 {
    let mut times = Vec::new();
    for number in 0..100 {
        let new = NewApiToken {
            name: format!("token {number}"),
            grant: Grant::platform(Role::PlatformAdmin),
            lifetime_seconds: None,
        };
        let start = Instant::now();
        instance.services.tokens.create(&Actor::operator(), new).await.expect("a token");
        times.push(milliseconds(start.elapsed()));
    }
    median(&times)
}
