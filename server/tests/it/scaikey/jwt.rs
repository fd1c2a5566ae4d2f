//! Tokens of a trusted issuer: everything that is wrong with a token, and what a good one is worth.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;
use vestibule::{JwtSettings, domain::actor::Actor};

use super::api::{ADMIN, Api, detail, oidc};
use crate::support::{
    TestApp,
    hostile::{Hostile, Then},
    issuer::{Issuer, Key, NOW},
};

async fn trusting(issuer: &Issuer) -> Api {
    Api::over(issuer.app().await).await
}

async fn status(api: &Api, token: &str) -> u16 {
    api.send_as(Some(token), "GET", ADMIN, None).await.status
}

#[tokio::test]
async fn tokens_of_each_algorithm_that_counts_are_accepted() {
    let keys = [Key::new("r", Algorithm::RS256), Key::new("e", Algorithm::ES256), Key::new("d", Algorithm::EdDSA)];
    let issuer = Issuer::start(&[&keys[0], &keys[1], &keys[2]]).await;
    let api = trusting(&issuer).await;
    for key in &keys {
        assert_eq!(status(&api, &key.sign(&issuer.claims(json!({})))).await, 200, "{:?}", key.algorithm);
        let several = issuer.claims(json!({"aud": ["other", "vestibule"]}));
        assert_eq!(status(&api, &key.sign(&several)).await, 200);
    }
    assert_eq!(issuer.count(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_not_reported() {
    let key = Key::new("e", Algorithm::ES256);
    let issuer = Issuer::start(&[&key]).await;
    let api = trusting(&issuer).await;
    for change in [
        json!({"iss": "https://evil.example"}),
        json!({"iss": format!("{}/", issuer.name())}),
        json!({"iss": null}),
        json!({"aud": "other"}),
        json!({"aud": ["other"]}),
        json!({"aud": null}),
        json!({"exp": NOW - 60}),
        json!({"exp": null}),
        json!({"exp": "never"}),
        json!({"nbf": NOW + 61}),
        json!({"nbf": "now"}),
        json!({"exp": 1e30}),
        json!({"exp": u64::MAX}),
        json!({"exp": 253_402_300_800_i64}),
        json!({"nbf": -1}),
        json!({"nbf": -1e30}),
        json!({"iat": 1e30}),
        json!({"iat": -1}),
        json!({"iat": "now"}),
        json!({"iat": NOW + 61}),
    ] {
        let token = key.sign(&issuer.claims(change.clone()));
        let answer = api.send_as(Some(&token), "GET", ADMIN, None).await;
        assert_eq!(detail(&answer, 401), "Invalid or expired token", "{change}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    for change in [json!({"exp": NOW - 59}), json!({"nbf": NOW + 60}), json!({"exp": 1_800_000_100.5})] {
        assert_eq!(status(&api, &key.sign(&issuer.claims(change.clone()))).await, 200, "{change}");
    }
    let token = key.sign(&issuer.claims(json!({})));
    api.app.clock.advance(3661);
    assert_eq!(status(&api, &token).await, 401);
}

#[tokio::test]
async fn a_token_does_not_choose_how_it_is_checked() {
    let (rsa, ec) = (Key::new("r", Algorithm::RS256), Key::new("e", Algorithm::ES256));
    let issuer = Issuer::start(&[&rsa, &ec]).await;
    let api = trusting(&issuer).await;
    let claims = issuer.claims(json!({}));
    let header = |algorithm, id: &str| Header { kid: Some(id.to_owned()), ..Header::new(algorithm) };
    let sign = |algorithm, id: &str, key: &EncodingKey| encode(&header(algorithm, id), &claims, key).expect("a token");
    // The public key as a shared secret.
    for secret in
        [rsa.public.as_slice(), rsa.jwk().to_string().as_bytes(), rsa.jwk()["n"].as_str().expect("n").as_bytes()]
    {
        let token = sign(Algorithm::HS256, "r", &EncodingKey::from_secret(secret));
        assert_eq!(status(&api, &token).await, 401);
    }
    // Another algorithm of the same key, and another key of the same name.
    assert_eq!(status(&api, &sign(Algorithm::RS512, "r", &rsa.key)).await, 401);
    assert_eq!(status(&api, &sign(Algorithm::PS256, "r", &rsa.key)).await, 401);
    assert_eq!(status(&api, &Key::new("r", Algorithm::RS256).sign(&claims)).await, 401);
    assert_eq!(status(&api, &sign(Algorithm::ES256, "r", &ec.key)).await, 401);
    // What is compressed or encrypted.
    for (member, value) in [
        ("zip", json!("DEF")),
        ("zip", json!("x")),
        ("enc", json!("A256GCM")),
        ("crit", json!([])),
        ("crit", json!(["exp"])),
    ] {
        let mut header = json!({"alg": "ES256", "kid": "e"});
        header[member] = value;
        let header: Header = serde_json::from_value(header).expect("a header");
        let token = encode(&header, &claims, &ec.key).expect("a token");
        assert_eq!(status(&api, &token).await, 401, "{header:?}");
    }
    // No signature at all.
    let good = ec.sign(&claims);
    let (_, rest) = good.split_once('.').expect("three parts");
    let (payload, signature) = rest.split_once('.').expect("three parts");
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let none = encode(r#"{"alg":"none","typ":"JWT"}"#);
    for token in [
        format!("{none}.{payload}."),
        format!("{none}.{payload}.{signature}"),
        format!("{}.{payload}.{signature}", encode(r#"{"alg":"ES256","kid":"e","crit":["x"],"x":1}"#)),
        good.trim_end_matches(signature).to_owned(),
        "a.b.c".to_owned(),
        "..".to_owned(),
        "x".repeat(20_000),
    ] {
        assert_eq!(status(&api, &token).await, 401, "{token}");
    }
    assert_eq!(status(&api, &good).await, 200);
}

#[tokio::test]
async fn keys_rotate_and_are_not_asked_for_at_every_token() {
    let (old, new) = (Key::new("old", Algorithm::ES256), Key::new("new", Algorithm::ES256));
    let issuer = Issuer::start(&[&old]).await;
    let api = trusting(&issuer).await;
    let claims = issuer.claims(json!({}));
    assert_eq!(status(&api, &old.sign(&claims)).await, 200);
    issuer.rotate(&[&new]);
    // A moment later nobody is asked again, whatever tokens name.
    for _ in 0..3 {
        assert_eq!(status(&api, &new.sign(&claims)).await, 401);
    }
    assert_eq!(issuer.count(), 1);
    api.app.clock.advance(30);
    assert_eq!(status(&api, &new.sign(&claims)).await, 200);
    assert_eq!(status(&api, &old.sign(&claims)).await, 401);
    assert_eq!(issuer.count(), 2);
    // What was known holds for ten minutes, and is looked up again after them.
    api.app.clock.advance(601);
    assert_eq!(status(&api, &new.sign(&claims)).await, 200);
    assert_eq!(issuer.count(), 3);
}

#[tokio::test]
async fn keys_hold_for_an_hour_while_the_issuer_is_silent() {
    let key = Key::new("e", Algorithm::ES256);
    let issuer = Issuer::start(&[&key]).await;
    let api = trusting(&issuer).await;
    let token = key.sign(&issuer.claims(json!({"exp": NOW + 100_000})));
    assert_eq!(status(&api, &token).await, 200);
    drop(issuer);
    api.app.clock.advance(3599);
    assert_eq!(status(&api, &token).await, 200);
    api.app.clock.advance(31);
    let answer = api.send_as(Some(&token), "GET", ADMIN, None).await;
    assert_eq!(detail(&answer, 503), "Service temporarily unavailable");
    // API tokens need no issuer.
    api.send("GET", ADMIN, None).await.expect(200);
}

#[tokio::test]
async fn an_issuer_that_hangs_holds_nobody_for_long() {
    let key = Key::new("e", Algorithm::ES256);
    let hanging = Hostile::raw("", Then::Hang).await;
    let settings = JwtSettings {
        issuer: "https://issuer.example".to_owned(),
        audience: "vestibule".to_owned(),
        jwks_url: Some(hanging.url("/keys")),
        leeway_seconds: 60,
        timeout: Duration::from_secs(1),
    };
    let app = TestApp::start_with(|builder| builder.jwt(settings)).await;
    let api = Api::over(app).await;
    let token = key.sign(&json!({"iss": "https://issuer.example", "aud": "vestibule", "exp": NOW + 60}));
    let (one, other) = tokio::join!(status(&api, &token), status(&api, &token));
    // Anyone who comes a moment later is not made to wait for the same silence again.
    assert_eq!((one, other, status(&api, &token).await), (503, 503, 503));
    assert!(hanging.connections() <= 1, "{} connections", hanging.connections());
}

#[tokio::test]
async fn roles_and_scopes_hold_for_what_they_say() {
    let key = Key::new("e", Algorithm::ES256);
    let issuer = Issuer::start(&[&key]).await;
    let api = trusting(&issuer).await;
    let (a, b) = (api.tenant("A", Some("acme")).await, api.tenant("B", None).await);
    let provider = api.provider_of(&a, "okta").await;
    let platform = api.platform_provider("platform").await;
    let absent = "tnt_00000000000000000000000000000007";
    // What each may do: list all, read the tenant's, change the tenant's, read the platform's.
    for (claims, expected) in [
        (json!({"role": "super_admin"}), [200, 200, 200, 200]),
        (json!({"role": "tenant_admin", "tenant_id": a.id.prefixed()}), [200, 200, 200, 404]),
        (json!({"role": "tenant_admin", "tenant_id": "a"}), [200, 200, 200, 404]),
        (json!({"role": "tenant_admin", "tenant_id": b.id}), [200, 404, 404, 404]),
        (json!({"role": "tenant_admin", "tenant_id": absent}), [403; 4]),
        (json!({"role": "tenant_admin"}), [403; 4]),
        (json!({"role": "partner_admin", "partner_id": "acme"}), [200, 200, 200, 404]),
        (json!({"role": "partner_admin", "partner_id": "other"}), [200, 404, 404, 404]),
        (json!({"role": "partner_admin"}), [403; 4]),
        (json!({"role": "user", "scope": "admin:write"}), [403; 4]),
        (json!({"role": null, "platform_token": true, "scope": "openid admin:read"}), [200, 200, 403, 200]),
        (json!({"role": null, "platform_token": true, "scope": "admin:write"}), [200, 200, 200, 200]),
        (json!({"role": "super_admin", "platform_token": true, "scope": "openid"}), [403; 4]),
    ] {
        let token = key.sign(&issuer.claims(claims.clone()));
        let platform = format!("{ADMIN}{platform}");
        let mut reported = Vec::new();
        for (method, path, body) in [
            ("GET", ADMIN, None),
            ("GET", &a.path(&provider), None),
            ("PATCH", &a.path(&provider), Some(json!({}))),
            ("GET", &platform, None),
        ] {
            reported.push(api.send_as(Some(&token), method, path, body).await.status);
        }
        assert_eq!(reported, expected, "{claims}");
    }
    let lacking = key.sign(&issuer.claims(json!({"platform_token": true})));
    let answer = api.send_as(Some(&lacking), "GET", ADMIN, None).await;
    assert_eq!(answer.text(), r#"{"detail":"Platform token requires admin:read or admin:write scope"}"#);
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn the_audit_log_names_the_subject() {
    let key = Key::new("e", Algorithm::ES256);
    let issuer = Issuer::start(&[&key]).await;
    let api = trusting(&issuer).await;
    let client = json!({"sub": null, "client_id": "app_1", "platform_token": true, "scope": "admin:write"});
    for (name, claims) in [("one", json!({"sub": "operator"})), ("two", client)] {
        let token = key.sign(&issuer.claims(claims));
        api.send_as(Some(&token), "POST", ADMIN, Some(oidc(name))).await.expect(201);
    }
    let page = vestibule::domain::page::PageRequest { offset: 0, limit: 2 };
    let log = api.app.services.audit.list(&Actor::operator(), &Default::default(), page).await.expect("the log");
    let actors: Vec<_> = log.items.iter().map(|entry| entry.actor.as_str()).collect();
    assert_eq!(actors, ["subject app_1", "subject operator"]);
}

#[tokio::test]
async fn without_a_trusted_issuer_no_such_token_counts() {
    let key = Key::new("e", Algorithm::ES256);
    let issuer = Issuer::start(&[&key]).await;
    let api = Api::start().await;
    assert_eq!(status(&api, &key.sign(&issuer.claims(json!({})))).await, 401);
    assert_eq!(issuer.count(), 0);
}

#[tokio::test]
async fn keys_are_read_again_after_the_clock_was_set_back() {
    const DAY: i64 = 24 * 60 * 60;
    let (old, new) = (Key::new("old", Algorithm::ES256), Key::new("new", Algorithm::ES256));
    let issuer = Issuer::start(&[&old]).await;
    let api = trusting(&issuer).await;
    let claims = issuer.claims(json!({"exp": NOW + 2 * DAY}));
    api.app.clock.advance(DAY);
    assert_eq!(status(&api, &old.sign(&claims)).await, 200);
    api.app.clock.advance(-DAY);
    issuer.rotate(&[&new]);
    assert_eq!(status(&api, &old.sign(&claims)).await, 200);
    assert_eq!(status(&api, &new.sign(&claims)).await, 401);
    api.app.clock.advance(30);
    assert_eq!(status(&api, &new.sign(&claims)).await, 200);
    assert_eq!(status(&api, &old.sign(&claims)).await, 401);
    assert_eq!(issuer.count(), 2);
}
