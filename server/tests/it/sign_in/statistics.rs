//! How sign-ins ended over time.

use serde_json::{Value, json};
use vestibule::domain::{
    actor::{Actor, Role},
    timestamp::Timestamp,
};

use super::browser::{Browser, Place, link};
use crate::support::Visitor;

/// 2027-01-15T08:00:00Z, when the tests begin.
const START: i64 = 1_800_000_000_000_000;
const HOUR: i64 = 3_600_000_000;

async fn count(place: &Place, visitor: &Visitor, change: impl FnOnce(&mut Value)) -> Value {
    let mut filter = json!({
        "tenant": null, "provider": null, "since": START, "until": START + 3 * HOUR, "period": "hour",
    });
    change(&mut filter);
    place.app.call(visitor, "sign-ins/statistics", json!({"filter": filter})).await.expect(200)
}

fn numbers(statistics: &Value) -> Vec<[i64; 5]> {
    let periods = statistics["periods"].as_array().expect("periods").iter();
    let of = |period: &Value, name: &str| period[name].as_i64().expect("a number");
    let names = ["signed_in", "refused", "failed", "started", "abandoned"];
    periods.map(|period| names.map(|name| of(period, name))).collect()
}

#[tokio::test]
async fn sign_ins_are_counted_by_outcome_and_period() {
    let place = Place::new().await;
    let other = place.app.database.insert_tenant("other", Some("acme")).await;
    link(&place.app, other, &place.provider).await;
    Browser::default().sign_in(&place, "").await;
    Browser::default().sign_in(&place, "tenant=other").await;
    Browser::default().begin(&place, "").await;
    place.app.clock.advance(60 * 60);
    place.openid.claims(|claims| claims["exp"] = json!(START / 1_000_000 + 2 * 60 * 60));
    let user = place.users().await.into_iter().find(|user| user.tenant != other).expect("a user").id;
    place.app.services.users.set_blocked(&Actor::operator(), user, true, None).await.expect("a block");
    Browser::default().sign_in(&place, "").await;
    Browser::default().sign_in(&place, "").await;
    place.openid.claims(|claims| claims["nonce"] = json!("another"));
    Browser::default().sign_in(&place, "").await;
    Browser::default().begin(&place, "").await;
    let reader = place.app.signed_in(Role::PlatformReader).await;
    let tenant = place.app.signed_in(Role::TenantAdmin).await;
    let acme = place.app.signed_in(Role::PartnerAdmin).await;
    let all = count(&place, &reader, |_| {}).await;
    assert_eq!(numbers(&all), [[2, 0, 0, 0, 1], [0, 2, 1, 1, 0], [0; 5]], "{all}");
    let reasons: Vec<_> =
        all["reasons"].as_array().expect("reasons").iter().map(|one| (&one["reason"], &one["count"])).collect();
    assert_eq!(reasons, [(&json!("blocked"), &json!(2)), (&json!("token_check"), &json!(1))], "{all}");
    let mine = count(&place, &tenant, |_| {}).await;
    assert_eq!(numbers(&mine), [[1, 0, 0, 0, 1], [0, 2, 1, 1, 0], [0; 5]], "{mine}");
    // A filter does not lead out of the tenant.
    let none = count(&place, &tenant, |filter| filter["tenant"] = json!(other)).await;
    assert_eq!(numbers(&none), [[0; 5]; 3], "{none}");
    let partner = count(&place, &acme, |_| {}).await;
    assert_eq!(numbers(&partner)[0], [1, 0, 0, 0, 0], "{partner}");
    let theirs = count(&place, &reader, |filter| filter["tenant"] = json!(other)).await;
    assert_eq!(numbers(&theirs)[0], [1, 0, 0, 0, 0], "{theirs}");
    let at = count(&place, &reader, |filter| filter["provider"] = json!(place.provider.id)).await;
    assert_eq!(numbers(&at), numbers(&all), "{at}");
    let days = count(&place, &reader, |filter| filter["period"] = json!("day")).await;
    assert_eq!(numbers(&days), [[2, 2, 1, 1, 1]], "{days}");
    assert_eq!(days["periods"][0]["start"], json!(Timestamp(START - 8 * HOUR)), "{days}");
}

#[tokio::test]
async fn too_many_periods_are_refused() {
    let place = Place::new().await;
    let visitor = place.app.signed_in(Role::PlatformAdmin).await;
    for (since, until) in [(0, START), (START, START)] {
        let filter = json!({"tenant": null, "provider": null, "since": since, "until": until, "period": "hour"});
        place.app.call(&visitor, "sign-ins/statistics", json!({"filter": filter})).await.expect(422);
    }
}
