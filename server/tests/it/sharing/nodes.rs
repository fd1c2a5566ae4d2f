//! Several nodes on one database that nobody has used before.

use std::sync::Arc;

use vestibule::domain::{actor::Actor, page::PageRequest};

use crate::support::{ALL, TestApp, TestClock, TestDatabase};

/// Starts nodes on threads of their own, as processes would.
fn start_at_once(database: &Arc<TestDatabase>, count: usize) -> Vec<Result<(), String>> {
    let barrier = Arc::new(std::sync::Barrier::new(count));
    let start = || {
        let (database, barrier) = (database.clone(), barrier.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            barrier.wait();
            runtime.block_on(async {
                let base_url = "https://id.example.com".parse().expect("a URL");
                let started = TestApp::try_over(database, TestClock::default(), base_url, |builder| builder).await;
                started.map(|_| ()).map_err(|error| format!("{error:?}"))
            })
        })
    };
    let threads: Vec<_> = (0..count).map(|_| start()).collect();
    threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
}

async fn check(database: Arc<TestDatabase>) {
    let shared = database.clone();
    let outcomes = tokio::task::spawn_blocking(move || start_at_once(&shared, 4)).await.expect("no panic");
    assert_eq!(outcomes, vec![Ok(()); 4]);
    assert_eq!(database.texts("SELECT slug FROM vestibule_tenants").await, ["default"]);
    let app = TestApp::over(database, TestClock::default(), |builder| builder).await;
    app.get("/readyz", None).await.expect(200);
}

#[tokio::test]
async fn four_nodes_that_start_at_once_leave_one_default_tenant() {
    check(Arc::new(TestDatabase::fresh().await)).await;
}

#[tokio::test]
async fn four_processes_on_one_sqlite_file_do_too() {
    check(Arc::new(TestDatabase::sqlite())).await;
}

#[tokio::test]
async fn what_one_node_writes_the_other_reads() {
    let app = TestApp::start().await;
    let other = app.second_node().await;
    app.create("Okta").await;
    let page = PageRequest { offset: 0, limit: 10 };
    let seen = other.services.catalogue.list(page).await.expect("the catalogue");
    assert_eq!(seen.items.len(), 1);
    let tenants = other.services.tenants.list(&Actor::operator(), &Default::default(), ALL).await.expect("the tenants");
    assert_eq!(tenants.total, 1);
}
