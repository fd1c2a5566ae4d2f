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
        ("claims_supported", json!("sub"), FindingCode::MemberHasWrongType),
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
fn a_template_issuer_is_named_as_such() {
    assert_eq!(
        flaw("issuer", json!("https://id.example/{tenantid}/v2.0")),
        (Severity::Warning, FindingCode::IssuerIsATemplate)
    );
    assert_eq!(
        flaw("issuer", json!("https://other.example/{tenantid}/v2.0")),
        (Severity::Error, FindingCode::IssuerMismatch)
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
