//! Ten thousand connection tests on schedule: what they take of memory, and how many run at once.

use std::time::Duration;

use crate::{
    database::{Instance, Place},
    process::Server,
    table::{Table, Target, Unit},
};

/// One in ten is disabled, and those are not tested.
const PROVIDERS: u64 = 11_200;
const TESTS: u64 = 10_000;
/// How many tests may run at once.
const CONCURRENCY: u64 = 8;
/// All tests together must end within this time.
const LONGEST_RUN: Duration = Duration::from_secs(10 * 60);

pub(crate) async fn measure(table: &mut Table) {
    eprintln!("Testing the connections of {PROVIDERS} providers");
    let instance = Instance::with(&Place::sqlite(), PROVIDERS).await;
    let before = instance.openid.discoveries();
    let concurrency = CONCURRENCY.to_string();
    let server = Server::start_with(
        &instance,
        &[
            ("VESTIBULE_CONNECTION_TESTS_INTERVAL_MINUTES", "1440"),
            ("VESTIBULE_CONNECTION_TESTS_CONCURRENCY", &concurrency),
            ("VESTIBULE_OUTBOUND_ALLOW", "127.0.0.1"),
        ],
    )
    .await;
    let (idle, mut most) = (server.resident(), 0.0_f64);
    instance.openid.forget_the_busiest_moment();
    let begun = tokio::time::Instant::now();
    while instance.openid.discoveries() - before < TESTS {
        assert!(begun.elapsed() < LONGEST_RUN, "{} of the tests were done", instance.openid.discoveries() - before);
        tokio::time::sleep(Duration::from_millis(50)).await;
        most = most.max(server.resident());
    }
    let name = "10,000 connection tests";
    table.add(format!("{name}, memory above idle"), most - idle, Unit::Megabytes, Target::AtMost(32.0));
    let at_once = instance.openid.busiest_moment();
    table.add(
        format!("{name}, most at once with {CONCURRENCY} allowed"),
        at_once as f64,
        Unit::Count,
        Target::AtMost(CONCURRENCY as f64),
    );
    instance.remove().await;
}
