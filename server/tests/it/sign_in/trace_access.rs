//! Who reads traces: roles, tenants, and where the API is mounted.

use serde_json::{Value, json};
use vestibule::{
    Dialect,
    domain::{
        actor::{Grant, Role},
        id::TenantId,
        token::NewApiToken,
    },
};

use super::{
    browser::{Browser, Place, link},
    trace::{SIGN_INS, read, reference_of},
};
use crate::support::TestApp;

async fn tenant_token(app: &TestApp, tenant: TenantId) -> String {
    let grant = Grant { role: Role::TenantAdmin, tenant: Some(tenant), partner: None };
    app.new_token(NewApiToken { name: tenant.to_string(), grant, lifetime_seconds: None }).await.1
}

#[tokio::test]
async fn a_tenants_administrator_reads_the_attempts_of_the_tenant_alone() {
    let place = Place::new().await;
    let other = place.app.database.insert_tenant("other", Some("acme")).await;
    link(&place.app, other, &place.provider).await;
    place.openid.claims(|claims| claims["nonce"] = json!("another"));
    // A provider of the platform serves both tenants.
    let here = reference_of(&Browser::default().sign_in(&place, "").await);
    let there = reference_of(&Browser::default().sign_in(&place, "tenant=other").await);
    let nowhere = reference_of(&Browser::default().get(&place.app, &place.callback()).await);
    let mine = tenant_token(&place.app, place.app.default_tenant().await).await;
    let theirs = tenant_token(&place.app, other).await;
    let partner = place.app.token(Role::PartnerAdmin).await;
    let platform = place.app.token(Role::PlatformReader).await;
    for (token, visible) in [
        (&mine, vec![&here]),
        (&theirs, vec![&there]),
        (&partner, vec![&there]),
        (&platform, vec![&nowhere, &there, &here]),
    ] {
        for reference in [&here, &there, &nowhere] {
            let answer = read(&place.app, token, reference).await;
            if visible.contains(&reference) {
                answer.expect(200);
            } else {
                assert_eq!(answer.expect(404), json!({"detail": "Sign-in not found"}));
            }
        }
        let page = read(&place.app, token, "").await.expect(200);
        let listed: Vec<_> = page["data"].as_array().expect("a list").iter().map(|one| &one["reference"]).collect();
        assert_eq!(listed.len(), visible.len(), "{page}");
        assert!(visible.iter().all(|reference| listed.contains(&&json!(reference))), "{page}");
    }
    // A filter does not lead out of the tenant.
    let page = read(&place.app, &mine, &format!("?tenant_id={other}")).await.expect(200);
    assert_eq!(page["data"], json!([]));
    assert_eq!(read(&place.app, &platform, "ABCDEFGHJK").await.status, 404);
    assert_eq!(read(&place.app, &platform, "a%00b").await.status, 404);
}

#[tokio::test]
async fn claims_are_shown_to_those_who_may_see_users() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    place.openid.claims(|claims| claims["sub"] = json!("eve"));
    let reference = reference_of(&Browser::default().sign_in(&place, "").await);
    for (role, status, shows) in [
        (Role::PlatformAdmin, 200, true),
        (Role::PlatformReader, 200, true),
        (Role::PlatformSupport, 200, false),
        (Role::TenantAdmin, 200, true),
        (Role::PartnerAdmin, 404, false),
        (Role::TenantMember, 403, false),
    ] {
        let token = place.app.token(role).await;
        let answer = read(&place.app, &token, &reference).await.expect(status);
        let claims = &answer["data"]["claims"];
        assert_eq!(claims["email"] == "ada@corp.example", shows, "{role:?}: {answer}");
        assert!(shows || *claims == Value::Null, "{role:?}: {answer}");
        assert_eq!(answer.to_string().contains("corp.example"), shows, "{role:?}: {answer}");
    }
    let support = place.app.token(Role::PlatformSupport).await;
    assert_eq!(read(&place.app, &support, "").await.status, 403);
}

#[tokio::test]
async fn traces_are_mounted_with_any_dialect() {
    let app = TestApp::start_with(|builder| builder.dialects([Dialect::Aveva])).await;
    let token = app.token(Role::PlatformAdmin).await;
    assert_eq!(read(&app, &token, "").await.expect(200)["data"], json!([]));
    assert_eq!(app.get(SIGN_INS, None).await.status, 401);
    app.get("/api/openapi/sign-ins.json", None).await.expect(200);
    let app = TestApp::start_with(|builder| builder.dialects([])).await;
    let token = app.token(Role::PlatformAdmin).await;
    assert_eq!(read(&app, &token, "").await.status, 404);
}

#[test]
fn no_path_of_the_traces_is_one_of_a_dialect() {
    use std::collections::BTreeSet;
    let mut seen = BTreeSet::new();
    for description in vestibule::testing::DESCRIPTIONS {
        let document: Value = serde_json::from_str(&description.to_text().expect("a description")).expect("JSON");
        for path in document["paths"].as_object().expect("paths").keys() {
            assert!(seen.insert(path.clone()), "{}: {path} is another API's too", description.name);
        }
    }
}
