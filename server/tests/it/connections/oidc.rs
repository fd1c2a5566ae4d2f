//! The steps of testing an OpenID provider.

use serde_json::{Value, json};
use vestibule::domain::{
    actor::Actor,
    connection::{StepStatus, TestProgress, TestReport},
    patch::Patch,
    provider::{ConfigInput, DiscoveryDemand, OidcEndpoints, OidcInput, OidcPatch, ProviderPatch},
};
use vestibule::service::{ProviderRef, Rediscover, UpdateOptions};

use super::{ReportedProgress, entered, odd, step, steps, test, test_entered, unread};
use crate::support::{
    TestApp,
    hostile::{self, Hostile, Then},
    openid::{OpenIdProvider, rsa_key},
};

const STEPS: [&str; 8] = ["address", "discovery", "issuer", "endpoints", "sign_in", "client", "scopes", "keys"];

/// Tests a provider whose document differs from a flawless one in one member.
async fn with(member: &str, value: Value) -> TestReport {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    provider.set(member, value);
    test_entered(&app, entered(provider.issuer())).await
}

#[tokio::test]
async fn a_flawless_provider_passes_every_step_and_tells_each() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let reported = ReportedProgress::default();
    let config = ConfigInput::Oidc(entered(provider.issuer()));
    let tests = &app.services.connections;
    let report =
        tests.test_unsaved(&Actor::operator(), None, None, config, None, reported.progress()).await.expect("a report");
    assert_eq!(steps(&report), STEPS.map(|name| (name, StepStatus::Ok)));
    assert_eq!((report.status(), report.message().as_str()), (StepStatus::Ok, "The connection works."));
    assert!(report.warnings.is_empty());
    let mut expected = Vec::new();
    for step in &report.steps {
        expected.extend([TestProgress::Started(step.name), TestProgress::Step(step.clone())]);
    }
    expected.push(TestProgress::Done(report));
    assert_eq!(reported.all(), expected);
}

#[tokio::test]
async fn an_address_that_may_not_be_called_ends_the_test() {
    let app = TestApp::start().await;
    for (address, message) in [
        ("no address", "Enter a full URL, such as https://id.example.com."),
        (
            "{\"issuer\": \"https://idp.example\"}",
            "This is a document, not an address; enter the URL at which the provider publishes it.",
        ),
        (
            "https://{yourOktaDomain}",
            "The address holds the placeholder {yourOktaDomain}; put your own value in its place.",
        ),
        ("ftp://idp.example", "The address starts with ftp:, but only https and http addresses can be fetched."),
        ("https://10.0.0.1", "URL host resolves to a disallowed address (10.0.0.1)."),
        ("https://169.254.169.254", "URL host resolves to a disallowed address (169.254.169.254)."),
    ] {
        let report = test_entered(&app, entered(address.to_owned())).await;
        assert_eq!(steps(&report), [("address", StepStatus::Failed)], "{address}");
        let step = step(&report, "address");
        assert!(step.message.ends_with(message), "{}", step.message);
        assert!(!step.advice.is_empty());
        assert_eq!(report.message(), step.message);
    }
}

#[tokio::test]
async fn a_document_that_cannot_be_read_ends_the_test() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let address = provider.discovery_url();
    provider.set_status(503);
    let report = test_entered(&app, entered(provider.issuer())).await;
    assert_eq!(steps(&report), [("address", StepStatus::Ok), ("discovery", StepStatus::Failed)]);
    let failed = step(&report, "discovery");
    assert_eq!(failed.message, format!("Could not read {address}: the server answered HTTP 503."));
    assert_eq!(failed.advice, "The provider itself fails; try again later, or contact its operator.");

    let page = Hostile::serve(axum::Router::new().fallback_service(hostile::page(200, "text/html", "<p>MARKER"))).await;
    let report = test_entered(&app, entered(page.url("/").to_string())).await;
    let failed = step(&report, "discovery");
    assert!(failed.message.contains("the answer is not JSON") && !failed.message.contains("MARKER"));
    assert_eq!(failed.advice, "This is a web page. Enter the address of the provider's metadata document.");

    let list = Hostile::serve(axum::Router::new().fallback_service(hostile::json("[]"))).await;
    let report = test_entered(&app, entered(list.url("/").to_string())).await;
    let message = &step(&report, "discovery").message;
    assert!(message.starts_with("The document at http://127.0.0.1:"), "{message}");
    assert!(message.contains("is no discovery document"), "{message}");
    let saml = Hostile::serve(axum::Router::new().fallback_service(hostile::page(
        200,
        "application/samlmetadata+xml",
        crate::saml::metadata::OKTA,
    )))
    .await;
    let report = test_entered(&app, entered(saml.url("/").to_string())).await;
    assert_eq!(
        step(&report, "discovery").advice,
        "This is SAML metadata. Add the provider as a SAML provider, and enter this address as its metadata URL."
    );
    let dropped = Hostile::raw("", Then::Close).await;
    let report = test_entered(&app, entered(dropped.url("/").to_string())).await;
    assert!(step(&report, "discovery").message.ends_with("closed the connection before the answer was complete."));
}

#[tokio::test]
async fn another_issuer_fails() {
    let report = with("issuer", json!("https://evil.example")).await;
    assert_eq!(odd(&report).name.as_str(), "issuer");
    assert!(odd(&report).message.starts_with("The document names the issuer https://evil.example, and "));
    let report = with("issuer", Value::Null).await;
    assert_eq!(odd(&report).message, "The document does not name issuer.");
}

#[tokio::test]
async fn a_stored_issuer_is_the_one_that_is_expected() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let stored = app.create_new(crate::support::app::oidc_provider("Okta", provider.discovery_url())).await;
    let stored = stored.expect("a provider");
    assert_eq!(test(&app, &stored).await.status(), StepStatus::Ok);
    provider.set("issuer", json!(format!("{}/moved", provider.issuer())));
    let report = test(&app, &stored).await;
    assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("issuer", StepStatus::Failed));
}

#[tokio::test]
async fn steps_say_what_they_looked_at_and_no_more() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    // The document's address says nothing of which issuer to expect.
    let report = test_entered(&app, entered(provider.discovery_url())).await;
    assert_eq!(step(&report, "issuer").message, format!("The document names the issuer {}.", provider.issuer()));
    let report = test_entered(&app, entered(provider.issuer())).await;
    assert_eq!(step(&report, "issuer").message, "The document names the issuer that was expected.");
    assert!(step(&report, "client").message.ends_with("Client ID and secret are tried when a user signs in."));
    let empty = ["response_types_supported", "grant_types_supported", "token_endpoint_auth_methods_supported"];
    for member in empty {
        provider.set(member, json!([]));
        let report = test_entered(&app, entered(provider.issuer())).await;
        assert!(report.success(), "{member}: {:?}", report.message());
    }
}

#[tokio::test]
async fn the_advice_about_another_issuer_works_for_stored_providers() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    provider.set("issuer", json!(format!("{}/tenantguid/v2.0/", provider.issuer())));
    // One that nobody has read yet: entering the document's address helps.
    let stored = unread(&app, "B2C", &provider).await;
    let failed = test(&app, &stored).await;
    let advice = format!("enter the address of its document, {}, in place of the issuer", provider.discovery_url());
    assert!(step(&failed, "issuer").advice.contains(&advice), "{}", step(&failed, "issuer").advice);
    let change = OidcPatch { discovery_url: Some(provider.discovery_url()), ..OidcPatch::default() };
    let patch = ProviderPatch { oidc: Some(change), ..ProviderPatch::default() };
    let later = UpdateOptions { expected_version: None, rediscover: Rediscover::Later, demand: DiscoveryDemand::Later };
    let actor = Actor::operator();
    let reference = ProviderRef::Id(stored.id);
    app.services.providers.update(&actor, &reference, patch, later).await.expect("a change");
    let report = test(&app, &stored).await;
    assert!(report.success(), "{}", report.message());
    // One that was read: discovering it again helps.
    provider.set("issuer", json!(format!("{}/other/", provider.issuer())));
    let failed = test(&app, &stored).await;
    assert!(step(&failed, "issuer").advice.contains("discover it again"), "{}", step(&failed, "issuer").advice);
    let version = app.services.providers.get(&actor, &reference).await.expect("the provider").version;
    app.services.providers.rediscover(&actor, stored.id, version).await.expect("a discovery");
    assert!(test(&app, &stored).await.success());
}

#[tokio::test]
async fn endpoints_that_are_missing_or_no_addresses_fail() {
    for member in ["authorization_endpoint", "token_endpoint"] {
        let report = with(member, Value::Null).await;
        assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("endpoints", StepStatus::Failed));
        assert_eq!(odd(&report).message, format!("The document does not name {member}."));
        assert!(with(member, json!("/relative")).await.message().starts_with(&format!("{member} is not a full URL")));
    }
    // Without the address of the keys there is nothing more to do, and no step says that there was.
    for (value, message) in [
        (Value::Null, "The document does not name jwks_uri."),
        (json!(""), "In the document, jwks_uri is an empty text, which counts as absent."),
        (json!("/keys"), "jwks_uri is not a full URL: \"/keys\" is relative."),
        (json!(["https://idp.example/keys"]), "jwks_uri should be text and is a list."),
    ] {
        let report = with("jwks_uri", value).await;
        assert_eq!(steps(&report).len(), STEPS.len() - 1, "{message}");
        assert_eq!(odd(&report).message, message);
    }
    let report = with("userinfo_endpoint", json!("http://idp.example/userinfo")).await;
    assert_eq!(odd(&report).status, StepStatus::Warning);
    assert_eq!(report.warnings, ["userinfo_endpoint does not use https."]);
    assert_eq!(report.message(), "The connection works, with warnings.");
}

#[tokio::test]
async fn endpoints_entered_by_hand_stand_in_for_missing_ones_and_differ_with_a_warning() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    provider.set("token_endpoint", Value::Null);
    let overrides = OidcEndpoints { token: Some("https://idp.example/token".to_owned()), ..OidcEndpoints::default() };
    let input = OidcInput { overrides: overrides.clone(), ..entered(provider.issuer()) };
    let report = test_entered(&app, input.clone()).await;
    assert_eq!(
        odd(&report).message,
        "The provider is configured with the token_endpoint https://idp.example/token, and its document names none."
    );
    provider.heal();
    let report = test_entered(&app, input).await;
    assert_eq!(
        report.warnings,
        [format!(
            "The provider is configured with the token_endpoint https://idp.example/token, and its document names \
             {}/token.",
            provider.issuer()
        )]
    );
}

#[tokio::test]
async fn keys_entered_by_hand_are_read_from_there() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    provider.set("jwks_uri", Value::Null);
    let jwks = Some(format!("{}/keys", provider.issuer()));
    let overrides = OidcEndpoints { jwks, ..OidcEndpoints::default() };
    let report = test_entered(&app, OidcInput { overrides, ..entered(provider.issuer()) }).await;
    assert_eq!((step(&report, "keys").status, report.status()), (StepStatus::Ok, StepStatus::Warning));
}

#[tokio::test]
async fn without_the_code_flow_signing_in_cannot_work() {
    let report = with("response_types_supported", json!(["id_token"])).await;
    assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("sign_in", StepStatus::Failed));
    assert_eq!(odd(&report).message, "The provider does not offer the response type code.");
    let report = with("id_token_signing_alg_values_supported", json!(["ES256"])).await;
    assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("sign_in", StepStatus::Warning));
}

#[tokio::test]
async fn pkce_matters_only_where_it_is_used() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    provider.set("code_challenge_methods_supported", json!(["plain"]));
    let report = test_entered(&app, entered(provider.issuer())).await;
    assert_eq!(report.warnings, ["The provider lists PKCE methods, but not S256."]);
    let report = test_entered(&app, OidcInput { pkce: false, ..entered(provider.issuer()) }).await;
    assert_eq!(report.status(), StepStatus::Ok);
}

#[tokio::test]
async fn a_missing_secret_is_a_warning_where_one_is_needed() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let public = OidcInput { client_secret: Patch::Keep, ..entered(provider.issuer()) };
    let report = test_entered(&app, public.clone()).await;
    assert_eq!(odd(&report).name.as_str(), "client");
    assert_eq!(
        report.warnings,
        ["No client secret is stored, and the provider lists no client authentication without one."]
    );
    provider.set("token_endpoint_auth_methods_supported", json!(["client_secret_basic", "none"]));
    assert_eq!(test_entered(&app, public).await.status(), StepStatus::Ok);
    let report = with("token_endpoint_auth_methods_supported", json!(["tls_client_auth"])).await;
    assert_eq!(odd(&report).message, "The provider lists no client authentication method that is supported here.");
}

#[tokio::test]
async fn a_stored_secret_counts_where_the_form_leaves_it_out() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let stored = unread(&app, "Okta", &provider).await;
    let config = ConfigInput::Oidc(OidcInput { client_secret: Patch::Keep, ..entered(provider.issuer()) });
    let tests = &app.services.connections;
    let report =
        tests.test_unsaved(&Actor::operator(), None, Some(stored.id), config, None, None).await.expect("a report");
    assert_eq!(report.status(), StepStatus::Ok);
    let removed = Patch::Clear;
    let config = ConfigInput::Oidc(OidcInput { client_secret: removed, ..entered(provider.issuer()) });
    let report =
        tests.test_unsaved(&Actor::operator(), None, Some(stored.id), config, None, None).await.expect("a report");
    assert_eq!(odd(&report).name.as_str(), "client");
}

#[tokio::test]
async fn scopes_that_are_not_listed_are_a_warning() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let scopes = ["email", "groups", "openid", "offline_access"].map(str::to_owned).to_vec();
    let input = OidcInput { extra_scopes: Some(scopes), ..entered(provider.issuer()) };
    let report = test_entered(&app, input.clone()).await;
    assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("scopes", StepStatus::Warning));
    assert_eq!(report.warnings, ["The provider does not list these scopes: groups, offline_access."]);
    // Where nothing is listed, nothing was compared, and no step says that it was.
    for nothing in [Value::Null, json!([]), json!("")] {
        provider.set("scopes_supported", nothing);
        let report = test_entered(&app, input.clone()).await;
        assert_eq!(report.status(), StepStatus::Ok);
        assert!(report.steps.iter().all(|step| step.name.as_str() != "scopes"), "{:?}", steps(&report));
    }
    provider.set("scopes_supported", json!("openid email groups offline_access"));
    assert_eq!(step(&test_entered(&app, input).await, "scopes").message, "All requested scopes are supported.");
    let report = with("scopes_supported", json!(["email"])).await;
    assert_eq!(odd(&report).message, "The provider does not list the scope openid.");
}

#[tokio::test]
async fn keys_that_verify_nothing_fail() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    provider.set_keys(json!({"keys": [{"kty": "oct", "kid": "a", "alg": "HS256"}]}));
    let report = test_entered(&app, entered(provider.issuer())).await;
    assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("keys", StepStatus::Failed));
    provider.set_keys(json!({"keys": [rsa_key("a"), rsa_key("a")]}));
    let report = test_entered(&app, entered(provider.issuer())).await;
    assert_eq!((odd(&report).name.as_str(), odd(&report).status), ("keys", StepStatus::Warning));
    let report = with("jwks_uri", json!("http://169.254.169.254/keys")).await;
    assert!(report.message().contains("169.254.169.254"), "{}", report.message());
    assert_eq!(step(&report, "keys").status, StepStatus::Failed);
}

#[tokio::test]
async fn a_huge_issuer_makes_no_huge_report() {
    let report = with("issuer", json!(format!("https://evil.example/{}", "x".repeat(500_000)))).await;
    assert!(odd(&report).message.chars().count() <= 2001);
}

#[tokio::test]
async fn an_unverified_certificate_is_a_warning() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    let report = test_entered(&app, OidcInput { verify_tls: false, ..entered(provider.issuer()) }).await;
    assert_eq!(report.warnings, ["The provider's TLS certificate is not checked."]);
    assert_eq!(report.status(), StepStatus::Warning);
}
