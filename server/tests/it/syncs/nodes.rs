//! Nodes as processes of their own over one database.

use vestibule::domain::{
    actor::{Actor, Role},
    problem::ServiceError,
    sync::{SyncFailureCode, SyncStatus, SyncTrigger},
};

use super::{
    proxy::Fault,
    world::{FULL, World},
};
use crate::support::node::Node;

/// What a node says when it has looked what is due.
const LOOKED: &str = "looked which directories are due";

#[tokio::test]
async fn two_processes_run_what_is_due_once() {
    let world = World::start_with(5, |config| config.sync.enabled = true).await;
    let (mut one, mut two) = tokio::join!(Node::start(&world.app.database), Node::start(&world.app.database));
    let looks = tokio::join!(one.until(LOOKED), two.until(LOOKED));
    let (runner, idle) = match (looks.0.contains("begun=1"), looks.1.contains("begun=1")) {
        (true, false) => (&mut one, looks.1),
        (false, true) => (&mut two, looks.0),
        other => panic!("{other:?}: {looks:?}"),
    };
    assert!(idle.contains("begun=0"), "{idle}");
    // A run that ends makes room, so the node looks again.
    runner.until(LOOKED).await;
    let logs = world.logs().await;
    let [log] = logs.as_slice() else { panic!("{logs:?}") };
    assert_eq!((log.status, log.trigger, log.users.created), (SyncStatus::Success, SyncTrigger::Scheduled, 5));
}

#[tokio::test]
async fn a_process_that_is_killed_leaves_a_failed_log_a_free_provider_and_whole_users() {
    let (mut world, proxy) = World::behind_a_proxy(2000).await;
    world.change(|config| config.sync.enabled = true).await;
    // Somewhere in the third of four pages.
    proxy.inflict(Fault::Hold(200_000));
    let node = Node::start(&world.app.database).await;
    proxy.until_held().await;
    node.kill();
    proxy.inflict(Fault::None);
    // It might come back, as far as the others know.
    assert!(matches!(world.try_run(FULL).await, Err(ServiceError::AlreadyRunning { .. })));
    assert_eq!(world.logs().await[0].status, SyncStatus::Running);
    // Its lease was given by the machine's clock, which is a little ahead of the test's by now.
    world.app.clock.advance(10 * 60);
    world.app.vestibule.close_interrupted_syncs().await.expect("closed");
    let log = &world.logs().await[0];
    assert_eq!((log.status, log.trigger), (SyncStatus::Failed, SyncTrigger::Scheduled));
    assert_eq!(log.failure.as_ref().map(|failure| failure.code), Some(SyncFailureCode::Interrupted));
    assert!(log.finished_at.is_some() && log.users.is_consistent(), "{log:?}");
    // Anyone who was written is written completely, and counted.
    let users = world.app.services.users.list(&Actor::operator(), &Default::default(), crate::support::ALL).await;
    assert_eq!(users.expect("the users").total, log.users.created);
    let half = "SELECT username FROM vestibule_users u WHERE NOT EXISTS \
                (SELECT 1 FROM vestibule_directory_links l WHERE l.user_id = u.id)";
    assert_eq!(world.app.database.texts(half).await, Vec::<String>::new());
    let next = world.run(FULL).await;
    assert_eq!((next.status, next.users.unchanged), (SyncStatus::Success, log.users.created));
    assert_eq!(next.users.created + next.users.unchanged, 2000);
}

#[tokio::test]
async fn a_lone_server_that_was_killed_goes_on_at_once_where_it_can_know_that_it_is_alone() {
    let (mut world, proxy) = World::behind_a_proxy(2000).await;
    if world.app.database.is_postgres() {
        // Nodes on other machines are known by the time of their leases alone.
        return;
    }
    world.change(|config| config.sync.enabled = true).await;
    let token = world.app.token(Role::PlatformAdmin).await;
    let path = format!("/api/v1/admin/identity-providers/{}/sync", world.provider.id.prefixed());
    let (database, _slapd) = world.leave();
    let statuses = "SELECT status FROM vestibule_sync_logs ORDER BY started_at";
    proxy.inflict(Fault::Hold(200_000));
    let node = Node::start(&database).await;
    proxy.until_held().await;
    // A process that begins beside it does not take its run for one of the dead.
    let other = Node::start(&database).await;
    assert_eq!(database.texts(statuses).await, ["running"]);
    other.kill();
    node.kill();
    proxy.inflict(Fault::None);
    let node = Node::start(&database).await;
    assert_eq!(database.texts(statuses).await, ["failed"]);
    let report = database.texts("SELECT report FROM vestibule_sync_logs").await.remove(0);
    assert!(report.contains("\"interrupted\""), "{report}");
    let request = reqwest::Client::new().post(format!("{}{path}", node.address)).bearer_auth(token);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap_or_default());
    assert_eq!(database.texts(statuses).await, ["failed", "success"]);
}
