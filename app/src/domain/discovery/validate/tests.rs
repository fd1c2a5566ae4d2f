//! Each rule against a flawless document with one flaw.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::domain::discovery::{Severity, discovery_url};

const ISSUER: &str = "https://id.example/realms/a";

fn flawless() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://id.example/authorize",
        "token_endpoint": "https://id.example/token",
        "userinfo_endpoint": "https://id.example/userinfo",
        "jwks_uri": "https://id.example/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid"],
        "code_challenge_methods_supported": ["S256"],
    })
}

fn findings_at(address: &str, member: &str, value: Value) -> Vec<Finding> {
    let mut document = flawless();
    document[member] = value;
    validate(&discovery_url(address).unwrap(), &ProviderMetadata::from_value(document).unwrap())
}

/// Severity and code of the one finding when `member` holds `value`.
fn flaw(member: &str, value: Value) -> (Severity, FindingCode) {
    let findings = findings_at(ISSUER, member, value);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].member.as_deref(), Some(member));
    (findings[0].severity, findings[0].code)
}

#[test]
fn a_flawless_document_leaves_nothing_to_say() {
    assert_eq!(findings_at(ISSUER, "issuer", json!(ISSUER)), []);
}

#[test]
fn errors_are_what_makes_sign_in_impossible() {
    for (member, value, code) in [
        ("issuer", json!(null), FindingCode::IssuerMissing),
        ("issuer", json!("https://other.example"), FindingCode::IssuerMismatch),
        ("authorization_endpoint", json!(null), FindingCode::MemberMissing),
        ("token_endpoint", json!(null), FindingCode::MemberMissing),
        ("jwks_uri", json!(null), FindingCode::MemberMissing),
        ("token_endpoint", json!("/token"), FindingCode::EndpointNotAUrl),
        ("authorization_endpoint", json!("authorize"), FindingCode::EndpointNotAUrl),
        ("authorization_endpoint", json!(""), FindingCode::MemberMissing),
        ("token_endpoint", json!(["https://id.example/token"]), FindingCode::MemberHasWrongType),
        ("issuer", json!(7), FindingCode::MemberHasWrongType),
        ("jwks_uri", json!("file:///etc/passwd"), FindingCode::EndpointNotAUrl),
        ("response_types_supported", json!(["id_token", "code token"]), FindingCode::CodeFlowUnsupported),
    ] {
        assert_eq!(flaw(member, value), (Severity::Error, code));
    }
}

#[test]
fn the_rest_is_a_warning() {
    for (member, value, code) in [
        ("response_types_supported", json!(null), FindingCode::MemberMissing),
        ("userinfo_endpoint", json!("userinfo"), FindingCode::EndpointNotAUrl),
        ("token_endpoint", json!("http://id.example/token"), FindingCode::EndpointNotHttps),
        ("token_endpoint", json!("https://id.example/token#x"), FindingCode::EndpointHasFragment),
        ("code_challenge_methods_supported", json!(["plain"]), FindingCode::PkceNotListed),
        ("code_challenge_methods_supported", json!(null), FindingCode::PkceNotListed),
        ("id_token_signing_alg_values_supported", json!(["ES256"]), FindingCode::Rs256NotListed),
        ("id_token_signing_alg_values_supported", json!(["HS256", "none"]), FindingCode::SigningAlgorithmUnsupported),
        (
            "token_endpoint_auth_methods_supported",
            json!(["tls_client_auth"]),
            FindingCode::ClientAuthenticationUnsupported,
        ),
        ("scopes_supported", json!(["email"]), FindingCode::OpenidScopeNotListed),
        ("grant_types_supported", json!(["implicit"]), FindingCode::CodeGrantNotListed),
        ("response_types_supported", json!([]), FindingCode::MemberMissing),
        ("response_types_supported", json!(5), FindingCode::MemberHasWrongType),
        ("id_token_signing_alg_values_supported", json!([]), FindingCode::MemberMissing),
        ("code_challenge_methods_supported", json!([]), FindingCode::PkceNotListed),
        ("claims_supported", json!("sub"), FindingCode::MemberHasWrongType),
        ("userinfo_endpoint", json!({}), FindingCode::MemberHasWrongType),
    ] {
        assert_eq!(flaw(member, value), (Severity::Warning, code));
    }
}

#[test]
fn plain_http_is_fine_on_the_local_machine() {
    for host in ["localhost:8080", "127.0.0.1", "[::1]:80", "id.localhost"] {
        assert_eq!(findings_at(ISSUER, "token_endpoint", json!(format!("http://{host}/token"))), []);
    }
}

#[test]
fn harmless_differences_are_information() {
    assert_eq!(
        flaw("issuer", json!("https://id.example/realms/a/")),
        (Severity::Info, FindingCode::IssuerTrailingSlash)
    );
    assert_eq!(flaw("userinfo_endpoint", json!(null)), (Severity::Info, FindingCode::UserinfoEndpointMissing));
    assert_eq!(flaw("scopes_supported", json!(["openid", "openid"])), (Severity::Info, FindingCode::DuplicateItems));
}

#[test]
fn an_empty_list_is_never_more_than_a_missing_one() {
    for member in crate::domain::discovery::metadata::LISTS {
        let findings = findings_at(ISSUER, member, json!([]));
        let missing = findings_at(ISSUER, member, json!(null));
        assert_eq!(findings.len(), 1, "{member}: {findings:?}");
        assert!(findings[0].severity < Severity::Error, "{findings:?}");
        // Where nothing is said of a missing list, an empty one is worth a note.
        let expected = missing.first().map_or((Severity::Info, FindingCode::MemberEmpty), |f| (f.severity, f.code));
        assert_eq!((findings[0].severity, findings[0].code), expected);
    }
    assert_eq!(
        findings_at(ISSUER, "scopes_supported", json!([]))[0].message,
        "In the document, scopes_supported is an empty list, which counts as absent."
    );
    assert_eq!(
        findings_at(ISSUER, "response_types_supported", json!([]))[0].message,
        "In the document, response_types_supported is an empty list, which counts as absent."
    );
}

#[test]
fn every_endpoint_that_is_no_full_url_is_named_with_its_value() {
    for member in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
        "registration_endpoint",
        "introspection_endpoint",
        "revocation_endpoint",
    ] {
        for (value, reason) in [
            ("/oauth2/x", "is relative"),
            ("id.example/x", "is relative"),
            ("https://id.example:99999/", "cannot be read (invalid port number)"),
            ("javascript:x", "is neither https nor http"),
        ] {
            let findings = findings_at(ISSUER, member, json!(value));
            assert_eq!(findings.len(), 1, "{findings:?}");
            assert_eq!(findings[0].code, FindingCode::EndpointNotAUrl);
            assert_eq!(findings[0].message, format!("{member} is not a full URL: {value:?} {reason}."));
        }
    }
}

#[test]
fn another_spelling_of_the_same_address_is_no_other_issuer() {
    for (address, issuer) in [
        ("https://ID.example/realms/a", "https://id.example/realms/a"),
        ("https://id.example:443/realms/a", "https://id.example/realms/a/"),
        ("https://id.example/realms/a/", "https://id.example/realms/a"),
    ] {
        let findings = findings_at(address, "issuer", json!(issuer));
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].severity, findings[0].code), (Severity::Info, FindingCode::IssuerTrailingSlash));
    }
    for (address, issuer) in [
        ("https://id.example/realms/a", "https://id.example/realms/A"),
        ("https://id.example/realms/a", "https://id.example:8443/realms/a"),
        ("https://id.example/realms/a", "http://id.example/realms/a"),
    ] {
        let findings = findings_at(address, "issuer", json!(issuer));
        assert!(findings.iter().any(|finding| finding.code == FindingCode::IssuerMismatch), "{findings:?}");
    }
}

#[test]
fn following_the_advice_about_another_issuer_works() {
    for (typed, issuer) in [
        ("https://id.example/b2cpolicy", "https://id.example/tenantguid/v2.0/"),
        ("https://id.example/realms/a", "http://id.example/realms/a"),
        ("http://localhost/realms/a", "https://localhost/realms/a"),
        ("https://login.example/common", "https://sts.example/{tenantid}/"),
    ] {
        let found = findings_at(typed, "issuer", json!(issuer));
        let mismatch = found.iter().find(|finding| finding.code == FindingCode::IssuerMismatch);
        let advice = &mismatch.unwrap_or_else(|| panic!("{typed}: {found:?}")).advice;
        assert_eq!(advice.contains("http and https"), typed.contains("/realms/"), "{advice}");
        let address = advice.split_once("address of its document, ").unwrap().1.split_once(',').unwrap().0;
        let after = findings_at(address, "issuer", json!(issuer));
        assert!(after.iter().all(|finding| finding.severity < Severity::Error), "{address}: {after:?}");
    }
}

#[test]
fn a_template_issuer_is_named_as_such() {
    assert_eq!(
        flaw("issuer", json!("https://id.example/{tenantid}/v2.0")),
        (Severity::Warning, FindingCode::IssuerIsATemplate)
    );
    assert_eq!(
        flaw("issuer", json!("https://other.example/{tenantid}/v2.0")),
        (Severity::Error, FindingCode::IssuerMismatch)
    );
    // The first version of Entra's documents for many tenants names another host.
    let address = format!("https://login.example/common{WELL_KNOWN}");
    let found = findings_at(&address, "issuer", json!("https://sts.example/{tenantid}/"));
    let codes: Vec<_> = found.iter().map(|finding| (finding.severity, finding.code)).collect();
    assert_eq!(
        codes,
        [(Severity::Warning, FindingCode::IssuerIsATemplate), (Severity::Warning, FindingCode::IssuerNotAtUrl),]
    );
}

#[test]
fn a_bad_issuer_spelling_is_a_warning_when_it_is_the_expected_one() {
    for (issuer, code) in [
        ("http://id.example", FindingCode::IssuerNotHttps),
        ("https://id.example?a=b", FindingCode::IssuerHasQueryOrFragment),
        ("id.example", FindingCode::IssuerNotAUrl),
    ] {
        let mut document = flawless();
        document["issuer"] = json!(issuer);
        let target = DiscoveryTarget {
            url: Url::parse("https://id.example/.well-known/openid-configuration").unwrap(),
            expected_issuer: Some(issuer.to_owned()),
        };
        let findings = validate(&target, &ProviderMetadata::from_value(document).unwrap());
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].severity, findings[0].code), (Severity::Warning, code));
    }
}

#[test]
fn a_full_address_lets_the_document_name_its_issuer() {
    let address = format!("{ISSUER}{WELL_KNOWN}?appid=1");
    assert_eq!(findings_at(&address, "issuer", json!(ISSUER)), []);
    let elsewhere = findings_at(&address, "issuer", json!("https://sts.example/a/"));
    assert_eq!(elsewhere.len(), 1);
    assert_eq!((elsewhere[0].severity, elsewhere[0].code), (Severity::Warning, FindingCode::IssuerNotAtUrl));
}

const WELL_KNOWN: &str = crate::domain::discovery::WELL_KNOWN_PATH;
