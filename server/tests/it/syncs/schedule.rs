//! Scheduled runs.

use vestibule::{
    domain::{
        actor::Actor,
        problem::ServiceError,
        provider::ProviderPatch,
        sync::{SyncMode, SyncStatus, SyncTrigger},
    },
    testing::Clock as _,
};

use super::world::{DRY, FULL, World};
use crate::support::TestApp;

async fn ran(app: &TestApp) -> u64 {
    app.vestibule.sync_due_directories().await.expect("the database answers")
}

#[tokio::test]
async fn a_directory_is_synchronised_when_it_is_due_and_not_before() {
    let world = World::start_with(2, |config| {
        config.sync.enabled = true;
        config.sync.interval_minutes = 60;
    })
    .await;
    assert_eq!(ran(&world.app).await, 1);
    let log = &world.logs().await[0];
    assert_eq!((log.status, log.trigger, log.by.as_str()), (SyncStatus::Success, SyncTrigger::Scheduled, "schedule"));
    // Up to a tenth of the hour sooner.
    world.app.clock.advance(53 * 60);
    assert_eq!(ran(&world.app).await, 0);
    world.app.clock.advance(7 * 60);
    assert_eq!(ran(&world.app).await, 1);
    // One that somebody asked for counts, and a dry run does not.
    world.app.clock.advance(50 * 60);
    world.run(FULL).await;
    world.run(DRY).await;
    world.app.clock.advance(10 * 60);
    assert_eq!(ran(&world.app).await, 0);
    let overview =
        world.app.services.syncs.get_overview(&Actor::operator(), world.provider.id).await.expect("an overview");
    assert!(overview.next_run.is_some());
    assert_eq!((overview.users, overview.running), (2, None));
    assert_eq!(overview.last.map(|log| (log.trigger, log.dry_run)), Some((SyncTrigger::Manual, false)));
}

#[tokio::test]
async fn two_nodes_run_it_once() {
    let world = World::start_with(2, |config| config.sync.enabled = true).await;
    let other = world.app.second_node().await;
    let (one, two) = tokio::join!(ran(&world.app), ran(&other));
    assert_eq!((one + two, world.logs().await.len()), (1, 1));
}

#[tokio::test]
async fn what_is_not_scheduled_or_switched_off_is_left_alone() {
    let mut world = World::start(2).await;
    assert_eq!(ran(&world.app).await, 0);
    world.change(|config| config.sync.enabled = true).await;
    world.patch(ProviderPatch { enabled: Some(false), ..ProviderPatch::default() }).await;
    assert_eq!(ran(&world.app).await, 0);
    world.patch(ProviderPatch { enabled: Some(true), ..ProviderPatch::default() }).await;
    assert_eq!(ran(&world.app).await, 1);
}

#[tokio::test]
async fn a_hundred_logs_are_kept_and_none_for_longer_than_ninety_days() {
    let world = World::start(1).await;
    for _ in 0..103 {
        world.run(FULL).await;
    }
    assert_eq!(world.logs().await.len(), 100);
    world.app.clock.advance(91 * 24 * 60 * 60);
    world.run(FULL).await;
    tokio::select! {
        () = world.app.vestibule.housekeeping(0) => unreachable!("it never ends"),
        () = async {
            while world.logs().await.len() > 1 {
                tokio::task::yield_now().await;
            }
        } => {}
    }
    assert_eq!(world.logs().await.len(), 1);
}

#[tokio::test]
async fn a_clock_that_was_ahead_puts_off_neither_runs_nor_changes() {
    const YEAR: i64 = 365 * 24 * 60 * 60;
    let world = World::start_with(2, |config| config.sync.enabled = true).await;
    world.app.clock.advance(YEAR);
    assert_eq!(ran(&world.app).await, 1);
    world.app.clock.advance(-YEAR);
    assert_eq!((ran(&world.app).await, ran(&world.app).await), (1, 0));
    // Changes since a moment that is still to come would be none.
    assert!(world.logs().await.iter().all(|log| log.mode == SyncMode::Full));
}

#[tokio::test]
async fn a_lease_from_a_clock_that_was_ahead_ends_within_a_minute() {
    let world = World::start(2).await;
    world.run(FULL).await;
    let held = format!(
        "UPDATE vestibule_sync_state SET holder = idp_id, lease_until = {}",
        world.app.clock.now().plus_seconds(365 * 24 * 60 * 60).0
    );
    world.app.database.execute(&held).await;
    let (syncs, operator) = (&world.app.services.syncs, Actor::operator());
    let start = || syncs.start(&operator, world.provider.id, FULL);
    assert!(matches!(start().await, Err(ServiceError::AlreadyRunning { .. })));
    world.app.clock.advance(61);
    assert_eq!(start().await.expect("a run").status, SyncStatus::Success);
}
