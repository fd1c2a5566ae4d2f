//! Runs that end before their time.

use vestibule::domain::{
    actor::Actor,
    problem::ServiceError,
    provider::ProviderPatch,
    sync::{SyncFailureCode, SyncLog, SyncMode, SyncStatus},
};
use vestibule::testing::Clock as _;

use super::{
    proxy::{Fault, Proxy},
    world::{AUTO, DRY, FULL, World},
};
use crate::support::slapd::READER_PASSWORD;

/// Enough answers that several pages are on their way.
const PEOPLE: usize = 2000;
/// Somewhere in the third of four pages.
const MIDDLE: usize = 200_000;

async fn behind_a_proxy() -> (World, Proxy) {
    World::behind_a_proxy(PEOPLE).await
}

/// A run that stands still in the middle and has stored users.
async fn until_in_the_middle(world: &World, proxy: &Proxy) {
    proxy.until_held().await;
    world.until_stored().await;
}

fn code(log: &SyncLog) -> Option<SyncFailureCode> {
    log.failure.as_ref().map(|failure| failure.code)
}

#[tokio::test]
async fn one_of_two_runs_at_once_is_refused() {
    let (world, proxy) = behind_a_proxy().await;
    proxy.inflict(Fault::Hold(0));
    let second = async {
        proxy.until_held().await;
        let refused = world.try_run(FULL).await;
        let overview = world.app.services.syncs.get_overview(&Actor::operator(), world.provider.id).await;
        assert!(overview.expect("an overview").running.is_some());
        proxy.inflict(Fault::None);
        refused
    };
    let (first, second) = tokio::join!(world.run(FULL), second);
    assert_eq!((first.status, first.users.created), (SyncStatus::Success, PEOPLE as u64));
    assert!(matches!(second, Err(ServiceError::AlreadyRunning { .. })), "{second:?}");
    assert_eq!(world.logs().await.len(), 1);
    // Other nodes are refused just so, and everybody may again once it has ended.
    assert_eq!(world.run(FULL).await.users.unchanged, PEOPLE as u64);
}

#[tokio::test]
async fn a_run_that_is_cancelled_says_so_and_leaves_whole_users() {
    let (world, proxy) = behind_a_proxy().await;
    proxy.inflict(Fault::Hold(MIDDLE));
    let cancel = async {
        until_in_the_middle(&world, &proxy).await;
        let syncs = &world.app.services.syncs;
        assert!(syncs.cancel(&Actor::operator(), world.provider.id).await.expect("cancelled"));
    };
    let (log, ()) = tokio::join!(world.run(FULL), cancel);
    assert_eq!((log.status, code(&log)), (SyncStatus::Partial, Some(SyncFailureCode::Cancelled)));
    assert!(log.users.is_consistent() && log.users.created > 0, "{:?}", log.users);
    let users = world.app.services.users.list(&Actor::operator(), &Default::default(), crate::support::ALL).await;
    assert_eq!(users.expect("the users").total, log.users.created);
    proxy.inflict(Fault::None);
    let next = world.run(FULL).await;
    assert_eq!(next.users.created + next.users.unchanged, PEOPLE as u64);
    assert_eq!(next.users.unchanged, log.users.created);
    let syncs = &world.app.services.syncs;
    assert!(!syncs.cancel(&Actor::operator(), world.provider.id).await.expect("nothing to cancel"));
}

#[tokio::test]
async fn a_server_that_stops_ends_its_runs_with_a_log_and_begins_none() {
    let (world, proxy) = behind_a_proxy().await;
    proxy.inflict(Fault::Hold(MIDDLE));
    let stop = async {
        until_in_the_middle(&world, &proxy).await;
        world.app.vestibule.end_syncs().await;
        // The log says so by the time the server goes.
        world.logs().await.into_iter().next().expect("a log")
    };
    let (_, log) = tokio::join!(world.run(FULL), stop);
    assert_eq!((log.status, code(&log)), (SyncStatus::Partial, Some(SyncFailureCode::Interrupted)));
    assert!(log.finished_at.is_some() && log.users.is_consistent() && log.users.created > 0, "{log:?}");
    proxy.inflict(Fault::None);
    assert!(matches!(world.try_run(FULL).await, Err(ServiceError::Unavailable)));
    let overview =
        world.app.services.syncs.get_overview(&Actor::operator(), world.provider.id).await.expect("an overview");
    assert!(overview.running.is_none());
}

#[tokio::test]
async fn switching_a_provider_off_ends_its_run() {
    let (world, proxy) = behind_a_proxy().await;
    proxy.inflict(Fault::Hold(MIDDLE));
    let switch_off = async {
        proxy.until_held().await;
        world.patch(ProviderPatch { enabled: Some(false), ..ProviderPatch::default() }).await;
    };
    let (log, ()) = tokio::join!(world.run(FULL), switch_off);
    assert_eq!(code(&log), Some(SyncFailureCode::Cancelled));
    assert!(log.failure.is_some_and(|failure| failure.message.contains("disabled")));
    let refused = world.try_run(FULL).await.expect_err("it is disabled");
    assert!(refused.to_string().contains("is disabled"), "{refused}");
}

#[tokio::test]
async fn a_directory_that_cannot_be_read_is_a_log_that_says_why() {
    let mut world = World::start(3).await;
    world.run(FULL).await;
    let before = world.users().await;
    let port = world.slapd.port();
    world.change(|config| config.base_dn = "dc=elsewhere,dc=com".to_owned()).await;
    world.change(|config| config.user_base_dn = None).await;
    let log = world.run(FULL).await;
    assert_eq!((log.status, code(&log)), (SyncStatus::Failed, Some(SyncFailureCode::BaseNotFound)));
    world.change(|config| config.bind_password = Some(vestibule::Secret::new("not that one"))).await;
    let log = world.run(FULL).await;
    assert_eq!((log.status, code(&log)), (SyncStatus::Failed, Some(SyncFailureCode::BindFailed)));
    let text = serde_json::to_string(&log).expect("JSON");
    assert!(!text.contains("not that one") && !text.contains(READER_PASSWORD), "{text}");
    // Nobody listens at a port that was free a moment ago.
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    assert_ne!(closed.port(), port);
    world.change(|config| config.urls = vec![format!("ldap://{closed}")]).await;
    let log = world.run(FULL).await;
    assert_eq!((log.status, code(&log)), (SyncStatus::Failed, Some(SyncFailureCode::ConnectFailed)));
    assert_eq!(world.users().await, before);
}

#[tokio::test]
async fn a_node_that_dies_leaves_a_log_that_failed_and_a_provider_that_is_free() {
    let (world, proxy) = behind_a_proxy().await;
    proxy.inflict(Fault::Hold(MIDDLE));
    die_in_the_middle(&world, async {
        proxy.until_held().await;
        world.until_stored().await;
    })
    .await;
    proxy.inflict(Fault::None);
    // Its lease runs on for a while, for it might come back.
    assert!(matches!(world.try_run(FULL).await, Err(ServiceError::AlreadyRunning { .. })));
    world.app.vestibule.close_interrupted_syncs().await.expect("looked");
    assert_eq!(world.logs().await[0].status, SyncStatus::Running);
    world.app.clock.advance(61);
    world.app.vestibule.close_interrupted_syncs().await.expect("closed");
    let log = &world.logs().await[0];
    assert_eq!((log.status, code(log)), (SyncStatus::Failed, Some(SyncFailureCode::Interrupted)));
    assert!(log.finished_at.is_some() && log.users.is_consistent());
    let users = world.app.services.users.list(&Actor::operator(), &Default::default(), crate::support::ALL).await;
    assert_eq!(users.expect("the users").total, log.users.created);
    let next = world.run(FULL).await;
    assert_eq!((next.status, next.users.unchanged), (SyncStatus::Success, log.users.created));
}

/// Runs it on another node, which ends in the middle and leaves everything as it is.
async fn die_in_the_middle(world: &World, middle: impl Future<Output = ()>) {
    // The other node has a runtime of its own, which ends with everything that runs on it.
    let (database, clock, provider) = (world.app.database.clone(), world.app.clock.clone(), world.provider.id);
    let (reported, ended) = (tokio::sync::oneshot::channel::<()>(), tokio::sync::oneshot::channel::<()>());
    let ((die, dies), (gone, is_gone)) = (reported, ended);
    let node = std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let node = crate::support::TestApp::over(database, clock, |builder| builder).await;
            let operator = Actor::operator();
            tokio::select! {
                log = node.services.syncs.start(&operator, provider, FULL) => panic!("it is held: {log:?}"),
                _ = dies => {}
            }
        });
        runtime.shutdown_background();
        // Nobody waits for it if the test has failed.
        let _ = gone.send(());
    });
    middle.await;
    die.send(()).expect("the node runs");
    is_gone.await.expect("the node ended");
    node.join().expect("the node ended well");
}

#[tokio::test]
async fn a_full_run_that_was_cut_is_followed_by_another_one() {
    let (world, proxy) = behind_a_proxy().await;
    world.run(FULL).await;
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Delta);
    proxy.inflict(Fault::Cut(MIDDLE));
    let cut = world.run(FULL).await;
    assert_eq!((cut.mode, code(&cut)), (SyncMode::Full, Some(SyncFailureCode::ConnectionLost)));
    proxy.inflict(Fault::None);
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Full);
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Delta);
    // Nobody is left to say so when the node dies.
    proxy.inflict(Fault::Hold(MIDDLE));
    die_in_the_middle(&world, proxy.until_held()).await;
    proxy.inflict(Fault::None);
    world.app.clock.advance(61);
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Full);
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Delta);
    // A dry run leaves nothing to those that follow, and takes nothing from them.
    proxy.inflict(Fault::Cut(MIDDLE));
    assert_eq!(code(&world.run(DRY).await), Some(SyncFailureCode::ConnectionLost));
    // Before anything was read there is nothing to do again.
    proxy.inflict(Fault::Cut(0));
    assert_eq!(code(&world.run(FULL).await), Some(SyncFailureCode::ConnectionLost));
    proxy.inflict(Fault::None);
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Delta);
}

#[tokio::test]
async fn a_delta_run_that_was_cut_is_followed_by_one_from_the_same_place() {
    let (mut world, proxy) = behind_a_proxy().await;
    world.change(|config| config.sync.full_interval_hours = 8760).await;
    // The directory says that everybody changed at the beginning of 2026, so that a run after one of the day before reads
    // for a while.
    let now = world.app.clock.now().0 / 1_000_000;
    let before = 1_767_139_200 - now;
    world.app.clock.advance(before);
    world.run(FULL).await;
    world.app.clock.advance(24 * 60 * 60);
    world.slapd.set("user1999", "sn", "Changed");
    proxy.inflict(Fault::Cut(MIDDLE));
    let cut = world.run(AUTO).await;
    assert_eq!((cut.mode, code(&cut)), (SyncMode::Delta, Some(SyncFailureCode::ConnectionLost)));
    proxy.inflict(Fault::None);
    let next = world.run(AUTO).await;
    assert_eq!((next.mode, next.status), (SyncMode::Delta, SyncStatus::Success));
    assert_eq!(next.cursor.before, cut.cursor.before);
    assert_eq!((next.users.seen, next.users.updated + cut.users.updated), (PEOPLE as u64, 1));
}
