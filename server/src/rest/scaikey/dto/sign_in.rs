//! How people sign in with a provider, as the administration shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_app::domain::provider::{FieldUpdate, OidcConfig, OidcPrompt, OidcSignIn, SigningAlgorithm, UpdateRules};

use super::{super::words, config::Oidc};

/// `AdminIdPOIDCConfig`: what a tenant's operations show, and how people sign in.
#[derive(Serialize, ToSchema)]
#[schema(as = AdminIdPOIDCConfigResponse)]
pub(super) struct AdminOidc<'a> {
    issuer: &'a str,
    client_id: &'a str,
    /// Always null: a client secret is never shown.
    #[schema(value_type = Option<String>, required)]
    client_secret: Option<()>,
    /// Whether there is a client secret.
    client_secret_set: bool,
    #[schema(required)]
    authorization_endpoint: Option<&'a str>,
    #[schema(required)]
    token_endpoint: Option<&'a str>,
    #[schema(required)]
    userinfo_endpoint: Option<&'a str>,
    #[schema(required)]
    jwks_uri: Option<&'a str>,
    scopes: Vec<&'a str>,
    /// How the client authenticates at the token endpoint.
    #[schema(schema_with = words::client_authentication)]
    token_endpoint_auth_method: &'static str,
    /// How the provider returns the authentication response.
    #[schema(schema_with = words::response_mode)]
    response_mode: &'static str,
    /// Algorithms with which ID tokens may be signed; empty for all with a key pair.
    id_token_signing_algs: Vec<&'static str>,
    /// Issuers that ID tokens may have in place of the provider's own.
    #[schema(value_type = Vec<String>)]
    allowed_issuers: &'a [String],
    /// When the userinfo endpoint is requested.
    #[schema(schema_with = words::userinfo_use)]
    userinfo: &'static str,
    /// How long ago the person may have authenticated, in seconds; null for no limit.
    #[schema(required)]
    max_age: Option<u32>,
    /// What the provider shows, unless the application asks for something else.
    prompt: Vec<&'static str>,
    /// The authentication contexts to request.
    #[schema(value_type = Vec<String>)]
    acr_values: &'a [String],
}

impl<'a> AdminOidc<'a> {
    pub(super) fn of(config: &'a OidcConfig) -> Self {
        let Oidc {
            issuer,
            client_id,
            client_secret,
            client_secret_set,
            authorization_endpoint,
            token_endpoint,
            userinfo_endpoint,
            jwks_uri,
            scopes,
        } = Oidc::of(config);
        let OidcSignIn {
            token_endpoint_auth_method,
            response_mode,
            id_token_signing_algs,
            allowed_issuers,
            userinfo,
            max_age,
            prompt,
            acr_values,
        } = &config.sign_in;
        Self {
            issuer,
            client_id,
            client_secret,
            client_secret_set,
            authorization_endpoint,
            token_endpoint,
            userinfo_endpoint,
            jwks_uri,
            scopes,
            token_endpoint_auth_method: token_endpoint_auth_method.as_str(),
            response_mode: response_mode.as_str(),
            id_token_signing_algs: id_token_signing_algs.iter().copied().map(SigningAlgorithm::as_str).collect(),
            allowed_issuers,
            userinfo: userinfo.as_str(),
            max_age: *max_age,
            prompt: prompt.iter().copied().map(OidcPrompt::as_str).collect(),
            acr_values,
        }
    }
}

/// Which fields of known users a sign-in changes.
#[derive(Serialize, ToSchema)]
#[schema(as = IdPUpdatePolicyResponse)]
pub(super) struct UpdatePolicy<'a> {
    /// For fields that have no rule of their own; null for what `update_user_on_login` says.
    #[schema(required)]
    default: Option<&'static str>,
    /// Rules by user field.
    #[schema(value_type = BTreeMap<String, String>)]
    fields: BTreeMap<&'a str, &'static str>,
}

impl<'a> UpdatePolicy<'a> {
    pub(super) fn of(rules: &'a UpdateRules) -> Self {
        let UpdateRules { default, fields } = rules;
        Self {
            default: default.map(FieldUpdate::as_str),
            fields: fields.iter().map(|(field, rule)| (field.as_str(), rule.as_str())).collect(),
        }
    }
}
