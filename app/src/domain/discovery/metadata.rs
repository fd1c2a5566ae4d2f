//! The discovery document, typed (OpenID Connect Discovery 1.0, section 3).
//!
//! The whole document is kept beside the typed view, unknown members included, so that nothing is lost when it is
//! stored, compared or shown. A member of the wrong type counts as absent and leaves a finding. Whether the provider
//! can be used is not judged here but in `validate`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Finding, FindingCode};
use crate::domain::mapping::JsonKind;

/// What an OpenID provider says about itself. A member that is `null` counts as absent.
///
/// Serializes as the document itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Map<String, Value>", try_from = "Value")]
pub struct ProviderMetadata {
    /// The issuer, as the document spells it.
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
    /// The scopes that may be asked for.
    pub scopes_supported: Option<Vec<String>>,
    /// The claims the provider says it may send; absent says nothing, empty says none.
    pub claims_supported: Option<Vec<String>>,
    /// The response types offered.
    pub response_types_supported: Option<Vec<String>>,
    /// How the answer of the authorization endpoint travels.
    pub response_modes_supported: Option<Vec<String>>,
    /// The grants offered.
    pub grant_types_supported: Option<Vec<String>>,
    /// Whether `sub` is the same for every client (`public`) or not (`pairwise`).
    pub subject_types_supported: Option<Vec<String>>,
    /// The algorithms that sign ID tokens.
    pub id_token_signing_alg_values_supported: Option<Vec<String>>,
    /// How a client may prove itself at the token endpoint.
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// The PKCE methods offered.
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// Whether signing out is announced through the browser.
    pub frontchannel_logout_supported: Option<bool>,
    /// Whether signing out is announced from server to server.
    pub backchannel_logout_supported: Option<bool>,
    /// Whether such an announcement names the session.
    pub backchannel_logout_session_supported: Option<bool>,
    /// Whether the answer names the issuer (RFC 9207).
    pub authorization_response_iss_parameter_supported: Option<bool>,
    /// Whether single claims may be asked for.
    pub claims_parameter_supported: Option<bool>,
    /// The whole document.
    pub raw: Map<String, Value>,
    /// Members that were left out of the typed view because their type is wrong.
    pub oddities: Vec<Finding>,
}

/// Members without which no sign-in is possible: a wrong type there is an error, elsewhere a warning.
const NEEDED: [&str; 5] =
    ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "response_types_supported"];

impl ProviderMetadata {
    /// Reads a document that was fetched.
    ///
    /// # Errors
    ///
    /// The findings, when the document is no object or a member that every sign-in needs has the wrong type. Missing
    /// members are no error here.
    pub fn from_value(document: Value) -> Result<ProviderMetadata, Vec<Finding>> {
        let raw = match document {
            Value::Object(members) => members,
            other => {
                let message = format!("The discovery document is {}, not an object.", JsonKind::of(&other));
                return Err(vec![
                    Finding::error(FindingCode::DocumentNotAnObject, message)
                        .advise("Check that the address leads to the discovery document."),
                ]);
            }
        };
        let mut reader = Reader { raw: &raw, oddities: Vec::new() };
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
        let oddities = reader.oddities;
        if oddities.iter().any(|finding| finding.severity == super::Severity::Error) {
            return Err(oddities);
        }
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
            oddities,
        })
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
        ProviderMetadata::from_value(document).map_err(|findings| {
            let messages: Vec<String> = findings.into_iter().map(|finding| finding.message).collect();
            messages.join(" ")
        })
    }
}

/// Reads members by type and notes those that have another.
struct Reader<'a> {
    raw: &'a Map<String, Value>,
    oddities: Vec<Finding>,
}

impl Reader<'_> {
    fn text(&mut self, member: &str) -> Option<String> {
        match self.raw.get(member)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => self.odd(member, "text", other),
        }
    }

    fn flag(&mut self, member: &str) -> Option<bool> {
        match self.raw.get(member)? {
            Value::Null => None,
            Value::Bool(flag) => Some(*flag),
            other => self.odd(member, "true or false", other),
        }
    }

    /// A list of texts; items of another type are left out and noted.
    fn list(&mut self, member: &str) -> Option<Vec<String>> {
        match self.raw.get(member)? {
            Value::Null => None,
            Value::Array(items) => {
                if let Some(stranger) = items.iter().find(|item| !item.is_string()) {
                    let found = JsonKind::of(stranger);
                    let message = format!("{member} holds {found} among its texts; it is left out.");
                    self.oddities.push(Finding::warning(FindingCode::MemberHasWrongType, message).about(member));
                }
                Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            }
            other => self.odd(member, "a list of texts", other),
        }
    }

    fn odd<T>(&mut self, member: &str, expected: &str, found: &Value) -> Option<T> {
        let message = format!("{member} should be {expected} and is {}.", JsonKind::of(found));
        let code = FindingCode::MemberHasWrongType;
        let finding = if NEEDED.contains(&member) {
            Finding::error(code, message).advise("Ask the provider to correct its discovery document.")
        } else {
            Finding::warning(code, message).advise("It is treated as absent.")
        };
        self.oddities.push(finding.about(member));
        None
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn absent_null_and_empty_are_told_apart() {
        let read = |document| ProviderMetadata::from_value(document).unwrap().claims_supported;
        assert_eq!(read(json!({})), None);
        assert_eq!(read(json!({"claims_supported": null})), None);
        assert_eq!(read(json!({"claims_supported": []})), Some(Vec::new()));
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
    fn a_wrong_type_matters_only_where_sign_in_needs_the_member() {
        let metadata =
            ProviderMetadata::from_value(json!({"scopes_supported": "openid", "claims_supported": ["sub", 1]}))
                .unwrap();
        assert_eq!(metadata.scopes_supported, None);
        assert_eq!(metadata.claims_supported.unwrap(), ["sub"]);
        let messages: Vec<_> = metadata.oddities.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "scopes_supported should be a list of texts and is text.",
                "claims_supported holds a number among its texts; it is left out.",
            ]
        );

        let findings = ProviderMetadata::from_value(json!({"token_endpoint": ["https://a.example"]})).unwrap_err();
        assert_eq!(findings[0].member.as_deref(), Some("token_endpoint"));
        assert_eq!(findings[0].message, "token_endpoint should be text and is a list.");
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
