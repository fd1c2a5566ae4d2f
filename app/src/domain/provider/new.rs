//! New providers in a line: everything else has the default that the portal offers.

use crate::domain::{id::TenantId, mapping::UserMapping, patch::Patch, secret::Secret};

use super::{
    ConfigInput, DiscoveryDemand, EMAIL_NAME_ID, LdapConfig, NAME_ID, NewProvider, OidcEndpoints, OidcInput,
    Provisioning, SamlInput,
};

impl NewProvider {
    /// An enabled OpenID provider of the platform. Its endpoints are read from `discovery_url`, an issuer or the address of
    /// a discovery document, when it is created.
    pub fn oidc(
        name: impl Into<String>,
        discovery_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: Secret,
    ) -> Self {
        let config = OidcInput {
            discovery_url: discovery_url.into(),
            client_id: client_id.into(),
            client_secret: Patch::Set(client_secret),
            extra_scopes: None,
            verify_tls: true,
            pkce: true,
            post_logout_redirect: false,
            overrides: OidcEndpoints::default(),
            demand: DiscoveryDemand::default(),
        };
        Self::with(name, ConfigInput::Oidc(config), UserMapping::default())
    }

    /// An enabled SAML provider of the platform, whose assertions must be signed with a key of `certificate` (PEM, one or
    /// several). Users are identified by the name identifier.
    pub fn saml(
        name: impl Into<String>,
        entity_id: impl Into<String>,
        sso_url: impl Into<String>,
        certificate: impl Into<String>,
    ) -> Self {
        let config = SamlInput {
            entity_id: entity_id.into(),
            sso_url: sso_url.into(),
            slo_url: None,
            certificate: certificate.into(),
            sign_requests: true,
            want_assertions_signed: true,
            name_id_format: EMAIL_NAME_ID.to_owned(),
            endpoints: Vec::new(),
            metadata_url: None,
        };
        let mapping = UserMapping { user_claim: NAME_ID.to_owned(), ..UserMapping::default() };
        Self::with(name, ConfigInput::Saml(config), mapping)
    }

    /// An enabled LDAP directory of the platform. Users are identified by the permanent identifier of its entries.
    pub fn ldap(name: impl Into<String>, config: LdapConfig) -> Self {
        let user_claim = config.identifying_attribute().to_owned();
        let mapping = UserMapping { user_claim, ..UserMapping::default() };
        Self::with(name, ConfigInput::Ldap(Box::new(config.into())), mapping)
    }

    fn with(name: impl Into<String>, config: ConfigInput, mapping: UserMapping) -> Self {
        Self {
            slug: None,
            name: name.into(),
            display_name: None,
            owner: None,
            enabled: true,
            provisioning: Provisioning::default(),
            config,
            mapping,
            allowed_domains: Vec::new(),
            allowed_redirects: Vec::new(),
            management_url: String::new(),
        }
    }

    /// The same provider as a tenant's own.
    pub fn owned_by(self, tenant: TenantId) -> Self {
        Self { owner: Some(tenant), ..self }
    }

    /// The same provider, disabled: users cannot sign in with it yet.
    pub fn disabled(self) -> Self {
        Self { enabled: false, ..self }
    }

    /// The same provider with another name to show.
    pub fn displayed_as(self, name: impl Into<String>) -> Self {
        Self { display_name: Some(name.into()), ..self }
    }

    /// The same provider for users of these email domains alone.
    pub fn for_domains(self, domains: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { allowed_domains: domains.into_iter().map(Into::into).collect(), ..self }
    }

    /// The same provider with another mapping of claims to user fields.
    pub fn mapped(self, mapping: UserMapping) -> Self {
        Self { mapping, ..self }
    }
}

impl LdapConfig {
    /// A directory of `urls` (`ldaps://…`, tried in order), searched below `base_dn` after a bind with this name and
    /// password. Everything else has its default; it is not synchronised on schedule.
    pub fn new(
        urls: impl IntoIterator<Item = impl Into<String>>,
        base_dn: impl Into<String>,
        bind_dn: impl Into<String>,
        bind_password: Secret,
    ) -> Self {
        Self {
            urls: urls.into_iter().map(Into::into).collect(),
            base_dn: base_dn.into(),
            bind_dn: Some(bind_dn.into()),
            bind_password: Some(bind_password),
            ..Self::default()
        }
    }
}
