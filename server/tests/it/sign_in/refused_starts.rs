//! Sign-ins that cannot begin: the page shows a reference, and the trace says why.

use serde_json::json;
use vestibule::{
    domain::{
        actor::Actor,
        provider::{NewProvider, ProviderPatch},
        tenant::{NewTenant, TenantPatch, TenantStatus},
    },
    service::TenantRef,
};

use super::{
    browser::{Browser, Place, link, new_provider},
    trace::{last, list, reference_on, trace},
};
use crate::support::app::saml_provider;

#[tokio::test]
async fn a_sign_in_that_cannot_begin_has_a_trace() {
    let place = Place::new().await;
    let (app, operator) = (&place.app, Actor::operator());
    app.create_new(new_provider(app, &place.openid, "Unlinked")).await.expect("a provider");
    let off = NewProvider { enabled: false, ..new_provider(app, &place.openid, "Off") };
    place.add(off).await;
    place.add(saml_provider("Saml")).await;
    let new = NewTenant { slug: None, name: "Closed".to_owned(), partner: None, status: TenantStatus::Active };
    let closed = app.services.tenants.create(&operator, new).await.expect("a tenant").id;
    let suspended = TenantPatch { status: Some(TenantStatus::Suspended), ..TenantPatch::default() };
    app.services.tenants.update(&operator, closed, suspended, None).await.expect("a change");
    let empty = app.database.insert_tenant("empty", None).await;
    for (query, status, reason, tenant) in [
        ("tenant=nobody", 404, "tenant_unknown", None),
        ("tenant=closed", 404, "tenant_unusable", Some(closed)),
        ("tenant=empty", 404, "no_provider", Some(empty)),
        ("provider=nothing", 404, "provider_unknown", Some(app.default_tenant().await)),
        ("provider=unlinked", 404, "not_linked", Some(app.default_tenant().await)),
        ("provider=off", 404, "provider_disabled", Some(app.default_tenant().await)),
        ("provider=saml", 404, "no_protocol", Some(app.default_tenant().await)),
        ("iss=https://other.example", 404, "other_issuer", Some(app.default_tenant().await)),
        ("provider=corp&return_to=https://evil.example/x%3Fy", 400, "return_to", Some(app.default_tenant().await)),
    ] {
        let answer = Browser::default().get(app, &format!("/login?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text());
        assert!(answer.text().contains("2027-01-15 08:00:00 UTC"), "{query}: {}", answer.text());
        let trace = trace(app, &reference_on(&answer)).await;
        assert_eq!((&trace["outcome"], &trace["reason"]), (&json!("refused"), &json!(reason)), "{query}: {trace}");
        assert_eq!(trace["tenant_id"], json!(tenant.map(|id| id.prefixed())), "{query}: {trace}");
        let failure = &last(&trace)["failure"];
        assert!(failure["message"].is_string() && failure["advice"].is_string(), "{query}: {trace}");
        if reason == "return_to" {
            let message = failure["message"].as_str().unwrap_or_default();
            assert!(message.contains("https://evil.example") && !message.contains("/x"), "{message}");
        }
    }
    assert!(list(app, "outcome=started").await.is_empty());
}

#[tokio::test]
async fn a_provider_without_endpoints_is_a_failure_with_a_trace() {
    let place = Place::new().await;
    let token = format!("{}/token", place.openid.issuer());
    let broken = format!("UPDATE vestibule_identity_providers SET config = REPLACE(config, '{token}', 'nowhere')");
    place.app.database.execute(&broken).await;
    let answer = Browser::default().get(&place.app, "/login").await;
    assert_eq!(answer.status, 404, "{}", answer.text());
    let trace = trace(&place.app, &reference_on(&answer)).await;
    assert_eq!((&trace["outcome"], &trace["reason"]), (&json!("failed"), &json!("request")), "{trace}");
}

#[tokio::test]
async fn a_page_without_scripts_shows_no_more_than_before() {
    let place = Place::new().await;
    let other = place.app.database.insert_tenant("other", None).await;
    link(&place.app, other, &place.provider).await;
    let patch = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    place.app.update(&place.provider, patch).await.expect("a change");
    let (operator, reference) = (Actor::operator(), TenantRef::Id(other));
    place.app.services.assignments.unlink(&operator, &reference, place.provider.id).await.expect("no link");
    let strip = |text: &str, reference: &str| text.replace(reference, "");
    let mut pages = Vec::new();
    for query in ["provider=nothing", "provider=corp", "tenant=other&provider=corp"] {
        let answer = Browser::default().get(&place.app, &format!("/login?{query}")).await;
        pages.push(strip(answer.text(), &reference_on(&answer)));
    }
    assert_eq!(pages[0], pages[1], "a disabled provider looks like none");
    assert_eq!(pages[0], pages[2], "a provider of others looks like none");
}

#[tokio::test]
async fn a_flood_of_addresses_is_recorded_in_part() {
    let place = Place::new().await;
    for _ in 0..2_600 {
        let answer = Browser::default().get(&place.app, "/login?tenant=nobody").await;
        assert_eq!(answer.status, 404);
    }
    // A real attempt has room of its own.
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    assert_eq!(list(&place.app, "outcome=signed_in").await.len(), 1);
    let stored = place.app.database.texts("SELECT reference FROM vestibule_sign_in_attempts").await.len();
    assert!(stored < 2_600, "{stored}");
}
