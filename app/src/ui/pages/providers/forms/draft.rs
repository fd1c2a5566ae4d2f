//! The input of all steps, and its conversion to requests.

use crate::{
    api::{
        connection_tests::{LdapSettings, OidcSettings, TestForm, TestSettings},
        directories::{DirectoryForm, NewLdapProvider},
        saml::{NewSamlProvider, SamlSettings},
        wire::NewOidcProvider,
    },
    domain::{
        mapping::{AttributeMapping, UserField, UserMapping},
        provider::{LdapConfig, NAME_ID, Protocol},
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
    step::Step,
};

/// Everything the steps of creating a provider collect.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProviderDraft {
    /// The connection of a SAML provider; absent for OpenID providers, which use [`ProviderDraft::connect`].
    pub saml: Option<SamlSettings>,
    /// The settings of a directory; absent for the others.
    pub ldap: Option<LdapDraft>,
    /// Where the provider is and which client of it we are.
    pub connect: ConnectDraft,
    /// Claims to user fields.
    pub mapping: UserMapping,
    /// Name, owner, scopes and access.
    pub options: OptionsDraft,
}

impl ProviderDraft {
    /// The initial form of a SAML provider: the attribute names that most providers use.
    pub fn saml() -> Self {
        let attributes = USUAL_ATTRIBUTES
            .into_iter()
            .fold(AttributeMapping::new(), |attributes, (field, names)| attributes.with(field, names));
        let mapping = UserMapping { user_claim: NAME_ID.to_owned(), attributes, ..UserMapping::default() };
        Self { saml: Some(SamlSettings::default()), mapping, ..Self::default() }
    }

    /// The initial form of a directory: the defaults, and the attributes that most directories have.
    pub fn ldap() -> Self {
        let attributes = AttributeMapping::directory_defaults();
        let mapping = UserMapping { attributes, ..UserMapping::default() };
        Self { ldap: Some(LdapDraft::of(&LdapConfig::default())), mapping, ..Self::default() }
    }

    /// The protocol.
    pub fn protocol(&self) -> Protocol {
        match (&self.saml, &self.ldap) {
            (Some(_), _) => Protocol::Saml,
            (None, Some(_)) => Protocol::Ldap,
            (None, None) => Protocol::Oidc,
        }
    }

    /// What is wrong with a step's input.
    pub fn check(&self, step: Step, fetched: Option<&FetchedReport>) -> Problems {
        if let Some(ldap) = &self.ldap {
            let all = ldap.check(false).0.into_iter().chain(self.options.check().0);
            return Problems(all.filter(|problem| Step::of_field(&problem.field, Protocol::Ldap) == step).collect());
        }
        match step {
            Step::Product | Step::Users | Step::Groups => Problems::default(),
            Step::Connect => match &self.saml {
                Some(settings) => check_saml(settings),
                None => self.connect.check(fetched),
            },
            Step::Map => check_mapping(&self.mapping),
            Step::Options => self.options.check(),
            Step::Review => Problems::default(),
        }
    }

    /// The problems of all steps up to this one.
    pub fn check_up_to(&self, step: Step, fetched: Option<&FetchedReport>) -> Problems {
        let steps = Step::all(self.protocol()).iter().filter(|earlier| **earlier <= step);
        Problems(steps.flat_map(|step| self.check(*step, fetched).0).collect())
    }

    /// The request that creates a SAML provider.
    pub fn to_saml_wire(&self, settings: SamlSettings) -> NewSamlProvider {
        let NewOidcProvider {
            slug,
            label,
            owner,
            enabled,
            provisioning,
            mapping,
            allowed_domains,
            allowed_redirects,
            management_url,
            ..
        } = self.to_wire();
        NewSamlProvider {
            slug,
            label,
            owner,
            enabled,
            provisioning,
            settings,
            mapping,
            allowed_domains,
            allowed_redirects,
            management_url,
        }
    }

    /// The request that creates a directory.
    pub fn to_ldap_wire(&self, draft: &LdapDraft) -> NewLdapProvider {
        let NewOidcProvider { slug, label, owner, enabled, provisioning, mapping, allowed_domains, .. } =
            self.to_wire();
        let settings = draft.to_wire();
        NewLdapProvider { slug, label, owner, enabled, provisioning, settings, mapping, allowed_domains }
    }

    /// The request that reads a directory before it is saved.
    pub fn to_directory(&self) -> DirectoryForm {
        let settings = self.ldap.as_ref().map(LdapDraft::to_wire).unwrap_or_default();
        DirectoryForm { provider: None, owner: self.options.owner, settings, mapping: trimmed(self.mapping.clone()) }
    }

    /// The request that tests the settings before they are saved.
    pub fn to_test(&self) -> TestForm {
        let settings = match (self.saml.clone(), &self.ldap) {
            (Some(settings), _) => TestSettings::Saml(settings),
            (None, Some(_)) => {
                let DirectoryForm { settings, mapping, .. } = self.to_directory();
                TestSettings::Ldap(LdapSettings { settings, mapping })
            }
            (None, None) => {
                let NewOidcProvider { discovery_url, client_id, client_secret, verify_tls, extra_scopes, pkce, .. } =
                    self.to_wire();
                let client_secret = Some(client_secret);
                TestSettings::Oidc(OidcSettings {
                    discovery_url,
                    client_id,
                    client_secret,
                    verify_tls,
                    extra_scopes,
                    pkce,
                })
            }
        };
        TestForm { provider: None, owner: self.options.owner, settings: Some(settings) }
    }

    /// The request that creates an OpenID provider.
    pub fn to_wire(&self) -> NewOidcProvider {
        let slug = self.options.slug_to_send();
        let Self { saml: _, ldap: _, connect, mapping, options } = self.clone();
        let ConnectDraft { discovery_url, client_id, client_secret, verify_tls } = connect;
        let OptionsDraft {
            label,
            typed_slug: _, // what counts of it is in `slug`
            owner,
            extra_scopes,
            allowed_redirects,
            allowed_domains,
            pkce,
            post_logout_redirect,
            provisioning,
            management_url,
            enabled,
        } = options;
        NewOidcProvider {
            slug,
            label: label.trim().to_owned(),
            owner,
            enabled,
            provisioning,
            discovery_url: discovery_url.trim().to_owned(),
            client_id: client_id.trim().to_owned(),
            client_secret,
            verify_tls,
            extra_scopes,
            pkce,
            post_logout_redirect,
            mapping: trimmed(mapping),
            allowed_domains: filled(&allowed_domains),
            allowed_redirects: filled(&allowed_redirects),
            management_url: management_url.trim().to_owned(),
        }
    }

    /// The items of each list, by the name of its field.
    pub fn list_items(&self) -> Vec<(&'static str, Vec<String>)> {
        let OptionsDraft { allowed_redirects, allowed_domains, .. } = self.options.clone();
        let mut lists = self.ldap.as_ref().map(LdapDraft::list_items).unwrap_or_default();
        lists.extend([("allowed_redirects", allowed_redirects), ("allowed_domains", allowed_domains)]);
        lists
    }
}

/// Attribute names by field: friendly names, those of eduPerson, and those of AD FS and Entra ID.
const USUAL_ATTRIBUTES: [(UserField, &str); 3] = [
    (
        UserField::Email,
        "email mail urn:oid:0.9.2342.19200300.100.1.3 \
         http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    ),
    (
        UserField::FirstName,
        "firstName givenName urn:oid:2.5.4.42 http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
    ),
    (UserField::LastName, "lastName sn urn:oid:2.5.4.4 http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname"),
];

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
        let mut draft = ProviderDraft::default();
        draft.connect.discovery_url = " https://id.example ".to_owned();
        draft.connect.client_id = " client ".to_owned();
        draft.connect.client_secret = SecretInput(" kept as typed ".to_owned());
        draft.options.label = " Acme ".to_owned();
        draft.options.allowed_redirects = vec![String::new(), "https://app.example".to_owned()];
        draft.mapping.extra_fields = Some("  ".to_owned());
        draft
    }

    #[test]
    fn what_is_sent_is_trimmed_except_the_secret() {
        let sent = draft().to_wire();
        assert_eq!(sent.discovery_url, "https://id.example");
        assert_eq!(sent.client_id, "client");
        assert_eq!(sent.label, "Acme");
        assert_eq!(sent.client_secret, SecretInput(" kept as typed ".to_owned()));
        assert_eq!(sent.allowed_redirects, ["https://app.example"]);
        assert_eq!(sent.mapping.extra_fields, None);
        assert_eq!(sent.slug, "", "made by the server");
    }

    #[test]
    fn nothing_can_be_saved_before_the_address_was_fetched() {
        let problems = draft().check_up_to(Step::Review, None);
        assert_eq!(Step::first_with_problem(&problems.0, Protocol::Oidc), Some(Step::Connect));
    }
}
