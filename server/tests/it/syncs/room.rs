//! Which entries a log keeps when there are more than it has room for.

use vestibule::domain::sync::{EntryAction, Omitted};

use super::world::{FULL, World};

#[tokio::test]
async fn failures_are_reported_first_however_many_users_come_before_them() {
    let world = World::start(1100).await;
    // The last ones to be read among them.
    let faulty: Vec<usize> = (0..14).map(|nth| nth * 20).chain(1086..1100).collect();
    for number in &faulty {
        world.slapd.set(&format!("user{number}"), "mail", "nobody");
    }
    let log = world.run(FULL).await;
    assert_eq!((log.users.failed, log.users.created), (28, 1072));
    assert!(log.entries_truncated);
    assert_eq!(log.omitted, Omitted { failed: 0, skipped: 0, changed: 100 });
    let entries = world.entries(&log).await;
    assert_eq!(entries.len(), 1000);
    let failed: Vec<_> = entries.iter().filter(|entry| entry.action == EntryAction::Failed).collect();
    assert_eq!(failed.len(), 28);
    // The users that are listed are the first ones.
    let created = entries.iter().filter(|entry| entry.action == EntryAction::Created).count();
    assert_eq!(created, 972);
}
