//! The groups of people who sign in.

use serde_json::{Value, json};
use vestibule::{
    domain::{
        actor::Actor,
        audit::{AuditFilter, AuditObject},
        group::{NewGroup, NewGroupMapping},
        id::GroupId,
        provider::IdentityProvider,
    },
    service::TenantRef,
};

use super::{
    browser::{Browser, Place, new_provider},
    provider::{SigningProvider, USER_INFO},
};
use crate::support::ALL;

async fn group(place: &Place, name: &str) -> GroupId {
    let new = NewGroup { tenant: place.app.default_tenant().await, name: name.to_owned(), description: None };
    place.app.services.groups.create(&Actor::operator(), new).await.expect("a group").id
}

async fn map(place: &Place, provider: &IdentityProvider, external: &str, group: GroupId) {
    let tenant = TenantRef::Id(place.app.default_tenant().await);
    let new = NewGroupMapping {
        claim: None,
        external_group_id: external.to_owned(),
        external_group_name: None,
        internal_group_id: group.prefixed(),
    };
    place.app.services.group_mappings.create(&Actor::operator(), &tenant, provider.id, new).await.expect("a mapping");
}

/// An instance with the groups `Operators` and `Staff`, to which the provider's `ops` and `staff` are mapped.
async fn mapped() -> Place {
    let place = Place::new().await;
    for (external, name) in [("ops", "Operators"), ("staff", "Staff")] {
        let group = group(&place, name).await;
        map(&place, &place.provider, external, group).await;
    }
    place
}

/// Signs in with these groups, and returns those of the tenant that the user is in.
async fn groups(place: &Place, query: &str, sent: Value) -> Vec<String> {
    let members = sent.as_object().expect("an object").clone();
    place.openid.claims(move |claims| claims.as_object_mut().expect("an object").extend(members.clone()));
    let answer = Browser::default().sign_in(place, query).await;
    assert_eq!(answer.status, 303, "{}", place.logged());
    let [user] = &place.users().await[..] else { panic!("one user") };
    let detail = place.app.services.users.get(&Actor::operator(), user.id).await.expect("the user");
    detail.groups.into_iter().map(|group| group.name).collect()
}

#[tokio::test]
async fn each_sign_in_gives_and_takes_the_groups_that_the_provider_sends() {
    let place = mapped().await;
    for (sent, held) in [
        (json!(["ops", "unknown"]), vec!["Operators"]),
        (json!(["staff", "ops"]), vec!["Operators", "Staff"]),
        (json!("staff"), vec!["Staff"]),
        (json!(["OPS"]), vec![]),
        (json!(["ops"]), vec!["Operators"]),
        (json!([]), vec![]),
        (json!(["ops"]), vec!["Operators"]),
    ] {
        assert_eq!(groups(&place, "", json!({"groups": sent})).await, held, "{sent}");
    }
    // Neither the ID token nor the userinfo endpoint names any.
    assert_eq!(groups(&place, "", json!({"groups": null})).await, [""; 0]);
    let audit = &place.app.services.audit;
    let events = audit.list(&Actor::operator(), &AuditFilter::default(), ALL).await.expect("events").items;
    let of_user = events.iter().filter(|event| event.object == AuditObject::User);
    let changes: Vec<_> = of_user.flat_map(|event| &event.changes).map(|change| change.field.as_str()).collect();
    assert_eq!(changes, ["groups"; 8], "no entry where nothing changed");
}

#[tokio::test]
async fn groups_that_entra_leaves_out_stay_and_are_reported() {
    let place = mapped().await;
    let overage = json!({
        "groups": null, "_claim_names": {"groups": "src1"},
        "_claim_sources": {"src1": {"endpoint": "https://graph.windows.net/t/users/u/getMemberObjects"}},
    });
    assert_eq!(groups(&place, "", json!({"groups": ["ops"]})).await, ["Operators"]);
    for sent in [overage, json!({"groups": null, "hasgroups": true}), json!({"groups": {"name": "staff"}})] {
        place.logged();
        assert_eq!(groups(&place, "", sent.clone()).await, ["Operators"], "{sent}");
        assert!(place.logged().contains("groups of a person who signs in stay as they are"), "{sent}");
        place.openid.reset();
    }
}

#[tokio::test]
async fn the_userinfo_endpoint_names_groups_too_and_its_failure_takes_none() {
    let place = mapped().await;
    place.openid.user_info(json!({"sub": "ada", "groups": ["staff"]}));
    assert_eq!(groups(&place, "", json!({})).await, ["Staff"]);
    assert_eq!(place.openid.user_info_requests(), 1);
    assert_eq!(groups(&place, "", json!({"groups": ["staff"]})).await, ["Staff"]);
    assert_eq!(place.openid.user_info_requests(), 1, "the ID token names the groups");
    place
        .openid
        .answer_at(USER_INFO, || axum::response::IntoResponse::into_response(axum::http::StatusCode::NOT_FOUND));
    assert_eq!(groups(&place, "", json!({"groups": null})).await, ["Staff"]);
}

#[tokio::test]
async fn groups_of_other_providers_and_of_removed_mappings() {
    let place = mapped().await;
    assert_eq!(groups(&place, "provider=corp", json!({"groups": ["ops"]})).await, ["Operators"]);
    // Another provider that the user is linked to.
    let openid = SigningProvider::start().await;
    let mut new = new_provider(&place.app, &openid, "Other");
    new.sign_in.match_existing_users = true;
    let corp = place.provider.clone();
    let place = place.with_provider(openid, new).await;
    let guests = group(&place, "Guests").await;
    map(&place, &place.provider, "guests", guests).await;
    let both = ["Guests", "Operators"];
    assert_eq!(groups(&place, "provider=other", json!({"groups": ["guests", "ops"]})).await, both);
    assert_eq!(groups(&place, "provider=other", json!({"groups": []})).await, ["Operators"], "the other's stay");
    assert_eq!(groups(&place, "provider=other", json!({"groups": ["guests"]})).await, both);
    // A mapping that is gone gives nothing any more.
    let tenant = TenantRef::Id(place.app.default_tenant().await);
    let mappings = &place.app.services.group_mappings;
    let listed = mappings.list(&Actor::operator(), &tenant, place.provider.id).await.expect("mappings");
    mappings.delete(&Actor::operator(), &tenant, place.provider.id, listed[0].id).await.expect("a deletion");
    assert_eq!(groups(&place, "provider=other", json!({"groups": ["guests"]})).await, ["Operators"]);
    // A group that is gone is no reason to refuse.
    let listed = mappings.list(&Actor::operator(), &tenant, corp.id).await.expect("mappings");
    let operators = listed[0].internal_group_id.parse().expect("a group");
    place.app.services.groups.delete(&Actor::operator(), operators).await.expect("a deletion");
    let guests_too = json!({"groups": ["guests"]});
    assert_eq!(groups(&place, "provider=other", guests_too).await, [""; 0]);
}
