//! Synchronisation with a directory: its time against that of `ldapsearch`, what it takes of memory, and what others
//! notice of it.

use std::time::{Duration, Instant};

use vestibule::domain::{
    actor::Actor,
    id::ProviderId,
    sync::{SyncLog, SyncMode, SyncOptions, SyncStatus, WantedMode},
};

use crate::{
    client::{Connection, Request},
    database::{Instance, Place},
    directory::{Directory, groups_of},
    process::Server,
    statistics::{median, milliseconds, percentile, ratio},
    table::{Table, Target, Unit},
};

/// How many people the directory has, and how many the smaller one.
const PEOPLE: usize = 50_000;
const FEW: usize = 10_000;
const ROUNDS: usize = 3;
/// Providers beside the directory.
const PROVIDERS: u64 = 100;
/// How often somebody else reads meanwhile, and how many reads a percentile is taken of.
const EVERY: Duration = Duration::from_millis(20);
const READS: usize = 500;

/// How the figures are reported of; fewer people are for looking whether the harness works.
#[expect(clippy::disallowed_methods, reason = "anyone who tries the harness has less time than a figure takes")]
fn scale() -> usize {
    std::env::var("FIGURES_PEOPLE").map_or(PEOPLE, |people| people.parse().expect("FIGURES_PEOPLE is a number"))
}

pub(crate) async fn measure(table: &mut Table) {
    let people = scale();
    let directory = Directory::start(people);
    if people != PEOPLE {
        table.note(format!("Synchronisations were measured with {people} people in place of {PEOPLE}."));
    }
    times(&Place::sqlite(), &directory, table).await;
    match Place::postgres() {
        Some(cluster) => times(&cluster, &directory, table).await,
        None => table.note("Synchronisations into PostgreSQL were left out: VESTIBULE_TEST_POSTGRES names no cluster."),
    }
    let few = Directory::start(people * FEW / PEOPLE);
    for directory in [&few, &directory] {
        beside_others(directory, table).await;
    }
}

/// The time of runs against that of `ldapsearch` dumping the same, which take turns.
async fn times(place: &Place, directory: &Directory, table: &mut Table) {
    let on = place.name();
    eprintln!("Synchronising {} people into {on}", directory.people);
    let mut dumps = [const { Vec::new() }; 3];
    let mut runs = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        let instance = Instance::with(place, PROVIDERS).await;
        let provider = add(&instance, directory).await;
        for (turn, mode) in [WantedMode::Full, WantedMode::Full, WantedMode::Delta].into_iter().enumerate() {
            dumps[turn].push(milliseconds(directory.dump()));
            let (log, time) = run(&instance, provider, mode).await;
            check(&log, turn, directory.people);
            runs[turn].push(milliseconds(time));
        }
        instance.remove().await;
    }
    let names = ["first full run", "second full run, nothing changed", "delta run, nothing changed"];
    for ((name, most), (dumps, runs)) in names.iter().zip([6.0, 3.0, 0.2]).zip(dumps.iter().zip(&runs)) {
        let name = format!("{on}: synchronisation of {} users, {name}", directory.people);
        table.add(format!("{name}, against ldapsearch"), ratio(runs, dumps), Unit::Times, Target::AtMost(most));
        table.add(name, median(runs), Unit::Milliseconds, Target::None);
    }
    let rate = directory.people as f64 / median(&runs[0]) * 1e3;
    table.add(format!("{on}: first full run, users a second"), rate, Unit::PerSecond, Target::None);
    let dumps = median(&dumps.concat());
    table.add(format!("ldapsearch of {} users into a file", directory.people), dumps, Unit::Milliseconds, Target::None);
}

/// A run is worth its time only when it did everything.
fn check(log: &SyncLog, turn: usize, people: usize) {
    let (users, groups) = (people as u64, groups_of(people) as u64);
    assert_eq!(log.status, SyncStatus::Success, "{log:?}");
    match turn {
        0 => assert_eq!((log.users.created, log.groups.created), (users, groups), "{log:?}"),
        1 => assert_eq!((log.users.unchanged, log.groups.unchanged), (users, groups), "{log:?}"),
        _ => assert_eq!((log.mode, log.users.seen, log.groups.unchanged), (SyncMode::Delta, 0, groups), "{log:?}"),
    }
}

async fn add(instance: &Instance, directory: &Directory) -> ProviderId {
    let providers = &instance.services.providers;
    providers.create(&Actor::operator(), directory.provider()).await.expect("a provider").id
}

/// Runs it to the end; answers its log and how long it took.
async fn run(instance: &Instance, provider: ProviderId, mode: WantedMode) -> (SyncLog, Duration) {
    let (operator, syncs) = (Actor::operator(), &instance.services.syncs);
    let begun = Instant::now();
    let mut log =
        syncs.start(&operator, provider, SyncOptions { mode, ..SyncOptions::default() }).await.expect("a log");
    // Anyone who asks is answered after a while, also when the run goes on.
    while log.status == SyncStatus::Running {
        tokio::time::sleep(Duration::from_millis(10)).await;
        log = syncs.get_log(&operator, provider, log.id).await.expect("a log");
    }
    (log, begun.elapsed())
}

/// The release binary while it synchronises: its memory, and how long others wait who read a provider.
async fn beside_others(directory: &Directory, table: &mut Table) {
    let instance = Instance::with(&Place::sqlite(), PROVIDERS).await;
    let provider = add(&instance, directory).await;
    let server = Server::start_with(&instance, &[("VESTIBULE_OUTBOUND_ALLOW", "127.0.0.1")]).await;
    let (idle, alone) = (server.resident(), reads(&server, &instance, Until::Read(READS)).await);
    server.forget_peak();
    let path = format!("/api/v1/admin/identity-providers/{}/sync?mode=full", provider.prefixed());
    let authorization = format!("Bearer {}", instance.token);
    let ask = Request::post(server.address(), &path, &[("authorization", &authorization)], "");
    let mut beside = Vec::new();
    let mut first_peak = None;
    // As often as it takes for as many reads.
    while beside.len() < READS {
        let (done, is_done) = tokio::sync::oneshot::channel();
        let (ask, instance) = (ask.clone(), &instance);
        let asking = async {
            let answer = ask.send().await;
            let answer: serde_json::Value = serde_json::from_str(answer.text()).expect("JSON");
            let id = answer["data"]["id"].as_str().and_then(|id| id.parse().ok()).expect("a log's id");
            let syncs = &instance.services.syncs;
            let status = loop {
                let log = syncs.get_log(&Actor::operator(), provider, id).await.expect("a log");
                if log.status != SyncStatus::Running {
                    break log.status;
                }
                tokio::time::sleep(EVERY).await;
            };
            assert_eq!(status, SyncStatus::Success);
            let _ = done.send(());
        };
        let ((), times) = tokio::join!(asking, reads(&server, instance, Until::Done(is_done)));
        beside.extend(times);
        first_peak.get_or_insert_with(|| server.peak());
    }
    let name = format!("Synchronisation of {} users on SQLite", directory.people);
    let above = first_peak.expect("a run") - idle;
    table.add(format!("{name}, memory above idle"), above, Unit::Megabytes, Target::AtMost(64.0));
    let (alone, beside) = (percentile(&alone, 0.99), percentile(&beside, 0.99));
    let label = format!("{name}, 50 reads a second beside it, p99");
    table.add(format!("{label} against without"), beside / alone, Unit::Times, Target::AtMost(5.0));
    table.add(label, beside, Unit::Milliseconds, Target::None);
    instance.remove().await;
}

/// When reading ends.
enum Until {
    Read(usize),
    Done(tokio::sync::oneshot::Receiver<()>),
}

/// Reads a provider fifty times a second; answers how long each read took, in milliseconds. One that waits for the one
/// before it counts from the moment it was due.
async fn reads(server: &Server, instance: &Instance, mut until: Until) -> Vec<f64> {
    let path = format!("/api/identity-providers/{}/", instance.slug);
    let request = Request::get(server.address(), &path, &[("authorization", &instance.authorization())]);
    let mut connection = Connection::open(server.address()).await;
    let mut times = Vec::new();
    let mut due = Instant::now();
    loop {
        let is_over = match &mut until {
            Until::Read(count) => times.len() >= *count,
            Until::Done(reported) => reported.try_recv().is_ok(),
        };
        if is_over {
            return times;
        }
        due += EVERY;
        tokio::time::sleep_until(due.into()).await;
        connection.ask(&request).await;
        times.push(milliseconds(due.elapsed()));
    }
}
