//! The connection of a provider as a whole, by protocol: to create it, and to test it before it is saved.

use serde::{Deserialize, Serialize};

use crate::{
    api::wire::{SecretInput, only_known},
    domain::{
        patch::Patch,
        provider::{
            ConfigInput, DiscoveryDemand, LdapConfig, LdapInput, OidcEndpoints, OidcInput, OidcSignIn, SamlInput,
        },
    },
};

/// The connection of a provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionForm {
    /// OpenID Connect.
    Oidc(OidcForm),
    /// SAML 2.0.
    Saml(SamlInput),
    /// An LDAP directory.
    Ldap(Box<LdapForm>),
}

/// The settings of an OpenID provider; discovery adds the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OidcForm {
    /// An issuer or the address of a discovery document.
    pub discovery_url: String,
    /// The client identifier.
    pub client_id: String,
    /// The client secret; a new provider without one is a public client.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub client_secret: Patch<SecretInput>,
    /// Whether the provider's TLS certificate is checked.
    pub verify_tls: bool,
    /// Scopes to request beside `openid`.
    pub extra_scopes: Vec<String>,
    /// Whether the code flow uses PKCE.
    pub pkce: bool,
    /// Whether users who sign out are sent to the provider's logout page.
    pub post_logout_redirect: bool,
}

impl Default for OidcForm {
    fn default() -> Self {
        Self {
            discovery_url: String::new(),
            client_id: String::new(),
            client_secret: Patch::Keep,
            verify_tls: true,
            extra_scopes: Vec::new(),
            pkce: true,
            post_logout_redirect: false,
        }
    }
}

/// The settings of a directory, always as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LdapForm {
    /// The settings, without secrets. What they record about stored secrets is ignored.
    #[serde(deserialize_with = "only_known")]
    pub config: LdapConfig,
    /// The password of the bind.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub bind_password: Patch<SecretInput>,
    /// The private key of the client certificate, in PEM.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub client_key: Patch<SecretInput>,
}

impl From<ConnectionForm> for ConfigInput {
    fn from(form: ConnectionForm) -> Self {
        match form {
            ConnectionForm::Oidc(oidc) => Self::Oidc(oidc.into()),
            ConnectionForm::Saml(saml) => Self::Saml(saml.trimmed()),
            ConnectionForm::Ldap(ldap) => Self::Ldap(Box::new((*ldap).into())),
        }
    }
}

impl From<OidcForm> for OidcInput {
    fn from(form: OidcForm) -> Self {
        let OidcForm { discovery_url, client_id, client_secret, verify_tls, extra_scopes, pkce, post_logout_redirect } =
            form;
        Self {
            discovery_url: discovery_url.trim().to_owned(),
            client_id: client_id.trim().to_owned(),
            client_secret: client_secret.into(),
            extra_scopes: Some(extra_scopes),
            verify_tls,
            pkce,
            post_logout_redirect,
            overrides: OidcEndpoints::default(),
            sign_in: OidcSignIn::default(),
            demand: DiscoveryDemand::Usable,
        }
    }
}

impl From<LdapForm> for LdapInput {
    fn from(form: LdapForm) -> Self {
        let LdapForm { config, bind_password, client_key } = form;
        Self::new(config.trimmed(), bind_password.into(), client_key.into())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::{
        provider::{LdapEntry, LdapField, LdapFieldKind, LdapLimits, LdapVendor, SyncPolicy},
        secret::Secret,
    };

    fn secret(text: &str) -> Patch<SecretInput> {
        Patch::Set(SecretInput(text.to_owned()))
    }

    /// Settings that differ from the defaults in all kinds.
    fn config() -> LdapConfig {
        LdapConfig {
            vendor: LdapVendor::Ds389,
            urls: vec!["ldap://a".to_owned(), "ldap://b".to_owned()],
            start_tls: true,
            bind_dn: Some("cn=a".to_owned()),
            limits: LdapLimits { page_size: 7, ..LdapLimits::default() },
            sync: SyncPolicy { trust_email: true, ..SyncPolicy::default() },
            ..LdapConfig::default()
        }
    }

    #[test]
    fn settings_of_directories_travel_as_what_they_are() {
        let form = LdapForm { config: config(), bind_password: secret(" a "), client_key: Patch::Keep };
        let sent = serde_json::to_value(&form).unwrap();
        assert_eq!(sent["config"]["limits"]["page_size"], json!(7));
        assert_eq!(sent["config"]["urls"], json!(["ldap://a", "ldap://b"]));
        assert_eq!((&sent["bind_password"], sent.get("client_key")), (&json!(" a "), None));
        let read: LdapForm = serde_json::from_value(sent).unwrap();
        assert_eq!(read, form);
        let bind_password = Patch::Set(Secret::new(" a "));
        let expected = LdapInput::new(config(), bind_password, Patch::Keep);
        assert_eq!(LdapInput::from(read), expected);
    }

    /// A value that the setting does not have by default.
    fn other(field: &LdapField) -> LdapEntry {
        let default = field.value(&LdapConfig::default()).to_entry();
        let candidates = match field.kind {
            LdapFieldKind::Number { least, most } => {
                [least, most].map(|number| LdapEntry::Text(number.to_string())).into()
            }
            LdapFieldKind::Switch => [true, false].map(LdapEntry::Switch).into(),
            LdapFieldKind::Choice(names) => names.iter().map(|(name, _)| LdapEntry::Text((*name).to_owned())).collect(),
            LdapFieldKind::List(_) | LdapFieldKind::ObjectClasses => {
                vec![LdapEntry::List(vec!["a".to_owned(), "b".to_owned()])]
            }
            _ => vec![LdapEntry::Text("a".to_owned())],
        };
        candidates.into_iter().find(|entry| *entry != default).unwrap()
    }

    #[test]
    fn every_setting_of_a_directory_arrives_as_entered() {
        let shown = || LdapConfig::fields().iter().filter(|field| !field.kind.is_secret());
        let mut config = LdapConfig::default();
        for field in shown() {
            field.set(&mut config, &other(field)).unwrap();
        }
        let form = LdapForm { config: config.clone(), bind_password: secret("password"), client_key: secret("key") };
        let sent = serde_json::to_string(&form).unwrap();
        let read = LdapInput::from(serde_json::from_str::<LdapForm>(&sent).unwrap());
        for field in shown() {
            assert_eq!(field.value(read.config()).to_entry(), other(field), "{}", field.name);
        }
        let (bind_password, client_key) = (Secret::new("password"), Secret::new("key"));
        assert_eq!(read, LdapInput::new(config, Patch::Set(bind_password), Patch::Set(client_key)));
    }

    #[test]
    fn texts_are_trimmed_and_blank_ones_left_out() {
        let form = json!({"config": {"bind_dn": " cn=a ", "user_base_dn": " ", "urls": ["", " ldap://a"], "has_client_key": true}});
        let read = LdapInput::from(serde_json::from_value::<LdapForm>(form).unwrap());
        let expected =
            LdapConfig { bind_dn: Some("cn=a".to_owned()), urls: vec!["ldap://a".to_owned()], ..LdapConfig::default() };
        assert_eq!(read.config(), &expected);
    }

    #[test]
    fn secrets_are_kept_removed_or_set_and_not_printed() {
        let read = |form: Value| LdapInput::from(serde_json::from_value::<LdapForm>(form).unwrap());
        assert_eq!(read(json!({})), LdapInput::default());
        for removed in [json!(null), json!("")] {
            assert_eq!(read(json!({"bind_password": removed})).bind_password(), &Patch::Clear);
        }
        assert_eq!(read(json!({"client_key": "key"})).client_key(), &Patch::Set(Secret::new("key")));
        let form = LdapForm { bind_password: secret("hush"), client_key: secret("hush"), ..LdapForm::default() };
        assert!(!format!("{form:?}").contains("hush"));
    }
}
