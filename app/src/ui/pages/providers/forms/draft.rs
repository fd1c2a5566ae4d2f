//! The input of all steps, and its conversion to requests.

use crate::{
    api::{
        ApiError,
        connection_tests::TestForm,
        directories::DirectoryForm,
        provider_form::{ConnectionForm, NewProviderForm, OidcForm},
    },
    domain::{
        id::TenantId,
        mapping::{AttributeMapping, UserMapping},
        patch::Patch,
        provider::{LdapConfig, NAME_ID, Protocol, SamlInput},
    },
};

use super::{
    connect::{ConnectDraft, FetchedReport},
    ldap::LdapDraft,
    lists::filled,
    mapping_change::check_mapping,
    options::OptionsDraft,
    problems::Problems,
    saml::check_saml,
    step::CreateStep,
};

/// Everything the steps of creating a provider collect.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProviderDraft {
    /// Where the provider is and how to talk to it.
    pub connection: NewConnection,
    /// Claims to user fields.
    pub mapping: UserMapping,
    /// Name, owner, scopes and access.
    pub options: OptionsDraft,
}

/// The connection of a new provider as the inputs hold it.
#[derive(Debug, Clone, PartialEq)]
pub enum NewConnection {
    /// OpenID Connect. The options hold its scopes, PKCE and logout.
    Oidc(ConnectDraft),
    /// SAML 2.0.
    Saml(SamlInput),
    /// LDAP.
    Ldap(LdapDraft),
}

impl Default for NewConnection {
    fn default() -> Self {
        Self::Oidc(ConnectDraft::default())
    }
}

impl NewConnection {
    /// The protocol.
    pub const fn protocol(&self) -> Protocol {
        match self {
            Self::Oidc(_) => Protocol::Oidc,
            Self::Saml(_) => Protocol::Saml,
            Self::Ldap(_) => Protocol::Ldap,
        }
    }
}

impl ProviderDraft {
    /// The initial form of a SAML provider: the attribute names that most providers use.
    pub fn saml() -> Self {
        let attributes = AttributeMapping::saml_defaults();
        let mapping = UserMapping { user_claim: NAME_ID.to_owned(), attributes, ..UserMapping::default() };
        Self { connection: NewConnection::Saml(SamlInput::default()), mapping, ..Self::default() }
    }

    /// The initial form of a directory: the defaults, and the attributes that most directories have.
    pub fn ldap() -> Self {
        let attributes = AttributeMapping::directory_defaults();
        let mapping = UserMapping { attributes, ..UserMapping::default() };
        let connection = NewConnection::Ldap(LdapDraft::of(&LdapConfig::default()));
        Self { connection, mapping, ..Self::default() }
    }

    /// The protocol.
    pub const fn protocol(&self) -> Protocol {
        self.connection.protocol()
    }

    /// What is wrong with a step's input.
    pub fn check(&self, step: CreateStep, fetched: Option<&FetchedReport>) -> Problems {
        if let NewConnection::Ldap(ldap) = &self.connection {
            let all = ldap.check(false).0.into_iter().chain(self.options.check().0);
            return Problems(
                all.filter(|problem| CreateStep::of_field(&problem.field, Protocol::Ldap) == step).collect(),
            );
        }
        match (step, &self.connection) {
            (CreateStep::Connect, NewConnection::Oidc(connect)) => connect.check(fetched),
            (CreateStep::Connect, NewConnection::Saml(saml)) => check_saml(saml),
            (CreateStep::Map, _) => check_mapping(&self.mapping),
            (CreateStep::Options, _) => self.options.check(),
            (
                CreateStep::Product | CreateStep::Connect | CreateStep::Users | CreateStep::Groups | CreateStep::Review,
                _,
            ) => Problems::default(),
        }
    }

    /// The problems of all steps up to this one.
    pub fn check_up_to(&self, step: CreateStep, fetched: Option<&FetchedReport>) -> Problems {
        let steps = CreateStep::all(self.protocol()).iter().filter(|earlier| **earlier <= step);
        Problems(steps.flat_map(|step| self.check(*step, fetched).0).collect())
    }

    /// The request that creates the provider.
    pub fn form(&self) -> NewProviderForm {
        let Self { connection: _, mapping, options } = self;
        let OptionsDraft {
            label,
            typed_slug: _, // what counts of it is in `slug`
            owner,
            extra_scopes: _,
            allowed_redirects,
            allowed_domains,
            pkce: _,
            post_logout_redirect: _,
            provisioning,
            management_url,
            enabled,
        } = options;
        NewProviderForm {
            slug: options.slug_to_send(),
            label: label.trim().to_owned(),
            owner: *owner,
            enabled: *enabled,
            provisioning: *provisioning,
            connection: self.connection_form(),
            mapping: trimmed(mapping.clone()),
            allowed_domains: filled(allowed_domains),
            allowed_redirects: filled(allowed_redirects),
            management_url: management_url.trim().to_owned(),
        }
    }

    fn connection_form(&self) -> ConnectionForm {
        match &self.connection {
            NewConnection::Oidc(connect) => {
                let ConnectDraft { discovery_url, client_id, client_secret, verify_tls } = connect;
                ConnectionForm::Oidc(OidcForm {
                    discovery_url: discovery_url.trim().to_owned(),
                    client_id: client_id.trim().to_owned(),
                    client_secret: Patch::Set(client_secret.clone()),
                    verify_tls: *verify_tls,
                    extra_scopes: self.options.extra_scopes.clone(),
                    pkce: self.options.pkce,
                    post_logout_redirect: self.options.post_logout_redirect,
                })
            }
            NewConnection::Saml(saml) => ConnectionForm::Saml(saml.clone()),
            NewConnection::Ldap(ldap) => ConnectionForm::Ldap(Box::new(ldap.form())),
        }
    }

    /// The request that tests the settings before they are saved.
    pub fn test(&self) -> TestForm {
        TestForm {
            provider: None,
            owner: self.options.owner,
            connection: Some(self.connection_form()),
            mapping: Some(trimmed(self.mapping.clone())),
        }
    }

    /// The items of each list, by the name of its field.
    pub fn list_items(&self) -> Vec<(&'static str, Vec<String>)> {
        let OptionsDraft { allowed_redirects, allowed_domains, .. } = self.options.clone();
        let mut lists = match &self.connection {
            NewConnection::Ldap(ldap) => ldap.list_items(),
            NewConnection::Oidc(_) | NewConnection::Saml(_) => Vec::new(),
        };
        lists.extend([("allowed_redirects", allowed_redirects), ("allowed_domains", allowed_domains)]);
        lists
    }
}

/// The request that reads a directory before it is saved.
///
/// # Errors
///
/// Entries that are not of their kind.
pub fn directory(ldap: &LdapDraft, owner: Option<TenantId>, mapping: UserMapping) -> Result<DirectoryForm, ApiError> {
    ldap.directory(None, owner, trimmed(mapping))
}

fn trimmed(mut mapping: UserMapping) -> UserMapping {
    mapping.user_field = mapping.user_field.trim().to_owned();
    mapping.user_claim = mapping.user_claim.split_whitespace().collect::<Vec<_>>().join(" ");
    let extra = mapping.extra_claims().collect::<Vec<_>>().join(" ");
    mapping.extra_fields = Some(extra).filter(|extra| !extra.is_empty());
    mapping
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::SecretInput;

    fn draft() -> ProviderDraft {
        let connection = NewConnection::Oidc(ConnectDraft {
            discovery_url: " https://id.example ".to_owned(),
            client_id: " client ".to_owned(),
            client_secret: SecretInput(" kept as typed ".to_owned()),
            verify_tls: true,
        });
        let mut draft = ProviderDraft { connection, ..ProviderDraft::default() };
        draft.options.label = " Acme ".to_owned();
        draft.options.allowed_redirects = vec![String::new(), "https://app.example".to_owned()];
        draft.mapping.extra_fields = Some("  ".to_owned());
        draft
    }

    #[test]
    fn what_is_sent_is_trimmed_except_the_secret() {
        let sent = draft().form();
        let ConnectionForm::Oidc(oidc) = sent.connection else { panic!("it is OIDC") };
        assert_eq!(oidc.discovery_url, "https://id.example");
        assert_eq!(oidc.client_id, "client");
        assert_eq!(sent.label, "Acme");
        assert_eq!(oidc.client_secret, Patch::Set(SecretInput(" kept as typed ".to_owned())));
        assert_eq!(sent.allowed_redirects, ["https://app.example"]);
        assert_eq!(sent.mapping.extra_fields, None);
        assert_eq!(sent.slug, None, "made by the server");
    }

    #[test]
    fn nothing_can_be_saved_before_the_address_was_fetched() {
        let problems = draft().check_up_to(CreateStep::Review, None);
        assert_eq!(CreateStep::first_with_problem(&problems.0, Protocol::Oidc), Some(CreateStep::Connect));
    }
}
