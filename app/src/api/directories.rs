//! LDAP directories: the settings as forms send them, and reading a directory before settings are saved.

#[cfg(feature = "ssr")]
use std::collections::BTreeMap;
use std::fmt;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    id::{ProviderId, TenantId},
    ldap::{DirectoryReport, DirectoryUser},
    mapping::UserMapping,
    provider::Provisioning,
};
#[cfg(feature = "ssr")]
use crate::domain::{
    problem::{Problem, ProblemCode, ServiceError},
    provider::{LdapConfig, LdapFieldKind, NewProvider},
};

/// Reads what a directory reports about itself: product, naming contexts, schema. Settings of users and groups do not
/// matter.
#[server(prefix = "/_ui/fn", endpoint = "directories/inspect", protocol = JsonPost)]
pub async fn inspect_directory(form: DirectoryForm) -> Result<DirectoryReport, ApiError> {
    let call = context()?;
    let DirectoryForm { provider, owner, settings, mapping: _ } = form;
    answer(call.services.connections.inspect(&call.actor, owner, provider, settings.into_config()?).await)
}

/// Reads a few users, with the attributes that they have and those that the mapping uses.
#[server(prefix = "/_ui/fn", endpoint = "directories/sample", protocol = JsonPost)]
pub async fn sample_directory(form: DirectoryForm) -> Result<Vec<DirectoryUser>, ApiError> {
    let call = context()?;
    let DirectoryForm { provider, owner, settings, mapping } = form;
    let config = settings.into_config()?;
    answer(call.services.connections.sample(&call.actor, owner, provider, config, &mapping).await)
}

/// Settings of a directory that are not saved.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DirectoryForm {
    /// The stored provider. Its stored secrets replace those that the settings leave out, for its own servers only.
    pub provider: Option<ProviderId>,
    /// The tenant that would own the provider; the platform when absent.
    pub owner: Option<TenantId>,
    /// The settings.
    pub settings: LdapForm,
    /// The mapping.
    pub mapping: UserMapping,
}

/// The input of all steps that create a directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewLdapProvider {
    /// The slug; made from the label when empty.
    pub slug: String,
    /// The display name.
    pub label: String,
    /// The tenant it belongs to; the platform's own when absent.
    pub owner: Option<TenantId>,
    /// Whether users may sign in with it.
    pub enabled: bool,
    /// What happens to users when they sign in, and whether a synchronisation creates users.
    pub provisioning: Provisioning,
    /// How to talk to it.
    pub settings: LdapForm,
    /// The mapping.
    pub mapping: UserMapping,
    /// Email domains whose users may sign in.
    pub allowed_domains: Vec<String>,
}

#[cfg(feature = "ssr")]
impl NewLdapProvider {
    /// Converts to the domain.
    ///
    /// # Errors
    ///
    /// Unknown settings and invalid values.
    pub fn into_new(self) -> Result<NewProvider, ServiceError> {
        let Self { slug, label, owner, enabled, provisioning, settings, mapping, allowed_domains } = self;
        Ok(NewProvider {
            slug: Some(slug.trim().to_owned()).filter(|slug| !slug.is_empty()),
            name: label.trim().to_owned(),
            display_name: None,
            owner,
            enabled,
            provisioning,
            config: crate::domain::provider::ConfigInput::Ldap(Box::new(settings.into_config()?)),
            mapping,
            allowed_domains,
            allowed_redirects: Vec::new(),
            management_url: String::new(),
        })
    }
}

/// The settings of a directory as forms hold them: names and texts. The names are those of [`LdapConfig::fields`].
/// Lists have an item on each line, switches are `true` or `false`, and empty or absent settings have their defaults.
///
/// `bind_password` and `client_key` are only sent to the server; when absent, the stored ones are kept.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LdapForm(pub Vec<(String, String)>);

impl fmt::Debug for LdapForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(feature = "ssr")]
impl LdapForm {
    /// Converts to the domain. The service checks the settings.
    ///
    /// # Errors
    ///
    /// Unknown settings and texts that are not of their kind.
    pub fn into_config(self) -> Result<LdapConfig, ServiceError> {
        let mut texts: BTreeMap<String, String> = self.0.into_iter().collect();
        let (mut config, mut problems) = (LdapConfig::default(), Vec::new());
        for field in LdapConfig::fields() {
            let Some(text) = texts.remove(field.name) else { continue };
            if field.set(&mut config, &text).is_err() {
                let message = match field.kind {
                    LdapFieldKind::Number { .. } => "Enter a whole number that is within the limits.",
                    _ => "Choose one of the listed values.",
                };
                problems.push(Problem::new(field.name, ProblemCode::NotAllowed, message));
            }
        }
        let unknown = |name: String| Problem::new(name, ProblemCode::Unknown, "There is no such setting.");
        problems.extend(texts.into_keys().map(unknown));
        if problems.is_empty() { Ok(config) } else { Err(ServiceError::Invalid { problems }) }
    }
}

#[cfg(all(test, feature = "ssr"))]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;
    use crate::domain::provider::{LdapGroups, LdapLimits, LdapVendor, MissingUsers, SyncPolicy};

    fn form(pairs: &[(&str, &str)]) -> LdapForm {
        LdapForm(pairs.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())).collect())
    }

    #[test]
    fn every_setting_comes_back_as_it_was() {
        let text = |text: &str| Some(text.to_owned());
        let config = LdapConfig {
            vendor: LdapVendor::Ds389,
            urls: vec!["ldap://a".to_owned(), "ldap://b".to_owned()],
            start_tls: true,
            tls_verify: false,
            ca_certificate: text("a"),
            client_certificate: text("b"),
            bind_type: crate::domain::provider::LdapBind::SaslExternal,
            bind_dn: text("c"),
            base_dn: "d".to_owned(),
            user_base_dn: text("e"),
            user_search_scope: crate::domain::provider::LdapScope::OneLevel,
            user_object_classes: vec!["f".to_owned()],
            user_filter: text("g"),
            username_attribute: text("h"),
            external_id_attribute: text("i"),
            disabled_filter: text("j"),
            groups: LdapGroups {
                enabled: true,
                base_dn: text("k"),
                search_scope: crate::domain::provider::LdapScope::OneLevel,
                object_classes: vec!["l".to_owned()],
                filter: text("m"),
                name_attribute: "n".to_owned(),
                member_attribute: "o".to_owned(),
                member_format: crate::domain::provider::MemberFormat::Username,
                nested: true,
            },
            limits: LdapLimits {
                page_size: 1,
                connect_timeout_seconds: 2,
                operation_timeout_seconds: 3,
                sync_timeout_seconds: 4,
                max_entries: 5,
                referrals: crate::domain::provider::Referrals::Follow,
            },
            sync: SyncPolicy {
                enabled: true,
                interval_minutes: 6,
                full_interval_hours: 7,
                delta_strategy: crate::domain::provider::DeltaStrategy::None,
                clock_skew_seconds: 8,
                missing_users: MissingUsers::Delete,
                reactivate: crate::domain::provider::Reactivate::Never,
                max_deactivation_percent: 9,
                link_existing: crate::domain::provider::LinkExisting::Email,
                trust_email: true,
            },
            ..LdapConfig::default()
        };
        let sent = LdapForm(
            LdapConfig::fields()
                .iter()
                .filter(|field| !field.kind.is_secret())
                .map(|field| (field.name.to_owned(), field.value(&config).to_text("\n")))
                .collect(),
        );
        assert_eq!(sent.into_config().unwrap(), config);
        assert_eq!(LdapForm::default().into_config().unwrap(), LdapConfig::default());
    }

    #[test]
    fn what_is_no_setting_and_no_value_is_told_at_its_name() {
        let wrong = form(&[("vendor", "x"), ("page_size", "many"), ("start_tls", "yes"), ("colour", "red")]);
        let Err(ServiceError::Invalid { problems }) = wrong.into_config() else { panic!("it was read") };
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["vendor", "start_tls", "page_size", "colour"]);
    }

    #[test]
    fn secrets_are_kept_as_typed_and_shown_to_nobody() {
        let form = form(&[("bind_password", " a "), ("bind_dn", " cn=a ")]);
        assert_eq!(format!("{form:?}"), r#"["bind_password", "bind_dn"]"#);
        let config = form.into_config().unwrap();
        assert_eq!(config.bind_password, Some(crate::domain::secret::Secret::new(" a ")));
        assert_eq!(config.bind_dn.as_deref(), Some("cn=a"));
    }
}
