//! What may go wrong between Vestibule and a directory. After each fault the log says what happened, users are as they
//! were, and the next run is as good as ever.
//!
//! Each begins with people who have left the directory, and without the safeguard of a share, so that a run that judged
//! after a fault would be seen.

use vestibule::domain::sync::{SyncFailureCode, SyncLog, SyncOptions, SyncStatus};

use super::{
    proxy::Fault,
    tree::{BASE, Tree},
    world::{FULL, World},
};
use crate::support::{
    slapd::READER,
    tls::{Authority, Identity},
};

/// Enough answers that several pages are on their way.
const PEOPLE: usize = 2000;
/// Somewhere in the third of four pages.
const MIDDLE: usize = 200_000;
/// By this name certificates know the directory.
const NAME: &str = "127.0.0.1";

/// Knows everybody, and then some leave.
async fn know_and_lose(world: &mut World, leaving: usize) {
    world.change(|config| config.sync.max_deactivation_percent = 100).await;
    let log = world.run(FULL).await;
    assert_eq!((log.status, log.users.seen), (SyncStatus::Success, log.users.created));
    world.slapd.remove(0..leaving);
}

/// Runs into a fault, which leaves a log and changes nobody.
async fn fails(world: &World, status: SyncStatus, code: SyncFailureCode, words: &str) -> SyncLog {
    let before = world.users().await;
    assert!(!before.is_empty() && before.iter().all(|user| user.active));
    let log = world.run(FULL).await;
    let failure = log.failure.clone().expect("a reason");
    assert_eq!((log.status, failure.code), (status, code), "{}", failure.message);
    assert!(failure.message.contains(words), "{}", failure.message);
    assert!(log.users.is_consistent() && log.users.changes() == 0, "{:?}", log.users);
    assert_eq!((log.users.deactivated, log.users.deleted), (0, 0));
    assert!(log.finished_at.is_some());
    // No position is left from which a later run would overlook what this one did not see.
    assert_eq!(log.cursor.after, None);
    assert_eq!(world.logs().await.first(), Some(&log));
    assert_eq!(world.users().await, before);
    log
}

/// Without the fault, those who left are found.
async fn recovers(world: &World, left: u64) {
    let log = world.run(FULL).await;
    assert_eq!((log.status, log.users.deactivated), (SyncStatus::Success, left), "{:?}", log.failure);
}

#[tokio::test]
async fn a_connection_that_is_cut_in_the_middle_of_a_page() {
    let (mut world, proxy) = World::behind_a_proxy(PEOPLE).await;
    know_and_lose(&mut world, 2).await;
    proxy.inflict(Fault::Cut(MIDDLE));
    let log = fails(&world, SyncStatus::Partial, SyncFailureCode::ConnectionLost, "was lost").await;
    assert!(log.users.seen > 0 && log.users.seen < PEOPLE as u64 - 2, "{:?}", log.users);
    // Before anything was answered.
    proxy.inflict(Fault::Cut(0));
    let log = fails(&world, SyncStatus::Failed, SyncFailureCode::ConnectionLost, "was lost").await;
    assert_eq!(log.users.seen, 0);
    proxy.inflict(Fault::None);
    recovers(&world, 2).await;
}

#[tokio::test]
async fn bytes_that_are_no_ldap() {
    let (mut world, proxy) = World::behind_a_proxy(PEOPLE).await;
    know_and_lose(&mut world, 2).await;
    proxy.inflict(Fault::Garbage(MIDDLE));
    fails(&world, SyncStatus::Partial, SyncFailureCode::ConnectionLost, "does not speak LDAP").await;
    proxy.inflict(Fault::Garbage(0));
    fails(&world, SyncStatus::Failed, SyncFailureCode::ConnectionLost, "does not speak LDAP").await;
    proxy.inflict(Fault::None);
    recovers(&world, 2).await;
}

#[tokio::test]
async fn the_directorys_time_limit_and_its_lack_of_time() {
    let (mut world, proxy) = World::behind_a_proxy(PEOPLE).await;
    know_and_lose(&mut world, 2).await;
    // A server's shortest limit is a second, and this tree is read in less.
    for (code, failure, words) in [
        (3, SyncFailureCode::Timeout, "longer than the server allows (result code 3)"),
        (11, SyncFailureCode::LimitExceeded, "(result code 11)"),
        (51, SyncFailureCode::LimitExceeded, "has no time at the moment (result code 51, busy)"),
        (52, SyncFailureCode::LimitExceeded, "(result code 52, unavailable)"),
    ] {
        proxy.inflict(Fault::Result(MIDDLE, code));
        fails(&world, SyncStatus::Partial, failure, words).await;
    }
    proxy.inflict(Fault::None);
    recovers(&world, 2).await;
}

#[tokio::test]
async fn the_directorys_size_limit() {
    let limit = format!("limits dn.exact=\"{READER}\" size.prtotal=20");
    let slapd = Tree::start_with(20, |setup| setup.database(&limit));
    let port = slapd.port();
    let mut world = World::over(slapd, port, |config| config.limits.page_size = 10).await;
    know_and_lose(&mut world, 2).await;
    for number in 0..10 {
        world.slapd.add(&format!("new{number}"));
    }
    let before = world.users().await;
    let log = world.run(FULL).await;
    let failure = log.failure.expect("a reason");
    assert_eq!((log.status, failure.code), (SyncStatus::Partial, SyncFailureCode::LimitExceeded));
    assert!(failure.message.contains("more than the server gives at once (result code 4)"), "{}", failure.message);
    assert_eq!((log.users.seen, log.users.unchanged, log.users.created), (20, 18, 2));
    assert_eq!((log.users.deactivated, log.cursor.after), (0, None));
    // Those who came before the limit are known now, and nobody else changed.
    let after = world.users().await;
    assert_eq!(after.len(), before.len() + 2);
    assert!(before.iter().all(|user| after.contains(user)), "{before:?} {after:?}");
    world.change(|config| config.user_filter = Some("(!(uid=new*))".to_owned())).await;
    recovers(&world, 4).await;
}

#[tokio::test]
async fn a_directory_that_answers_too_slowly() {
    let (mut world, proxy) = World::behind_a_proxy(PEOPLE).await;
    know_and_lose(&mut world, 2).await;
    world.change(|config| config.limits.operation_timeout_seconds = 1).await;
    proxy.inflict(Fault::Hold(MIDDLE));
    fails(&world, SyncStatus::Partial, SyncFailureCode::Timeout, "did not answer within 1 second.").await;
    proxy.inflict(Fault::None);
    recovers(&world, 2).await;
}

#[tokio::test]
async fn start_tls_that_is_refused() {
    let mut world = World::start(10).await;
    know_and_lose(&mut world, 2).await;
    world.change(|config| config.start_tls = true).await;
    let log = fails(&world, SyncStatus::Failed, SyncFailureCode::TlsFailed, "the server refused it").await;
    // Nothing was sent in clear instead.
    assert_eq!(log.users.seen, 0);
    world.change(|config| config.start_tls = false).await;
    recovers(&world, 2).await;
}

#[tokio::test]
async fn a_port_that_speaks_no_tls_or_nothing_else() {
    let mut world = World::start(10).await;
    know_and_lose(&mut world, 2).await;
    let url = format!("127.0.0.1:{}", world.slapd.port());
    let (plain, secured) = (format!("ldap://{url}"), format!("ldaps://{url}"));
    world.change(|config| config.urls = vec![secured]).await;
    fails(&world, SyncStatus::Failed, SyncFailureCode::TlsFailed, "but LDAP without it").await;
    world.change(|config| config.urls = vec![plain]).await;
    recovers(&world, 2).await;
}

#[tokio::test]
async fn a_certificate_that_expired_or_is_for_another_name() {
    let authority = Authority::new();
    for (identity, words) in [
        (authority.issue_expired(NAME), "has expired"),
        (authority.issue("other.example"), "for another host name"),
        (Identity::self_signed(NAME), "has a wrong signature"),
    ] {
        let slapd = Tree::start_with(10, |setup| setup.tls(identity));
        let port = slapd.port();
        let mut world = World::over(slapd, port, |_| {}).await;
        know_and_lose(&mut world, 2).await;
        world
            .change(|config| {
                config.start_tls = true;
                config.ca_certificate = Some(String::from_utf8_lossy(authority.pem()).into_owned());
            })
            .await;
        fails(&world, SyncStatus::Failed, SyncFailureCode::TlsFailed, words).await;
        world.change(|config| config.start_tls = false).await;
        recovers(&world, 2).await;
    }
    // A good one is no fault.
    let slapd = Tree::start_with(10, |setup| setup.tls(authority.issue(NAME)));
    let port = slapd.port();
    let world = World::over(slapd, port, |config| {
        config.start_tls = true;
        config.ca_certificate = Some(String::from_utf8_lossy(authority.pem()).into_owned());
    })
    .await;
    assert_eq!(world.run(FULL).await.users.created, 10);
}

#[tokio::test]
async fn a_referral_in_place_of_users() {
    let mut world = World::start(10).await;
    know_and_lose(&mut world, 2).await;
    world.slapd.apply(&format!(
        "dn: ou=elsewhere,{BASE}\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere\n\
         ref: ldap://127.0.0.1:1/ou=people,{BASE}\n"
    ));
    let moved = format!("ou=elsewhere,{BASE}");
    world.change(|config| config.user_base_dn = Some(moved)).await;
    let words = "refers to another server (result code 10)";
    fails(&world, SyncStatus::Failed, SyncFailureCode::SearchFailed, words).await;
    world.change(|config| config.user_base_dn = Some(format!("ou=people,{BASE}"))).await;
    recovers(&world, 2).await;
}

#[tokio::test]
async fn an_answer_without_any_entry() {
    let mut world = World::start(10).await;
    know_and_lose(&mut world, 2).await;
    world.change(|config| config.user_filter = Some("(uid=nobody)".to_owned())).await;
    let words = "no entries, so no user was deactivated";
    let log = fails(&world, SyncStatus::Partial, SyncFailureCode::Safeguard, words).await;
    assert_eq!(log.users.seen, 0);
    // Agreeing does not help: it is no number of users, it is nothing.
    let log = world.run(SyncOptions { confirmed_vanished: Some(1000), ..FULL }).await;
    assert_eq!((log.status, log.users.deactivated), (SyncStatus::Partial, 0));
    world.change(|config| config.user_filter = None).await;
    recovers(&world, 2).await;
}

#[tokio::test]
async fn more_users_vanished_than_allowed() {
    let mut world = World::start(100).await;
    know_and_lose(&mut world, 21).await;
    world.change(|config| config.sync.max_deactivation_percent = 20).await;
    let words = "21 of 100 users were not found, more than the “Deactivation limit” (max_deactivation_percent) of 20%";
    let log = fails(&world, SyncStatus::Partial, SyncFailureCode::Safeguard, words).await;
    assert!(log.safeguard.is_some_and(|said| said.triggered && said.vanished == 21 && said.linked == 100));
    world.change(|config| config.sync.max_deactivation_percent = 21).await;
    recovers(&world, 21).await;
}

#[tokio::test]
async fn more_entries_than_allowed() {
    let mut world = World::start(10).await;
    know_and_lose(&mut world, 1).await;
    world.change(|config| config.limits.max_entries = 8).await;
    let words = "more than 8 entries, the “Entry limit” (max_entries)";
    let log = fails(&world, SyncStatus::Failed, SyncFailureCode::TooManyEntries, words).await;
    assert_eq!(log.users.unchanged, 8);
    world.change(|config| config.limits.max_entries = 9).await;
    recovers(&world, 1).await;
}
