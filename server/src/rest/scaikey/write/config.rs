//! The settings of a provider by protocol, as they are written.

use vestibule_app::domain::{
    mapping::{AttributeMapping, UserField},
    patch::Patch,
    provider::{
        ConfigInput, DiscoveryDemand, EMAIL_NAME_ID, OidcConfig, OidcEndpoints, OidcInput, OidcPatch, Protocol,
        SamlConfig, SamlInput,
    },
    secret::Secret,
};

use super::{
    super::{dto::default_attributes, input::ObjectReader},
    Surface,
};

/// `IdPOIDCConfig`. What is required is there, since the record was read without faults.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Oidc {
    issuer: String,
    client_id: String,
    client_secret: Patch<String>,
    endpoints: OidcEndpoints,
    scopes: Vec<String>,
}

pub(in crate::rest::scaikey) const DEFAULT_SCOPES: [&str; 3] = ["openid", "profile", "email"];

impl Oidc {
    pub(super) fn read(reader: &ObjectReader<'_>, surface: Surface) -> Self {
        let text_or_none = |name| match reader.text_or_null(name) {
            Patch::Set(text) => Some(text).filter(|text| !text.is_empty()),
            Patch::Keep | Patch::Clear => None,
        };
        let read = Self {
            issuer: reader.required_text("issuer").unwrap_or_default(),
            client_id: reader.required_text("client_id").unwrap_or_default(),
            client_secret: reader.text_or_null("client_secret"),
            endpoints: OidcEndpoints {
                authorization: text_or_none("authorization_endpoint"),
                token: text_or_none("token_endpoint"),
                userinfo: text_or_none("userinfo_endpoint"),
                jwks: text_or_none("jwks_uri"),
                end_session: None,
            },
            scopes: reader.texts("scopes", "openid").unwrap_or_else(|| DEFAULT_SCOPES.map(str::to_owned).to_vec()),
        };
        if surface == Surface::Admin {
            reader.refuse_near_misses(&["client_secret_set"]);
        }
        read
    }

    /// Settings without a fault in place of those that were not sent, for judging the rest of a request.
    pub(super) fn stand_in() -> Self {
        Self {
            issuer: "https://provider.invalid".to_owned(),
            client_id: "none".to_owned(),
            client_secret: Patch::Keep,
            endpoints: OidcEndpoints::default(),
            scopes: Vec::new(),
        }
    }

    pub(super) fn into_input(self) -> ConfigInput {
        let Self { issuer, client_id, client_secret, endpoints, scopes } = self;
        ConfigInput::Oidc(OidcInput {
            discovery_url: issuer,
            client_id,
            client_secret: client_secret.value().cloned().map(Secret::new),
            extra_scopes: Some(scopes),
            verify_tls: true,
            pkce: true,
            post_logout_redirect: true,
            overrides: endpoints,
            demand: DiscoveryDemand::Later,
        })
    }

    /// The change. An absent or null secret keeps the stored one; what ScaiKey does not know stays.
    pub(super) fn into_patch(self, stored: &OidcConfig) -> OidcPatch {
        let Self { issuer, client_id, client_secret, endpoints, scopes } = self;
        // Scopes that are written back as they were read are not touched: no scopes and an empty list look alike here.
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
            overrides: Some(OidcEndpoints { end_session: stored.overrides.end_session.clone(), ..endpoints })
                .filter(|overrides| *overrides != stored.overrides),
        }
    }
}

/// `IdPSAMLConfig`.
pub(super) fn read_saml(reader: &ObjectReader<'_>, surface: Surface) -> SamlInput {
    let read = SamlInput {
        entity_id: reader.required_text("entity_id").unwrap_or_default(),
        sso_url: reader.required_text("sso_url").unwrap_or_default(),
        slo_url: reader.text_or_null("slo_url").value().filter(|url| !url.is_empty()).cloned(),
        certificate: reader.required_text("certificate").unwrap_or_default(),
        sign_requests: reader.boolean("sign_requests").unwrap_or(true),
        want_assertions_signed: reader.boolean("want_assertions_signed").unwrap_or(true),
        name_id_format: reader.text("name_id_format").unwrap_or_else(|| EMAIL_NAME_ID.to_owned()),
        endpoints: Vec::new(),
        metadata_url: None,
    };
    if surface == Surface::Admin {
        reader.refuse_near_misses(&[]);
    }
    read
}

/// The change. What the metadata said beside these settings stays as long as it is the same provider.
pub(super) fn saml_patch(mut input: SamlInput, stored: &SamlConfig) -> SamlInput {
    let is_same =
        input.entity_id == stored.entity_id && input.sso_url == stored.sso_url && input.slo_url == stored.slo_url;
    if is_same {
        input.endpoints.clone_from(&stored.endpoints);
        input.metadata_url.clone_from(&stored.metadata_url);
    }
    input
}

/// `IdPAttributeMapping`: the five names of this dialect, all of them.
pub(super) fn read_mapping(reader: &ObjectReader<'_>) -> MappingInput {
    let nullable = |name| reader.text_or_null(name);
    let given = |name| reader.text(name).map_or(Patch::Keep, Patch::Set);
    MappingInput([
        (UserField::Email, given("email")),
        (UserField::FirstName, given("first_name")),
        (UserField::LastName, given("last_name")),
        (UserField::DisplayName, nullable("display_name")),
        (UserField::Groups, nullable("groups")),
    ])
}

/// A mapping as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MappingInput([(UserField, Patch<String>); 5]);

impl MappingInput {
    /// The mapping it means: names that were not sent get the protocol's defaults.
    pub(super) fn complete(self, protocol: Protocol) -> AttributeMapping {
        let mut attributes = default_attributes(protocol);
        for (field, claims) in self.0 {
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
