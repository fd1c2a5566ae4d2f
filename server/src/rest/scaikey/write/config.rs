//! The settings of a provider by protocol, as they are written.

use serde_json::json;
use vestibule_app::domain::{
    mapping::{AttributeMapping, UserField},
    patch::Patch,
    provider::{
        ClientAuthentication, ConfigInput, DiscoveryDemand, EMAIL_NAME_ID, OidcConfig, OidcEndpoints, OidcInput,
        OidcPatch, OidcPrompt, OidcSignIn, OidcSignInPatch, Protocol, ResponseMode, SamlConfig, SamlInput,
        SigningAlgorithm, UserInfoUse,
    },
    secret::Secret,
};

use super::sign_in::{age, algorithms, authentication, issuers, prompts, response_mode, userinfo};
use crate::rest::{
    body::{body, schemas},
    scaikey::{
        dto::default_attributes,
        input::ObjectReader,
        members::{Member, Surface, flag, given, nullable, object_schema, optional, text, texts_or_null},
    },
};

const DEFAULT_SCOPES: [&str; 3] = ["openid", "profile", "email"];

body! {
    /// `IdPOIDCConfig`. A required member is blank only in a body with faults.
    #[derive(Debug, Clone, PartialEq)]
    pub(super) struct OidcBody(surface: Surface) from &ObjectReader<'_> {
        /// The issuer, or the address of its discovery document.
        issuer: String = text().with(|| json!({"format": "uri", "maxLength": 2000})),
        client_id: String = text().with(|| json!({"minLength": 1, "maxLength": 255})),
        /// In a change, null and absent keep the stored one, and an empty text removes it.
        client_secret: Patch<String> = nullable(),
        /// Wins over what is discovered.
        authorization_endpoint: Option<String> = optional(),
        /// Wins over what is discovered.
        token_endpoint: Option<String> = optional(),
        /// Wins over what is discovered.
        userinfo_endpoint: Option<String> = optional(),
        /// Wins over what is discovered.
        jwks_uri: Option<String> = optional(),
        scopes: Vec<String> = scopes(),
        /// How the client authenticates at the token endpoint.
        token_endpoint_auth_method: Patch<ClientAuthentication> = authentication().known(surface == Surface::Admin),
        /// How the provider returns the authentication response.
        response_mode: Patch<ResponseMode> = response_mode().known(surface == Surface::Admin),
        /// Algorithms with which ID tokens may be signed; empty for all with a key pair. HMAC uses the client secret.
        id_token_signing_algs: Patch<Vec<SigningAlgorithm>> = algorithms().known(surface == Surface::Admin),
        /// Issuers that ID tokens may have in place of the provider's own. Required where that is a template, as
        /// Microsoft Entra's with `{tenantid}`.
        allowed_issuers: Patch<Vec<String>> = issuers().known(surface == Surface::Admin),
        /// When the userinfo endpoint is requested; `auto` where a mapped claim is not in the ID token.
        userinfo: Patch<UserInfoUse> = userinfo().known(surface == Surface::Admin),
        /// How long ago the person may have authenticated, in seconds.
        max_age: Patch<u32> = age().known(surface == Surface::Admin),
        /// What the provider shows, unless the application asks for something else.
        prompt: Patch<Vec<OidcPrompt>> = prompts().known(surface == Surface::Admin),
        /// The authentication contexts to request.
        acr_values: Patch<Vec<String>> = texts_or_null().known(surface == Surface::Admin),
    }
}

/// The scopes to request. `openid` takes the place of items that are no texts.
const fn scopes() -> Member<Vec<String>> {
    Member::new(
        |reader, name| reader.texts(name, "openid").unwrap_or_else(|| DEFAULT_SCOPES.map(str::to_owned).to_vec()),
        || json!({"type": "array", "items": {"type": "string"}, "default": DEFAULT_SCOPES}),
    )
}

impl OidcBody {
    /// Valid settings in place of those that were not sent, so that the domain can check the rest of a request.
    pub(super) fn stand_in() -> Self {
        Self {
            issuer: "https://provider.invalid".to_owned(),
            client_id: "none".to_owned(),
            client_secret: Patch::Keep,
            authorization_endpoint: None,
            token_endpoint: None,
            userinfo_endpoint: None,
            jwks_uri: None,
            scopes: Vec::new(),
            token_endpoint_auth_method: Patch::Keep,
            response_mode: Patch::Keep,
            id_token_signing_algs: Patch::Keep,
            allowed_issuers: Patch::Keep,
            userinfo: Patch::Keep,
            max_age: Patch::Keep,
            prompt: Patch::Keep,
            acr_values: Patch::Keep,
        }
    }

    /// How people sign in. Members that were not sent stay.
    fn sign_in(&self) -> OidcSignInPatch {
        OidcSignInPatch {
            token_endpoint_auth_method: self.token_endpoint_auth_method.clone(),
            response_mode: self.response_mode.clone(),
            id_token_signing_algs: self.id_token_signing_algs.clone(),
            allowed_issuers: self.allowed_issuers.clone(),
            userinfo: self.userinfo.clone(),
            max_age: self.max_age.clone(),
            prompt: self.prompt.clone(),
            acr_values: self.acr_values.clone(),
        }
    }

    fn endpoints(&self, end_session: Option<String>) -> OidcEndpoints {
        OidcEndpoints {
            authorization: self.authorization_endpoint.clone(),
            token: self.token_endpoint.clone(),
            userinfo: self.userinfo_endpoint.clone(),
            jwks: self.jwks_uri.clone(),
            end_session,
        }
    }

    pub(super) fn into_input(self) -> ConfigInput {
        let overrides = self.endpoints(None);
        let mut sign_in = OidcSignIn::default();
        self.sign_in().apply(&mut sign_in);
        let Self { issuer, client_id, client_secret, scopes, .. } = self;
        ConfigInput::Oidc(OidcInput {
            discovery_url: issuer,
            client_id,
            client_secret: client_secret.map(Secret::new),
            extra_scopes: Some(scopes),
            verify_tls: true,
            pkce: true,
            post_logout_redirect: true,
            overrides,
            sign_in,
            demand: DiscoveryDemand::Later,
        })
    }

    /// The change. An absent or null secret keeps the stored one; what ScaiKey does not know stays, and so do settings of
    /// signing in that were not sent, since its own clients do not know them.
    pub(super) fn into_patch(self, stored: &OidcConfig) -> OidcPatch {
        let overrides = self.endpoints(stored.overrides.end_session.clone());
        let sign_in = self.sign_in();
        let Self { issuer, client_id, client_secret, scopes, .. } = self;
        // Absent scopes and an empty list look alike here, so that scopes that were written back unchanged are kept.
        let is_same = stored.scopes().eq(scopes.iter().map(String::as_str));
        OidcPatch {
            discovery_url: Some(issuer),
            client_id: Some(client_id),
            client_secret: match client_secret {
                Patch::Keep | Patch::Clear => Patch::Keep,
                Patch::Set(text) if text.is_empty() => Patch::Clear,
                Patch::Set(text) => Patch::Set(Secret::new(text)),
            },
            extra_scopes: if is_same { Patch::Keep } else { Patch::Set(scopes) },
            verify_tls: None,
            pkce: None,
            post_logout_redirect: None,
            overrides: Some(overrides).filter(|overrides| *overrides != stored.overrides),
            sign_in,
        }
    }
}

body! {
    /// `IdPSAMLConfig`. A required member is blank only in a body with faults.
    #[derive(Debug, Clone, PartialEq)]
    pub(super) struct SamlBody() from &ObjectReader<'_> {
        entity_id: String = text().with(|| json!({"minLength": 1, "maxLength": 1024})),
        sso_url: String = text().with(|| json!({"format": "uri"})),
        slo_url: Option<String> = optional(),
        /// One or more PEM blocks, or one certificate in base64, of the DER form or of PEM.
        certificate: String = text(),
        sign_requests: Option<bool> = flag(),
        want_assertions_signed: Option<bool> = flag(),
        name_id_format: Option<String> = given().with(|| json!({"maxLength": 255, "default": EMAIL_NAME_ID})),
    }
}

impl SamlBody {
    pub(super) fn into_input(self) -> SamlInput {
        let Self { entity_id, sso_url, slo_url, certificate, sign_requests, want_assertions_signed, name_id_format } =
            self;
        SamlInput {
            entity_id,
            sso_url,
            slo_url,
            certificate,
            sign_requests: sign_requests.unwrap_or(true),
            want_assertions_signed: want_assertions_signed.unwrap_or(true),
            name_id_format: name_id_format.unwrap_or_else(|| EMAIL_NAME_ID.to_owned()),
            endpoints: Vec::new(),
            metadata_url: None,
        }
    }

    /// The change. Endpoints and address of the stored metadata stay as long as it is the same provider.
    pub(super) fn into_patch(self, stored: &SamlConfig) -> SamlInput {
        let mut input = self.into_input();
        let is_same =
            input.entity_id == stored.entity_id && input.sso_url == stored.sso_url && input.slo_url == stored.slo_url;
        if is_same {
            input.endpoints.clone_from(&stored.endpoints);
            input.metadata_url.clone_from(&stored.metadata_url);
        }
        input
    }
}

body! {
    /// `IdPAttributeMapping`: the five names of this dialect, all of them.
    #[derive(Debug, Clone, PartialEq)]
    pub(super) struct MappingBody() from &ObjectReader<'_> {
        email: Option<String> = given().with(|| json!({"default": "email"})),
        first_name: Option<String> = given().with(|| json!({"default": "given_name"})),
        last_name: Option<String> = given().with(|| json!({"default": "family_name"})),
        display_name: Patch<String> = nullable().with(|| json!({"default": "name"})),
        groups: Patch<String> = nullable().with(|| json!({"default": "groups"})),
    }
}

impl MappingBody {
    /// The mapping it means: names that were not sent get the protocol's defaults.
    pub(super) fn complete(self, protocol: Protocol) -> AttributeMapping {
        let Self { email, first_name, last_name, display_name, groups } = self;
        let given = |claims: Option<String>| claims.map_or(Patch::Keep, Patch::Set);
        let mut attributes = default_attributes(protocol);
        for (field, claims) in [
            (UserField::Email, given(email)),
            (UserField::FirstName, given(first_name)),
            (UserField::LastName, given(last_name)),
            (UserField::DisplayName, display_name),
            (UserField::Groups, groups),
        ] {
            match claims {
                Patch::Keep => {}
                Patch::Clear => {
                    attributes.remove(field);
                }
                Patch::Set(claims) => attributes.set(field, &claims),
            }
        }
        attributes
    }
}

schemas! {
    /// OIDC Identity Provider configuration.
    pub(super) OidcSchema as "IdPOIDCConfig" = OidcBody::members(Surface::Tenant);
    /// OIDC Identity Provider configuration, as the administration writes it.
    pub(super) AdminOidcSchema as "AdminIdPOIDCConfig" = OidcBody::members(Surface::Admin);
    /// SAML Identity Provider configuration.
    pub(super) SamlSchema as "IdPSAMLConfig" = SamlBody::members();
    /// Attribute mapping from IdP claims to ScaiKey user fields.
    pub(super) MappingSchema as "IdPAttributeMapping" = MappingBody::members();
}

pub(super) const fn oidc(surface: Surface) -> Member<Patch<OidcBody>> {
    match surface {
        Surface::Admin => Member::new(
            |reader, name| {
                let read = |inner: &ObjectReader<'_>| OidcBody::read(inner, Surface::Admin);
                reader.object_or_null(name, Some(&["client_secret_set"]), read)
            },
            || object_schema("AdminIdPOIDCConfig"),
        ),
        Surface::Tenant => Member::new(
            |reader, name| {
                let read = |inner: &ObjectReader<'_>| OidcBody::read(inner, Surface::Tenant);
                reader.object_or_null(name, Some(&["client_secret_set"]), read)
            },
            || object_schema("IdPOIDCConfig"),
        ),
    }
}

pub(super) const fn saml() -> Member<Patch<SamlBody>> {
    let read = |reader: &ObjectReader<'_>, name| reader.object_or_null(name, Some(&[]), SamlBody::read);
    Member::new(read, || object_schema("IdPSAMLConfig"))
}

pub(super) const fn mapping() -> Member<Patch<MappingBody>> {
    let read = |reader: &ObjectReader<'_>, name| reader.object_or_null(name, None, MappingBody::read);
    Member::new(read, || object_schema("IdPAttributeMapping"))
}
