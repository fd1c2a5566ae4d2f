//! Many providers, many people at once, and what the server holds afterwards.

use crate::{
    database::{Instance, Place},
    statistics::ratio,
    table::{Table, Target, Unit},
};

use super::{
    AT_ONCE, cpu_of_a_sign_in,
    people::{People, Until},
    product,
};

const PROVIDERS: u64 = 10_000;
const PAIRS: usize = 5;
const STARTS: u64 = 100;
const SIGN_INS: u64 = 50_000;

pub(super) async fn measure(table: &mut Table) {
    let (one, many) = (Instance::with(&Place::sqlite(), 1).await, Instance::with(&Place::sqlite(), PROVIDERS).await);
    let servers = [product(&one).await, product(&many).await];
    let people = [People::of(&one, servers[0].address()).await, People::of(&many, servers[1].address()).await];

    // The first sign-ins of a server that has just begun.
    let asked = |instance: &Instance| (instance.openid.discoveries(), instance.openid.key_requests());
    let before = asked(&one);
    people[0].sign_in(STARTS as usize, Until::SignedIn(STARTS)).await;
    let after = asked(&one);
    let name = format!("{STARTS} sign-ins at once at a new server");
    let (discoveries, keys) = ((after.0 - before.0) as f64, (after.1 - before.1) as f64);
    table.add(format!("{name}, requests for the discovery document"), discoveries, Unit::Count, Target::AtMost(1.0));
    table.add(format!("{name}, requests for the keys"), keys, Unit::Count, Target::AtMost(1.0));

    let mut cpu = [const { Vec::new() }; 2];
    for people in &people {
        people.sign_in_each_once(AT_ONCE).await;
    }
    for _ in 0..PAIRS {
        for side in 0..2 {
            cpu[side].push(cpu_of_a_sign_in(&servers[side], &people[side]).await);
        }
    }
    table.add(
        format!("A sign-in with {PROVIDERS} providers, CPU of the server against one provider"),
        ratio(&cpu[1], &cpu[0]),
        Unit::Times,
        Target::AtMost(1.15),
    );

    people[0].sign_in(AT_ONCE, Until::SignedIn(SIGN_INS)).await;
    table.add(
        format!("Resident memory after {SIGN_INS} sign-ins"),
        servers[0].resident(),
        Unit::Megabytes,
        Target::AtMost(80.0),
    );
    drop(servers);
    one.remove().await;
    many.remove().await;
}
