//! Whole sign-ins: `/login`, a provider in this process, the callback, and the page that the browser lands at, with 16
//! people at once. The server is another process, whose CPU time the operating system says.

mod crowd;
mod people;
mod retention;
mod unhurt;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    bare,
    database::{Instance, Place},
    openid::OpenId,
    process::{Server, cpu_seconds},
    statistics::{median, microseconds, milliseconds, ratio},
    table::{Table, Target, Unit},
};
use people::{People, Until};

const AT_ONCE: usize = 16;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(1);

pub(crate) async fn measure(table: &mut Table) {
    against_hand_written(&Place::sqlite(), 1.4, table).await;
    match Place::postgres() {
        Some(cluster) => against_hand_written(&cluster, 2.1, table).await,
        None => table.note("Sign-ins on PostgreSQL were left out: VESTIBULE_TEST_POSTGRES names no cluster."),
    }
    crowd::measure(table).await;
    unhurt::measure(table).await;
    retention::measure(&Place::sqlite(), table).await;
    if let Some(cluster) = Place::postgres() {
        retention::measure(&cluster, table).await;
    }
}

/// The release binary over a database, with a log as the hand-written handlers write.
async fn product(instance: &Instance) -> Server {
    let settings = [("VESTIBULE_LOG", "error"), ("VESTIBULE_OUTBOUND_ALLOW", "127.0.0.1")];
    Server::start_with(instance, &settings).await
}

/// CPU of the server for a sign-in, against handlers that one would write by hand; `most` in signatures.
async fn against_hand_written(place: &Place, most: f64, table: &mut Table) {
    eprintln!("Signing people in on {}", place.name());
    let instance = Instance::with(place, 1).await;
    let (product, bare) = (product(&instance).await, bare::Server::start(&instance.database.url()));
    let sides = [
        (bare.process(), People::of(&instance, bare.address).await),
        (product.process(), People::of(&instance, product.address()).await),
    ];
    // Those whom the product signs in become users, whom the hand-written handlers find.
    sides[1].1.sign_in_each_once(AT_ONCE).await;
    let (mut cpu, mut times) = ([const { Vec::new() }; 2], Vec::new());
    let mut signatures = Vec::new();
    for round in 0..=ROUNDS {
        signatures.push(signature(&instance.openid));
        for (side, (process, people)) in sides.iter().enumerate() {
            let before = cpu_seconds(*process);
            let taken = people.sign_in(AT_ONCE, Until::Passed(ROUND)).await;
            // The first round warms up.
            if round > 0 {
                cpu[side].push((cpu_seconds(*process) - before) * 1e6 / taken.len() as f64);
                if side == 1 {
                    times.extend(taken.into_iter().map(milliseconds));
                }
            }
        }
    }
    let name = format!("{}: a sign-in", place.name());
    let (bare, product, signature) = (median(&cpu[0]), median(&cpu[1]), median(&signatures));
    table.add(
        format!("{name}, CPU of the server against hand-written handlers"),
        ratio(&cpu[1], &cpu[0]),
        Unit::Times,
        Target::AtMost(2.0),
    );
    table.add(
        format!("{name}, CPU of the server against one RSA-2048 signature"),
        product / signature,
        Unit::Times,
        Target::AtMost(most),
    );
    table.add(format!("{name}, CPU of the server"), product, Unit::Microseconds, Target::None);
    table.add(format!("{name}, CPU of hand-written handlers"), bare, Unit::Microseconds, Target::None);
    table.add(format!("{name}, time with {AT_ONCE} at once, median"), median(&times), Unit::Milliseconds, Target::None);
    table.add("CPU of one RSA-2048 signature", signature, Unit::Microseconds, Target::None);
    instance.remove().await;
}

/// How long one signature takes, in microseconds: the median leaves out those that were interrupted.
fn signature(openid: &OpenId) -> f64 {
    let times = (0..100).map(|_| {
        let begun = Instant::now();
        std::hint::black_box(openid.sign("a header and claims"));
        microseconds(begun.elapsed())
    });
    median(&times.collect::<Vec<_>>())
}

/// CPU of a server for a sign-in during a round, in microseconds.
async fn cpu_of_a_sign_in(server: &Server, people: &Arc<People>) -> f64 {
    let before = cpu_seconds(server.process());
    let taken = people.sign_in(AT_ONCE, Until::Passed(ROUND)).await;
    (cpu_seconds(server.process()) - before) * 1e6 / taken.len() as f64
}
