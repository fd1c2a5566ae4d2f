//! Settings about people who sign in: what is stored, who may set it, and what the audit log says.

use vestibule::domain::{
    actor::{Actor, Grant, Role},
    audit::{AuditFilter, FieldChange},
    patch::Patch,
    problem::ServiceError,
    provider::{
        ClientAuthentication, EmailTrust, FieldUpdate, Linking, NewProvider, OidcPatch, OidcPrompt, OidcSignIn,
        OidcSignInPatch, ProviderPatch, ResponseMode, SignInPatch, SignInSettings, SigningAlgorithm, UpdateRules,
        UserInfoUse,
    },
};
use vestibule::service::ProviderRef;

use crate::support::{ALL, PLAIN, TestApp, app::host_actor};

fn people() -> SignInSettings {
    SignInSettings {
        linking: Linking::VerifiedEmail,
        email_trust: EmailTrust::Domains,
        update_policy: UpdateRules {
            default: Some(FieldUpdate::WhenEmpty),
            fields: [("email".to_owned(), FieldUpdate::Never)].into_iter().collect(),
        },
        match_existing_users: true,
        confirmed_domains: vec!["corp.example".to_owned()],
    }
}

fn oidc() -> OidcSignIn {
    OidcSignIn {
        token_endpoint_auth_method: ClientAuthentication::ClientSecretPost,
        response_mode: ResponseMode::FormPost,
        id_token_signing_algs: vec![SigningAlgorithm::Es256, SigningAlgorithm::Hs512],
        allowed_issuers: vec!["https://a.example".to_owned(), "https://b.example".to_owned()],
        userinfo: UserInfoUse::Always,
        max_age: Some(3600),
        prompt: vec![OidcPrompt::SelectAccount],
        acr_values: vec!["urn:mfa".to_owned()],
    }
}

fn confirming(domains: Patch<Vec<String>>) -> ProviderPatch {
    let sign_in = SignInPatch { confirmed_domains: domains, ..SignInPatch::default() };
    ProviderPatch { sign_in, ..ProviderPatch::default() }
}

#[tokio::test]
async fn settings_are_stored_and_cleared_ones_get_their_defaults() {
    let app = TestApp::start().await;
    let new = app.new_provider("Okta").with_sign_in(people()).with_oidc_sign_in(oidc());
    let okta = app.create_new(new).await.expect("a provider");
    let stored = async || {
        let reference = ProviderRef::Id(okta.id);
        let stored = app.services.providers.get(&Actor::operator(), &reference).await.expect("the provider");
        (stored.sign_in.clone(), stored.oidc().expect("OIDC").sign_in.clone())
    };
    assert_eq!(stored().await, (people(), oidc()));
    let renamed = ProviderPatch { name: Some("Okta 2".to_owned()), ..ProviderPatch::default() };
    app.update(&okta, renamed).await.expect("a change");
    assert_eq!(stored().await, (people(), oidc()));
    let sign_in = OidcSignInPatch {
        max_age: Patch::Clear,
        prompt: Patch::Clear,
        userinfo: Patch::Set(UserInfoUse::Never),
        ..OidcSignInPatch::default()
    };
    let patch = ProviderPatch {
        sign_in: SignInPatch { linking: Patch::Clear, update_policy: Patch::Clear, ..SignInPatch::default() },
        oidc: Some(OidcPatch { sign_in, ..OidcPatch::default() }),
        ..ProviderPatch::default()
    };
    app.update(&okta, patch).await.expect("a change");
    let (changed, requests) = stored().await;
    let expected = SignInSettings { linking: Linking::Never, update_policy: UpdateRules::default(), ..people() };
    assert_eq!(changed, expected);
    let expected = OidcSignIn { max_age: None, prompt: Vec::new(), userinfo: UserInfoUse::Never, ..oidc() };
    assert_eq!(requests, expected);
}

#[tokio::test]
async fn every_setting_is_in_the_audit_log() {
    let app = TestApp::start().await;
    let okta = app.create("Okta").await;
    let sign_in = people();
    let requests = oidc();
    let patch = ProviderPatch {
        sign_in: SignInPatch {
            linking: Patch::Set(sign_in.linking),
            email_trust: Patch::Set(sign_in.email_trust),
            update_policy: Patch::Set(sign_in.update_policy),
            match_existing_users: Patch::Set(true),
            confirmed_domains: Patch::Set(sign_in.confirmed_domains),
        },
        oidc: Some(OidcPatch {
            sign_in: OidcSignInPatch {
                token_endpoint_auth_method: Patch::Set(requests.token_endpoint_auth_method),
                response_mode: Patch::Set(requests.response_mode),
                id_token_signing_algs: Patch::Set(requests.id_token_signing_algs),
                allowed_issuers: Patch::Set(requests.allowed_issuers),
                userinfo: Patch::Set(requests.userinfo),
                max_age: Patch::Set(3600),
                prompt: Patch::Set(requests.prompt),
                acr_values: Patch::Set(requests.acr_values),
            },
            ..OidcPatch::default()
        }),
        ..ProviderPatch::default()
    };
    app.update(&okta, patch).await.expect("a change");
    let filter = AuditFilter { object_id: Some(okta.id.to_string()), ..AuditFilter::default() };
    let log = app.services.audit.list(&Actor::operator(), &filter, ALL).await.expect("the log");
    let change = |(field, before, after): (&str, &str, &str)| FieldChange {
        field: field.to_owned(),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
    };
    let expected = [
        ("update_policy", "", "default=when_empty, email=never"),
        ("linking", "never", "verified_email"),
        ("email_trust", "claim", "domains"),
        ("match_existing_users", "false", "true"),
        ("confirmed_domains", "", "corp.example"),
        ("token_endpoint_auth_method", "client_secret_basic", "client_secret_post"),
        ("response_mode", "query", "form_post"),
        ("id_token_signing_algs", "", "ES256 HS512"),
        ("allowed_issuers", "", "https://a.example, https://b.example"),
        ("userinfo", "auto", "always"),
        ("max_age", "", "3600"),
        ("prompt", "", "select_account"),
        ("acr_values", "", "urn:mfa"),
    ];
    assert_eq!(log.items[0].changes, expected.map(change));
}

#[tokio::test]
async fn only_a_platform_administrator_confirms_domains() {
    let app = TestApp::start().await;
    let tenant = app.database.insert_tenant("a", Some("acme")).await;
    let providers = &app.services.providers;
    let ours = app.create_for(tenant, "Ours").await;
    let reference = ProviderRef::Id(ours.id);
    let grant = |role, tenant, partner: Option<&str>| Grant { role, tenant, partner: partner.map(str::to_owned) };
    let refused = |error: ServiceError| match error {
        ServiceError::Invalid { problems } => problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let domains = |domains: &[&str]| Patch::Set(domains.iter().map(|domain| (*domain).to_owned()).collect::<Vec<_>>());
    app.update(&ours, confirming(domains(&["Corp.Example"]))).await.expect("a change");
    for actor in [
        host_actor("tenant admin", grant(Role::TenantAdmin, Some(tenant), None)),
        host_actor("partner admin", grant(Role::PartnerAdmin, None, Some("acme"))),
    ] {
        for change in [domains(&["corp.example", "other.example"]), domains(&[]), Patch::Clear] {
            let patch = confirming(change);
            let error = providers.update(&actor, &reference, patch.clone(), PLAIN).await.expect_err("a refusal");
            assert_eq!(refused(error), ["confirmed_domains"]);
            let error = providers.check_update(&actor, &reference, &patch, PLAIN).await.expect_err("a refusal");
            assert_eq!(refused(error), ["confirmed_domains"]);
        }
        // What is confirmed may be repeated, and other settings changed.
        let mut patch = confirming(domains(&["corp.example"]));
        patch.sign_in.linking = Patch::Set(Linking::VerifiedEmail);
        providers.update(&actor, &reference, patch, PLAIN).await.expect("a change");
        let new = NewProvider { owner: Some(tenant), ..app.new_provider("New") }.with_sign_in(people());
        let error = providers.create(&actor, new).await.expect_err("a refusal");
        assert_eq!(refused(error), ["confirmed_domains"]);
    }
    let stored = providers.get(&Actor::operator(), &reference).await.expect("the provider");
    assert_eq!(stored.sign_in.confirmed_domains, ["corp.example"]);
    assert_eq!(stored.sign_in.linking, Linking::VerifiedEmail);
}

#[tokio::test]
async fn settings_that_can_mean_nothing_are_refused_at_their_fields() {
    let app = TestApp::start().await;
    let okta = app.create("Okta").await;
    let sign_in = OidcSignInPatch {
        allowed_issuers: Patch::Set(vec!["https://a.example".to_owned(), "https://a.example/{tenantid}".to_owned()]),
        prompt: Patch::Set(vec![OidcPrompt::None, OidcPrompt::Login]),
        acr_values: Patch::Set(vec!["two words".to_owned()]),
        ..OidcSignInPatch::default()
    };
    let rules =
        UpdateRules { default: None, fields: [("shoe_size".to_owned(), FieldUpdate::Always)].into_iter().collect() };
    let patch = ProviderPatch {
        sign_in: SignInPatch {
            update_policy: Patch::Set(rules),
            confirmed_domains: Patch::Set(vec!["*.example".to_owned()]),
            ..SignInPatch::default()
        },
        oidc: Some(OidcPatch { sign_in, ..OidcPatch::default() }),
        ..ProviderPatch::default()
    };
    let Err(ServiceError::Invalid { problems }) = app.update(&okta, patch).await else { panic!("a refusal") };
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["allowed_issuers.1", "prompt", "acr_values.0", "update_policy", "confirmed_domains.0"]);
}
