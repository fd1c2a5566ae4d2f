//! New providers in a line. Mappings are those that suit most providers of the protocol; everything else has the default of
//! the portal's form.

use crate::domain::{
    id::TenantId,
    mapping::{AttributeMapping, UserMapping},
    patch::Patch,
    secret::Secret,
};

use super::{
    ConfigInput, DiscoveryDemand, LdapConfig, NAME_ID, NewProvider, OidcEndpoints, OidcInput, OidcSignIn, Provisioning,
    SamlInput, SignInSettings,
};

impl NewProvider {
    /// An enabled OpenID provider of the platform. Its endpoints are read from `discovery_url`, an issuer or the
    /// address of a discovery document, when it is created. The scopes `profile` and `email` are requested, and their
    /// standard claims mapped ([`AttributeMapping::oidc_defaults`]); the portal suggests both from the discovery document
    /// instead.
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
            extra_scopes: Some(["profile", "email"].map(str::to_owned).to_vec()),
            verify_tls: true,
            pkce: true,
            post_logout_redirect: false,
            overrides: OidcEndpoints::default(),
            sign_in: OidcSignIn::default(),
            demand: DiscoveryDemand::default(),
        };
        let mapping = UserMapping { attributes: AttributeMapping::oidc_defaults(), ..UserMapping::default() };
        Self::with(name, ConfigInput::Oidc(config), mapping)
    }

    /// An enabled SAML provider of the platform, whose assertions must be signed with a key of `certificate` (PEM, one
    /// or several). Users are identified by the name identifier, and the usual names of attributes are mapped
    /// ([`AttributeMapping::saml_defaults`]), as in the portal's form.
    pub fn saml(
        name: impl Into<String>,
        entity_id: impl Into<String>,
        sso_url: impl Into<String>,
        certificate: impl Into<String>,
    ) -> Self {
        let config = SamlInput {
            entity_id: entity_id.into(),
            sso_url: sso_url.into(),
            certificate: certificate.into(),
            ..SamlInput::default()
        };
        let attributes = AttributeMapping::saml_defaults();
        let mapping = UserMapping { user_claim: NAME_ID.to_owned(), attributes, ..UserMapping::default() };
        Self::with(name, ConfigInput::Saml(config), mapping)
    }

    /// An enabled LDAP directory of the platform. Users are identified by the permanent identifier of its entries, and the
    /// usual names of attributes are mapped ([`AttributeMapping::directory_defaults`]), as in the portal's form.
    pub fn ldap(name: impl Into<String>, config: LdapConfig) -> Self {
        let user_claim = config.identifying_attribute().to_owned();
        let attributes = AttributeMapping::directory_defaults();
        let mapping = UserMapping { user_claim, attributes, ..UserMapping::default() };
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
            sign_in: SignInSettings::default(),
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

    /// The same OpenID provider with other scopes to request beside `openid`. SAML and LDAP have no scopes, and stay as they
    /// are.
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        if let ConfigInput::Oidc(oidc) = &mut self.config {
            oidc.extra_scopes = Some(scopes.into_iter().map(Into::into).collect());
        }
        self
    }

    /// The same provider with the origins that users may be sent back to after they sign in.
    pub fn with_redirects(self, origins: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { allowed_redirects: origins.into_iter().map(Into::into).collect(), ..self }
    }

    /// The same provider with other rules for what happens to users when they sign in.
    pub fn with_provisioning(self, provisioning: Provisioning) -> Self {
        Self { provisioning, ..self }
    }

    /// The same provider with other rules for whom people who sign in are linked to and what is updated.
    pub fn with_sign_in(self, sign_in: SignInSettings) -> Self {
        Self { sign_in, ..self }
    }

    /// The same OpenID provider with other rules for requests and ID tokens. SAML and LDAP stay as they are.
    pub fn with_oidc_sign_in(mut self, sign_in: OidcSignIn) -> Self {
        if let ConfigInput::Oidc(oidc) = &mut self.config {
            oidc.sign_in = sign_in;
        }
        self
    }

    /// The same OpenID provider without PKCE, for a provider that refuses it. SAML and LDAP stay as they are.
    pub fn without_pkce(mut self) -> Self {
        if let ConfigInput::Oidc(oidc) = &mut self.config {
            oidc.pkce = false;
        }
        self
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
