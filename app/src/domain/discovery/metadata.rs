//! The discovery document, typed (OpenID Connect Discovery 1.0, section 3).
//!
//! The whole document is kept beside the typed view, unknown members included, so that nothing is lost when it is
//! stored, compared or shown. Null, an empty list and an empty text count as absent. A member of the wrong type counts
//! as absent and causes a finding. `validate` decides whether the provider can be used.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Finding, FindingCode};
use crate::domain::mapping::JsonKind;

/// What an OpenID provider publishes about itself. A member that is null, an empty list or an empty text counts as
/// absent.
///
/// Serializes as the document itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Map<String, Value>", try_from = "Value")]
pub struct ProviderMetadata {
    /// The issuer, exactly as written in the document.
    pub issuer: Option<String>,
    /// Where the browser is sent to sign in.
    pub authorization_endpoint: Option<String>,
    /// Where codes are exchanged for tokens.
    pub token_endpoint: Option<String>,
    /// Where claims are read with an access token.
    pub userinfo_endpoint: Option<String>,
    /// Where the signing keys are.
    pub jwks_uri: Option<String>,
    /// Where the browser is sent to sign out.
    pub end_session_endpoint: Option<String>,
    /// Where clients register themselves.
    pub registration_endpoint: Option<String>,
    /// Where tokens are introspected.
    pub introspection_endpoint: Option<String>,
    /// Where tokens are revoked.
    pub revocation_endpoint: Option<String>,
    /// The scopes that can be requested.
    pub scopes_supported: Option<Vec<String>>,
    /// The claims that the provider may send.
    pub claims_supported: Option<Vec<String>>,
    /// The response types offered.
    pub response_types_supported: Option<Vec<String>>,
    /// How the authorization endpoint returns its response.
    pub response_modes_supported: Option<Vec<String>>,
    /// The grants offered.
    pub grant_types_supported: Option<Vec<String>>,
    /// Whether `sub` is the same for every client (`public`) or not (`pairwise`).
    pub subject_types_supported: Option<Vec<String>>,
    /// The algorithms that sign ID tokens.
    pub id_token_signing_alg_values_supported: Option<Vec<String>>,
    /// How a client can authenticate at the token endpoint.
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// The PKCE methods offered.
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// Whether the provider announces logout through the browser.
    pub frontchannel_logout_supported: Option<bool>,
    /// Whether the provider announces logout from server to server.
    pub backchannel_logout_supported: Option<bool>,
    /// Whether such an announcement identifies the session.
    pub backchannel_logout_session_supported: Option<bool>,
    /// Whether the authorization response contains the issuer (RFC 9207).
    pub authorization_response_iss_parameter_supported: Option<bool>,
    /// Whether single claims can be requested.
    pub claims_parameter_supported: Option<bool>,
    /// The whole document.
    pub raw: Map<String, Value>,
    /// Findings of parsing: members of a wrong type, and items of lists that were left out.
    pub parse_findings: Vec<Finding>,
}

/// Members that signing in requires: a wrong type is an error there, and a warning elsewhere.
const NEEDED: [&str; 4] = ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"];

/// The members that are lists of texts.
pub(super) const LISTS: [&str; 9] = [
    "scopes_supported",
    "claims_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
    "code_challenge_methods_supported",
];

/// How many of the items left out of a list a finding names.
const NAMED_ITEMS: usize = 5;

impl ProviderMetadata {
    /// Parses a fetched document.
    ///
    /// # Errors
    ///
    /// The finding, when the document is not an object. Problems of its members become findings instead.
    pub fn from_value(document: Value) -> Result<ProviderMetadata, Finding> {
        let raw = match document {
            Value::Object(members) => members,
            other => {
                let message = format!("The discovery document is {}, not an object.", JsonKind::of(&other));
                return Err(Finding::error(FindingCode::DocumentNotAnObject, message)
                    .advise("Check that the address leads to the discovery document."));
            }
        };
        let mut reader = MemberReader { raw: &raw, parse_findings: Vec::new() };
        let issuer = reader.text("issuer");
        let authorization_endpoint = reader.text("authorization_endpoint");
        let token_endpoint = reader.text("token_endpoint");
        let userinfo_endpoint = reader.text("userinfo_endpoint");
        let jwks_uri = reader.text("jwks_uri");
        let end_session_endpoint = reader.text("end_session_endpoint");
        let registration_endpoint = reader.text("registration_endpoint");
        let introspection_endpoint = reader.text("introspection_endpoint");
        let revocation_endpoint = reader.text("revocation_endpoint");
        let scopes_supported = reader.list("scopes_supported");
        let claims_supported = reader.list("claims_supported");
        let response_types_supported = reader.list("response_types_supported");
        let response_modes_supported = reader.list("response_modes_supported");
        let grant_types_supported = reader.list("grant_types_supported");
        let subject_types_supported = reader.list("subject_types_supported");
        let id_token_signing_alg_values_supported = reader.list("id_token_signing_alg_values_supported");
        let token_endpoint_auth_methods_supported = reader.list("token_endpoint_auth_methods_supported");
        let code_challenge_methods_supported = reader.list("code_challenge_methods_supported");
        let frontchannel_logout_supported = reader.flag("frontchannel_logout_supported");
        let backchannel_logout_supported = reader.flag("backchannel_logout_supported");
        let backchannel_logout_session_supported = reader.flag("backchannel_logout_session_supported");
        let authorization_response_iss_parameter_supported =
            reader.flag("authorization_response_iss_parameter_supported");
        let claims_parameter_supported = reader.flag("claims_parameter_supported");
        let parse_findings = reader.parse_findings;
        Ok(ProviderMetadata {
            issuer,
            authorization_endpoint,
            token_endpoint,
            userinfo_endpoint,
            jwks_uri,
            end_session_endpoint,
            registration_endpoint,
            introspection_endpoint,
            revocation_endpoint,
            scopes_supported,
            claims_supported,
            response_types_supported,
            response_modes_supported,
            grant_types_supported,
            subject_types_supported,
            id_token_signing_alg_values_supported,
            token_endpoint_auth_methods_supported,
            code_challenge_methods_supported,
            frontchannel_logout_supported,
            backchannel_logout_supported,
            backchannel_logout_session_supported,
            authorization_response_iss_parameter_supported,
            claims_parameter_supported,
            raw,
            parse_findings,
        })
    }

    /// How the document leaves a member out, as a sentence that agrees with the document.
    pub(super) fn absence(&self, member: &str) -> String {
        let what = match self.raw.get(member) {
            None => return format!("The document does not name {member}."),
            Some(Value::Null) => "null",
            Some(Value::Array(_)) => "an empty list",
            Some(_) => "an empty text",
        };
        format!("In the document, {member} is {what}, which counts as absent.")
    }

    /// Whether parsing found a problem of a member, so that its absence needs no second finding.
    pub(super) fn has_parse_finding(&self, member: &str) -> bool {
        self.parse_findings.iter().any(|finding| finding.member.as_deref() == Some(member))
    }
}

impl From<ProviderMetadata> for Map<String, Value> {
    fn from(metadata: ProviderMetadata) -> Map<String, Value> {
        metadata.raw
    }
}

impl TryFrom<Value> for ProviderMetadata {
    type Error = String;

    fn try_from(document: Value) -> Result<ProviderMetadata, String> {
        ProviderMetadata::from_value(document).map_err(|finding| finding.message)
    }
}

/// Reads members by type and records those of another type.
struct MemberReader<'a> {
    raw: &'a Map<String, Value>,
    parse_findings: Vec<Finding>,
}

impl MemberReader<'_> {
    fn text(&mut self, member: &str) -> Option<String> {
        match self.raw.get(member)? {
            Value::Null => None,
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => Some(text.clone()),
            other => self.wrong_type(member, "text", other),
        }
    }

    fn flag(&mut self, member: &str) -> Option<bool> {
        match self.raw.get(member)? {
            Value::Null => None,
            Value::Bool(flag) => Some(*flag),
            other => self.wrong_type(member, "true or false", other),
        }
    }

    /// A list of texts; `None` when it is empty. Items of another type are left out and named in a finding.
    fn list(&mut self, member: &str) -> Option<Vec<String>> {
        let items = match self.raw.get(member)? {
            Value::Null => return None,
            Value::Array(items) => items,
            Value::String(text) => return self.list_in_text(member, text),
            other => return self.wrong_type(member, "a list of texts", other),
        };
        let is_text = |item: &Value| item.as_str().is_some_and(|text| !text.trim().is_empty());
        let mut left_out: Vec<String> = Vec::new();
        let mut more = 0;
        for (index, item) in items.iter().enumerate().filter(|(_, item)| !is_text(item)) {
            if left_out.len() == NAMED_ITEMS {
                more += 1;
                continue;
            }
            let kind = if item.is_string() { "empty".to_owned() } else { JsonKind::of(item).to_string() };
            left_out.push(format!("item {} is {kind}", index + 1));
        }
        if !left_out.is_empty() {
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            let message = format!("Left out of {member}: {}{more}.", left_out.join(", "));
            self.parse_findings.push(
                Finding::warning(FindingCode::MemberHasWrongType, message)
                    .about(member)
                    .advise("Ask the provider to correct its discovery document."),
            );
        }
        let kept: Vec<String> =
            items.iter().filter(|item| is_text(item)).filter_map(Value::as_str).map(str::to_owned).collect();
        (!kept.is_empty()).then_some(kept)
    }

    /// A text in place of a list. Only response types contain spaces within a value.
    fn list_in_text(&mut self, member: &str, text: &str) -> Option<Vec<String>> {
        let values: Vec<String> = match member {
            "response_types_supported" => vec![text.trim().to_owned()],
            _ => text.split_whitespace().map(str::to_owned).collect(),
        };
        let values: Vec<String> = values.into_iter().filter(|value| !value.is_empty()).collect();
        let count = match values.len() {
            0 => return None,
            1 => "one value".to_owned(),
            count => format!("{count} values, separated by spaces"),
        };
        let message = format!("{member} should be a list of texts and is text. It is read as a list of {count}.");
        self.parse_findings.push(
            Finding::warning(FindingCode::MemberHasWrongType, message)
                .about(member)
                .advise("Ask the provider to correct its discovery document."),
        );
        Some(values)
    }

    fn wrong_type<T>(&mut self, member: &str, expected: &str, found: &Value) -> Option<T> {
        let message = format!("{member} should be {expected} and is {}.", JsonKind::of(found));
        let code = FindingCode::MemberHasWrongType;
        let finding = if NEEDED.contains(&member) {
            Finding::error(code, message).advise("Ask the provider to correct its discovery document.")
        } else {
            Finding::warning(code, message).advise("It is treated as absent.")
        };
        self.parse_findings.push(finding.about(member));
        None
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::domain::discovery::Severity::{Error, Warning};

    #[test]
    fn null_an_empty_list_and_an_empty_text_count_as_absent() {
        for member in LISTS {
            for nothing in [json!({}), json!({ member: null }), json!({ member: [] }), json!({ member: " " })] {
                let metadata = ProviderMetadata::from_value(nothing.clone()).unwrap();
                let empty = ProviderMetadata { raw: metadata.raw.clone(), ..ProviderMetadata::default() };
                assert_eq!(metadata, empty, "{nothing}");
            }
        }
        let metadata = ProviderMetadata::from_value(json!({"token_endpoint": "", "jwks_uri": null})).unwrap();
        assert_eq!((&metadata.token_endpoint, &metadata.jwks_uri, metadata.parse_findings.len()), (&None, &None, 0));
        assert_eq!(
            ["token_endpoint", "jwks_uri", "issuer"].map(|member| metadata.absence(member)),
            [
                "In the document, token_endpoint is an empty text, which counts as absent.",
                "In the document, jwks_uri is null, which counts as absent.",
                "The document does not name issuer.",
            ]
        );
    }

    #[test]
    fn unknown_members_survive_a_round_trip() {
        let document = json!({"issuer": "https://a.example", "x-tenant": {"region": 7}});
        let metadata = ProviderMetadata::from_value(document.clone()).unwrap();
        let written = serde_json::to_value(&metadata).unwrap();
        assert_eq!(written, document);
        assert_eq!(serde_json::from_value::<ProviderMetadata>(written).unwrap(), metadata);
    }

    #[test]
    fn one_bad_member_or_item_does_not_take_the_good_ones_with_it() {
        let metadata = ProviderMetadata::from_value(json!({
            "issuer": "https://a.example",
            "token_endpoint": ["https://a.example/token"],
            "scopes_supported": 5,
            "claims_supported": ["sub", 1, null, "email", "", {}, [], true, 2],
        }))
        .unwrap();
        assert_eq!(metadata.issuer.as_deref(), Some("https://a.example"));
        assert_eq!((metadata.token_endpoint, metadata.scopes_supported), (None, None));
        assert_eq!(metadata.claims_supported.unwrap(), ["sub", "email"]);
        let found: Vec<_> =
            metadata.parse_findings.iter().map(|finding| (finding.severity, finding.message.as_str())).collect();
        assert_eq!(
            found,
            [
                (Error, "token_endpoint should be text and is a list."),
                (Warning, "scopes_supported should be a list of texts and is a number."),
                (
                    Warning,
                    "Left out of claims_supported: item 2 is a number, item 3 is null, item 5 is empty, item 6 is an \
                     object, item 7 is a list, and 2 more."
                ),
            ]
        );
    }

    #[test]
    fn a_text_in_place_of_a_list_is_its_values() {
        let metadata = ProviderMetadata::from_value(json!({
            "scopes_supported": "openid email",
            "response_types_supported": "code id_token",
            "grant_types_supported": "authorization_code",
        }))
        .unwrap();
        assert_eq!(metadata.scopes_supported.unwrap(), ["openid", "email"]);
        assert_eq!(metadata.response_types_supported.unwrap(), ["code id_token"]);
        assert_eq!(metadata.grant_types_supported.unwrap(), ["authorization_code"]);
        let messages: Vec<_> = metadata.parse_findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "scopes_supported should be a list of texts and is text. It is read as a list of 2 values, separated \
                 by spaces.",
                "response_types_supported should be a list of texts and is text. It is read as a list of one value.",
                "grant_types_supported should be a list of texts and is text. It is read as a list of one value.",
            ]
        );
    }

    proptest! {
        #[test]
        fn never_panics(members in prop::collection::hash_map("(issuer|jwks_uri|claims_supported|x)", 0..6_u8, 0..4)) {
            let odd = [json!(null), json!(1), json!("a"), json!([1, "b", null]), json!({"c": []}), json!(true)];
            let document = members.into_iter().map(|(name, kind)| (name, odd[usize::from(kind)].clone())).collect();
            let _ = ProviderMetadata::from_value(Value::Object(document));
        }
    }
}
