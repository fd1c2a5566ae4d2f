//! Suggestions for the recorded documents, and laws for any provider.
//!
//! The snapshots were reviewed by hand. To accept changed ones, run with `INSTA_UPDATE=always` and read the difference
//! as a reviewer would.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use std::{fmt::Write as _, fs, path::Path};

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::domain::discovery::{DiscoveryReport, DiscoveryTarget, ProviderMetadata, discovery_url};

const PROVIDERS: [&str; 13] = [
    "adfs",
    "apple",
    "auth0",
    "aws_cognito",
    "cilogon",
    "google",
    "keycloak",
    "microsoft_entra_common_v2",
    "microsoft_entra_tenant",
    "okta_org",
    "onelogin",
    "pingone",
    "slack",
];

fn document(provider: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/tests/data/discovery");
    serde_json::from_str(&fs::read_to_string(root.join(provider).with_extension("json")).unwrap()).unwrap()
}

fn report(provider: &str) -> DiscoveryReport {
    let metadata = ProviderMetadata::from_value(document(provider)).unwrap();
    let issuer = metadata.issuer.clone().unwrap();
    let target = if issuer.contains('{') {
        discovery_url("https://login.microsoftonline.com/common/v2.0").unwrap()
    } else {
        let DiscoveryTarget { url, .. } = discovery_url(&issuer).unwrap();
        DiscoveryTarget { url, expected_issuer: Some(issuer) }
    };
    DiscoveryReport::new(&target, target.url.as_str(), 0, metadata, None)
}

/// The report as a page that a person can review.
fn page(report: &DiscoveryReport) -> String {
    let mut page = String::new();
    let vendor = report.vendor.map_or("unknown", Vendor::label);
    writeln!(page, "vendor: {vendor}").unwrap();
    writeln!(page, "usable: {}", report.is_usable()).unwrap();
    for finding in &report.findings {
        writeln!(page, "{}: {} {finding}", finding.severity.as_str(), finding.code).unwrap();
    }
    for suggestion in &report.suggestions {
        writeln!(page, "\n{}", suggestion.field).unwrap();
        for candidate in &suggestion.candidates {
            let Candidate { claim, why, confidence, scope, note } = candidate;
            let mark = if *confidence == Confidence::High { '+' } else { '?' };
            let scope = scope.as_deref().map(|scope| format!(" [{scope}]")).unwrap_or_default();
            let why = match why {
                SuggestionReason::Exact => "exact".to_owned(),
                SuggestionReason::Alternative => "alternative".to_owned(),
                SuggestionReason::KnownProvider(vendor) => format!("known of {vendor}"),
                SuggestionReason::OnlyWithScope(scope) => format!("only with scope {scope}"),
                SuggestionReason::CommonName => "common name".to_owned(),
            };
            writeln!(page, "  {mark} {claim}{scope}: {why}").unwrap();
            if let Some(note) = note {
                writeln!(page, "      {note}").unwrap();
            }
        }
    }
    let mapping = serde_json::to_string_pretty(&report.recommended_mapping).unwrap();
    writeln!(page, "\nrecommended: {mapping}\nscopes: {}", report.recommended_scopes.join(" ")).unwrap();
    page
}

#[test]
fn recorded_providers_get_the_suggestions_judged_by_hand() {
    for provider in PROVIDERS {
        insta::assert_snapshot!(provider, page(&report(provider)));
    }
}

#[test]
fn every_recorded_provider_is_usable_and_travels_to_the_browser() {
    for provider in PROVIDERS {
        let report = report(provider);
        assert!(report.is_usable(), "{provider}: {:?}", report.findings);
        assert!(report.vendor.is_some(), "{provider}");
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<DiscoveryReport>(&json).unwrap(), report, "{provider}");
    }
}

fn first(provider: &str, field: UserField) -> Option<Candidate> {
    let suggestions = report(provider).suggestions;
    suggestions.into_iter().find(|suggestion| suggestion.field == field).map(|mut found| found.candidates.remove(0))
}

#[test]
fn google_s_e_mail_is_exact_and_needs_its_scope() {
    let candidate = first("google", UserField::Email).unwrap();
    assert_eq!(
        (candidate.claim.as_str(), candidate.why, candidate.scope.as_deref()),
        ("email", SuggestionReason::Exact, Some("email"))
    );
}

#[test]
fn entra_gets_a_name_and_no_given_name_in_advance() {
    for provider in ["microsoft_entra_common_v2", "microsoft_entra_tenant"] {
        let mapping = report(provider).recommended_mapping;
        assert_eq!(mapping.get(UserField::DisplayName), ["name"]);
        assert!(!mapping.contains(UserField::FirstName) && !mapping.contains(UserField::LastName));
        let given = first(provider, UserField::FirstName).unwrap();
        assert_eq!((given.why, given.confidence), (SuggestionReason::KnownProvider(Vendor::Entra), Confidence::Low));
        assert!(given.note.is_some());
    }
}

#[test]
fn cognito_gets_only_what_is_known_of_it() {
    let candidates = report("aws_cognito").suggestions.into_iter().flat_map(|suggestion| suggestion.candidates);
    assert!(candidates.into_iter().all(|candidate| candidate.why == SuggestionReason::KnownProvider(Vendor::Cognito)));
}

#[test]
fn nothing_is_invented_for_an_unknown_provider_without_claims() {
    let scopes = ["openid", "profile", "email", "groups"].map(str::to_owned);
    let input = SuggestionInput { issuer: "https://id.example", scopes_supported: Some(&scopes), ..Default::default() };
    assert_eq!(rank(&input), []);
    assert_eq!(recommended_scopes(&[]), ["openid"]);
}

#[test]
fn namespaced_claims_are_offered_and_not_selected() {
    let claims = ["https://acme.example/email", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname"]
        .map(str::to_owned);
    let input = SuggestionInput { issuer: "https://id.example", claims_supported: Some(&claims), ..Default::default() };
    let suggestions = rank(&input);
    assert_eq!(suggestions.len(), 2);
    assert_eq!(suggestions[1].candidates[0].claim, claims[0]);
    assert!(recommended(&suggestions).is_empty());
}

#[test]
fn reasons_are_sentences() {
    for why in [
        SuggestionReason::Exact,
        SuggestionReason::Alternative,
        SuggestionReason::KnownProvider(Vendor::Google),
        SuggestionReason::OnlyWithScope("phone".to_owned()),
    ] {
        assert!(why.explain().ends_with('.'));
    }
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let known: Vec<&str> = UserField::ALL.iter().flat_map(|field| table::aliases(*field)).copied().collect();
    let near = (prop::sample::select(known), any::<bool>())
        .prop_map(|(name, shout)| if shout { name.to_uppercase() } else { name.to_owned() });
    prop::collection::vec(prop_oneof![4 => near, 1 => "\\PC{0,12}"], 0..30)
}

proptest! {
    #[test]
    fn an_unknown_provider_gets_only_what_it_lists(claims in names(), scopes in names()) {
        let input = SuggestionInput {
            issuer: "https://id.example",
            claims_supported: Some(&claims),
            scopes_supported: Some(&scopes),
        };
        let suggestions = rank(&input);
        prop_assert_eq!(&suggestions, &rank(&input));
        for candidate in suggestions.iter().flat_map(|suggestion| &suggestion.candidates) {
            let object = candidate.claim.split('.').next().unwrap().to_owned();
            match &candidate.why {
                SuggestionReason::Exact => prop_assert!(claims.contains(&candidate.claim)),
                SuggestionReason::Alternative => prop_assert!(claims.contains(&candidate.claim) || claims.contains(&object)),
                SuggestionReason::OnlyWithScope(scope) => prop_assert!(scopes.contains(scope)),
                SuggestionReason::KnownProvider(vendor) => prop_assert!(false, "{vendor} recognised"),
                SuggestionReason::CommonName => prop_assert!(false, "a name that nobody listed"),
            }
            prop_assert!(candidate.scope.as_ref().is_none_or(|scope| scopes.contains(scope)));
        }
        for scope in recommended_scopes(&suggestions) {
            prop_assert!(scope == "openid" || scopes.contains(&scope));
        }
    }
}
