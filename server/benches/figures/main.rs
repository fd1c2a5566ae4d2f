//! The figures of docs/benchmarks.md, measured on this machine: `make bench` prints the table.
//!
//! Most are ratios of two things that take turns within one run, so that other work on the machine hits both. Load goes
//! to 127.0.0.1 alone, for a bounded time.

mod answers;
mod bare;
mod browser;
mod client;
mod connections;
mod database;
mod directory;
mod lists;
mod mapping;
mod openid;
mod process;
mod sign_ins;
mod single;
#[path = "../../tests/it/support/slapd/process.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod slapd;
mod statistics;
mod syncs;
mod table;
mod tenants;

use self::{database::Place, table::Table};

#[tokio::main]
async fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    bare::serve_if_asked(&wanted).await;
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|name| name == part);
    let mut table = Table::default();
    if is_wanted("single") {
        single::measure(&mut table).await;
    }
    if is_wanted("answers") {
        answers::measure(&Place::sqlite(), &mut table).await;
        match Place::postgres() {
            Some(cluster) => answers::measure(&cluster, &mut table).await,
            None => table.note("Answers on PostgreSQL were left out: VESTIBULE_TEST_POSTGRES names no cluster."),
        }
    }
    if is_wanted("lists") {
        lists::measure(&Place::sqlite(), &mut table).await;
        match Place::postgres() {
            Some(cluster) => lists::measure(&cluster, &mut table).await,
            None => table.note("Lists on PostgreSQL were left out: VESTIBULE_TEST_POSTGRES names no cluster."),
        }
    }
    if is_wanted("connections") {
        connections::measure(&mut table).await;
    }
    if is_wanted("sign_ins") {
        sign_ins::measure(&mut table).await;
    }
    if is_wanted("syncs") {
        syncs::measure(&mut table).await;
    }
    if is_wanted("process") {
        process::measure(&mut table).await;
    }
    if is_wanted("mapping") {
        mapping::measure(&mut table);
    }
    table.print();
}
