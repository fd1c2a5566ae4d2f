//! The settings of a provider by protocol, and how its claims become user fields.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_app::domain::{
    mapping::{AttributeMapping, UserField},
    provider::{OidcConfig, OidcEndpoints, Protocol, SamlConfig},
};

/// `IdPOIDCConfig`, as it was written: endpoints are those entered by hand.
#[derive(Serialize, ToSchema)]
#[schema(as = IdPOIDCConfigResponse)]
pub(super) struct Oidc<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    /// Always null: a client secret is never shown.
    #[schema(value_type = Option<String>, required)]
    pub(super) client_secret: Option<()>,
    /// Whether there is a client secret.
    pub(super) client_secret_set: bool,
    #[schema(required)]
    pub(super) authorization_endpoint: Option<&'a str>,
    #[schema(required)]
    pub(super) token_endpoint: Option<&'a str>,
    #[schema(required)]
    pub(super) userinfo_endpoint: Option<&'a str>,
    #[schema(required)]
    pub(super) jwks_uri: Option<&'a str>,
    pub(super) scopes: Vec<&'a str>,
}

impl<'a> Oidc<'a> {
    pub(super) fn of(config: &'a OidcConfig) -> Self {
        let OidcConfig {
            discovery_url,
            issuer,
            client_id,
            client_secret: _,
            has_client_secret,
            client_secret_changed_at: _,
            extra_scopes: _,
            verify_tls: _,
            pkce: _,
            post_logout_redirect: _,
            endpoints: _,
            overrides: OidcEndpoints { authorization, token, userinfo, jwks, end_session: _ },
            sign_in: _,
            promised: _,
        } = config;
        Self {
            issuer: issuer.as_deref().unwrap_or(discovery_url),
            client_id,
            client_secret: None,
            client_secret_set: *has_client_secret,
            authorization_endpoint: authorization.as_deref(),
            token_endpoint: token.as_deref(),
            userinfo_endpoint: userinfo.as_deref(),
            jwks_uri: jwks.as_deref(),
            scopes: config.scopes().collect(),
        }
    }
}

/// `IdPSAMLConfig`.
#[derive(Serialize, ToSchema)]
#[schema(as = IdPSAMLConfigResponse)]
pub(super) struct Saml<'a> {
    entity_id: &'a str,
    sso_url: &'a str,
    #[schema(required)]
    slo_url: Option<&'a str>,
    /// All certificates as PEM blocks, the newest first.
    certificate: String,
    sign_requests: bool,
    want_assertions_signed: bool,
    name_id_format: &'a str,
}

impl<'a> Saml<'a> {
    pub(super) fn of(config: &'a SamlConfig) -> Self {
        let SamlConfig {
            entity_id,
            sso_url,
            slo_url,
            certificates,
            sign_requests,
            want_assertions_signed,
            name_id_format,
            endpoints: _,
            metadata_url: _,
        } = config;
        let blocks: Vec<_> = certificates.iter().map(|certificate| certificate.pem.trim()).collect();
        Self {
            entity_id,
            sso_url,
            slo_url: slo_url.as_deref(),
            certificate: blocks.join("\n"),
            sign_requests: *sign_requests,
            want_assertions_signed: *want_assertions_signed,
            name_id_format,
        }
    }
}

/// Attribute mapping from IdP claims to user fields. The first three are no nulls in what is written, so that they are
/// left out where another dialect left them unmapped: what is read can be written back.
#[derive(Serialize, ToSchema)]
#[schema(as = IdPAttributeMappingResponse)]
pub(super) struct Mapping {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_name: Option<String>,
    #[schema(required)]
    display_name: Option<String>,
    #[schema(required)]
    groups: Option<String>,
}

impl Mapping {
    pub(super) fn of(attributes: &AttributeMapping) -> Self {
        Self {
            email: attributes.text(UserField::Email),
            first_name: attributes.text(UserField::FirstName),
            last_name: attributes.text(UserField::LastName),
            display_name: attributes.text(UserField::DisplayName),
            groups: attributes.text(UserField::Groups),
        }
    }
}

/// The claims or attributes that fill user fields unless others are named.
pub(in crate::rest::scaikey) fn default_attributes(protocol: Protocol) -> AttributeMapping {
    if protocol == Protocol::Ldap {
        return AttributeMapping::directory_defaults();
    }
    AttributeMapping::new()
        .with(UserField::Email, "email")
        .with(UserField::FirstName, "given_name")
        .with(UserField::LastName, "family_name")
        .with(UserField::DisplayName, "name")
        .with(UserField::Groups, "groups")
}
