//! Tokens of a trusted issuer, as this API reads them: the same meaning as everywhere, refused in its own words.

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use vestibule::domain::actor::Actor;

use super::api::{Api, refusal, shown};
use crate::support::{
    ALL, TestApp,
    issuer::{Issuer, Key, NOW},
};

async fn trusting(issuer: &Issuer) -> Api {
    Api::over(issuer.app().await).await
}

#[tokio::test]
async fn roles_and_scopes_become_this_apis_roles() {
    let key = Key::new("e", Algorithm::ES256);
    let issuer = Issuer::start(&[&key]).await;
    let api = trusting(&issuer).await;
    let okta = api.app.create("Okta").await;
    let own = api.app.create_for(api.a, "Own").await;
    let calls = [
        ("GET", "/api/IdentityProvider/".to_owned()),
        ("GET", format!("/api/IdentityProvider/{}", own.id)),
        ("GET", "/api/Tenants/a/IdentityProvider/".to_owned()),
        ("POST", format!("/api/Tenants/a/IdentityProvider/{}", okta.id)),
        ("DELETE", format!("/api/Tenants/a/IdentityProvider/{}", okta.id)),
    ];
    for (claims, expected) in [
        (json!({"role": "super_admin"}), [200, 200, 200, 201, 204]),
        (json!({"role": "tenant_admin", "tenant_id": api.a.prefixed()}), [403, 200, 200, 201, 204]),
        (json!({"role": "tenant_admin", "tenant_id": "b"}), [403, 404, 403, 403, 403]),
        (json!({"role": "partner_admin", "partner_id": "acme"}), [403, 200, 200, 201, 204]),
        (json!({"role": null, "platform_token": true, "scope": "admin:write"}), [200, 200, 200, 201, 204]),
        (json!({"role": null, "platform_token": true, "scope": "admin:read"}), [200, 200, 200, 403, 403]),
        (json!({"role": null, "platform_token": true, "scope": "openid"}), [403; 5]),
        (json!({"role": "user"}), [403; 5]),
        (json!({"role": null}), [403; 5]),
    ] {
        let token = key.sign(&issuer.claims(claims.clone()));
        let mut reported = Vec::new();
        for (method, path) in &calls {
            reported.push(api.call_as(Some(&token), method, path).await.status);
        }
        assert_eq!(reported, expected, "{claims}");
    }
}

#[tokio::test]
async fn a_token_that_does_not_hold_is_refused_in_this_apis_words() {
    let (key, stranger) = (Key::new("e", Algorithm::ES256), Key::new("e", Algorithm::ES256));
    let issuer = Issuer::start(&[&key]).await;
    let api = trusting(&issuer).await;
    let list = "/api/IdentityProvider/";
    let good = issuer.claims(json!({}));
    api.call_as(Some(&key.sign(&good)), "GET", list).await.expect(200);
    for (signer, claims) in [
        (&key, issuer.claims(json!({"aud": "other"}))),
        (&key, issuer.claims(json!({"iss": "https://evil.example"}))),
        (&key, issuer.claims(json!({"exp": NOW - 60}))),
        (&key, issuer.claims(json!({"exp": Value::Null}))),
        (&stranger, good.clone()),
    ] {
        let answer = api.call_as(Some(&signer.sign(&claims)), "GET", list).await;
        refusal(&answer, 401, "Unauthorized.");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let lacking = key.sign(&issuer.claims(json!({"role": null, "platform_token": true})));
    refusal(&api.call_as(Some(&lacking), "GET", list).await, 403, "Forbidden.");
}

#[tokio::test]
async fn what_a_token_links_is_written_down_under_its_subject() {
    let key = Key::new("e", Algorithm::ES256);
    let issuer = Issuer::start(&[&key]).await;
    let api = trusting(&issuer).await;
    let okta = api.app.create("Okta").await;
    let token = key.sign(&issuer.claims(json!({"sub": "usr_7", "role": "tenant_admin", "tenant_id": "a"})));
    let path = format!("/api/Tenants/a/IdentityProvider/{}", okta.id);
    assert_eq!(api.call_as(Some(&token), "POST", &path).await.expect(201), shown(&okta, "sub"));
    let log = api.app.services.audit.list(&Actor::operator(), &Default::default(), ALL).await;
    let newest = log.expect("the log").items.swap_remove(0);
    assert_eq!((newest.actor.as_str(), newest.action.as_str()), ("subject usr_7", "linked"));
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_makes_the_service_unavailable() {
    let key = Key::new("e", Algorithm::ES256);
    let issuer = Issuer::start(&[&key]).await;
    let settings = issuer.settings();
    let token = key.sign(&issuer.claims(json!({})));
    drop(issuer);
    let api = Api::over(TestApp::start_with(|builder| builder.jwt(settings)).await).await;
    let answer = api.call_as(Some(&token), "GET", "/api/IdentityProvider/").await;
    refusal(&answer, 503, "Service unavailable.");
    // API tokens need no issuer.
    api.call("GET", "/api/IdentityProvider/").await.expect(200);
}
