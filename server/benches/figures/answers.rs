//! Whole answers of the dialects against handlers written by hand, each side in a process of its own: a page of
//! providers, one provider, and creating one. Four requests are under way at once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    bare,
    client::{Make, Request, load},
    database::{Instance, Place},
    process::{Server, cpu_seconds},
    statistics::{median, ratio},
    table::{Table, Target, Unit},
};

const PROVIDERS: u64 = 1_000;
const AT_ONCE: usize = 4;
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(700);

/// What is asked of both sides.
struct Comparison {
    what: &'static str,
    most: f64,
    /// The hand-written handler's, the product's.
    requests: [Make; 2],
    /// The keys of an answer that differ between the two, wherever they are.
    differing: &'static [&'static str],
}

pub(crate) async fn measure(place: &Place, table: &mut Table) {
    let instance = Instance::with(place, PROVIDERS).await;
    // The handlers write no log either.
    let product = Server::start_with(&instance, &[("VESTIBULE_LOG", "warn")]).await;
    let bare = bare::Server::start(&instance.database.url());
    for comparison in comparisons(&instance, &product, &bare) {
        let Comparison { what, most, requests, differing } = comparison;
        let [expected, answered] = [&requests[0], &requests[1]].map(async |request| {
            let answer = request(0).send().await;
            without(serde_json::from_slice(&answer.body).expect("JSON"), differing)
        });
        assert!(expected.await == answered.await, "the answers differ: {what}");
        let processes = [bare.process(), product.process()];
        let (mut times, mut cpu) = ([const { Vec::new() }; 2], [const { Vec::new() }; 2]);
        for round in 0..=ROUNDS {
            for side in 0..2 {
                let before = cpu_seconds(processes[side]);
                let (answers, time) = load(&requests[side], AT_ONCE, ROUND).await;
                // The first round warms up.
                if round > 0 {
                    times[side].push(time.as_secs_f64() * 1e6 / answers as f64);
                    cpu[side].push((cpu_seconds(processes[side]) - before) * 1e6 / answers as f64);
                }
            }
        }
        let label = format!("{}: {what}", place.name());
        table.add(
            format!("{label}, against a bare handler"),
            ratio(&times[1], &times[0]),
            Unit::Times,
            Target::AtMost(most),
        );
        table.add(format!("{label}, time for an answer"), median(&times[1]), Unit::Microseconds, Target::None);
        table.add(
            format!("{label}, CPU of the server against a bare handler"),
            ratio(&cpu[1], &cpu[0]),
            Unit::Times,
            Target::None,
        );
        table.add(
            format!("{label}, CPU of the server for an answer"),
            median(&cpu[1]),
            Unit::Microseconds,
            Target::None,
        );
    }
    drop((bare, product));
    instance.remove().await;
}

fn comparisons(instance: &Instance, product: &Server, bare: &bare::Server) -> [Comparison; 4] {
    let (ours, theirs) = (product.address(), bare.address);
    let slug = &instance.slug;
    let (staff, bearer) = (instance.authorization(), format!("Bearer {}", instance.token));
    let same = |request: Request| -> Make { Arc::new(move |_| request.clone()) };
    let get = |path: &str, authorization: &str| same(Request::get(ours, path, &[("authorization", authorization)]));
    let plain = |path: &str| same(Request::get(theirs, path, &[]));
    [
        Comparison {
            what: "one provider with a token",
            most: 1.6,
            requests: [
                plain(&format!("/waldur/staff/{slug}")),
                get(&format!("/api/identity-providers/{slug}/"), &staff),
            ],
            differing: &["client_secret"],
        },
        Comparison {
            what: "page of 50 through Waldur's API",
            most: 1.8,
            requests: [plain("/waldur/staff?page_size=50"), get("/api/identity-providers/?page_size=50", &staff)],
            differing: &["client_secret"],
        },
        Comparison {
            what: "page of 50 through ScaiKey's API",
            most: 1.8,
            requests: [plain("/scaikey?per_page=50"), get("/api/v1/admin/identity-providers/?per_page=50", &bearer)],
            differing: &["request_id", "timestamp"],
        },
        Comparison {
            what: "creating a provider through ScaiKey's API",
            most: 2.5,
            requests: [
                creating(move |body| Request::post(theirs, "/scaikey", &[], body), "theirs"),
                creating(
                    move |body| {
                        let path = "/api/v1/admin/identity-providers/";
                        Request::post(ours, path, &[("authorization", &bearer)], body)
                    },
                    "ours",
                ),
            ],
            differing: &["request_id", "timestamp", "id", "name", "slug", "created_at"],
        },
    ]
}

/// A provider that no other request names so.
fn creating(request: impl Fn(&str) -> Request + Send + Sync + 'static, whose: &'static str) -> Make {
    let number = AtomicU64::new(0);
    Arc::new(move |_| {
        let body = json!({
            "name": format!("New {whose} {:06}", number.fetch_add(1, Ordering::Relaxed)),
            "provider_type": "OIDC",
            "oidc_config": {
                "issuer": "https://id.example.com/realms/new",
                "client_id": "vestibule",
                "client_secret": "a secret of forty characters, more or less",
                "scopes": ["openid", "email", "profile"],
            },
        });
        request(&body.to_string())
    })
}

/// A value without these keys, wherever they are.
fn without(value: Value, keys: &[&str]) -> Value {
    match value {
        Value::Object(object) => object
            .into_iter()
            .filter(|(key, _)| !keys.contains(&key.as_str()))
            .map(|(key, value)| (key, without(value, keys)))
            .collect(),
        Value::Array(items) => items.into_iter().map(|item| without(item, keys)).collect(),
        other => other,
    }
}
