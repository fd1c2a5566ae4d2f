//! LDAP directories: what forms send of their settings, and what is read of a directory before anything is saved.

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
    provider::{LdapConfig, LdapGroups, LdapLimits, Provisioning, SyncPolicy},
};
#[cfg(feature = "ssr")]
use crate::domain::{problem::ServiceError, provider::NewProvider};

/// Reads what a directory says of itself: product, search bases, schema. Settings of users and groups do not matter.
#[server(prefix = "/_ui/fn", endpoint = "directories/inspect", protocol = JsonPost)]
pub async fn inspect_directory(form: DirectoryForm) -> Result<DirectoryReport, ApiError> {
    let call = context()?;
    let DirectoryForm { provider, owner, settings, mapping: _ } = form;
    answer(call.services.connections.inspect(&call.actor, owner, provider, settings.into_config()?).await)
}

/// Reads a few users, with the attributes that they have and those that the mapping names.
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
    /// The stored provider. Its secrets are used where the settings leave them out, towards its servers alone.
    pub provider: Option<ProviderId>,
    /// The tenant that the provider would belong to; the platform when absent.
    pub owner: Option<TenantId>,
    /// The settings.
    pub settings: LdapForm,
    /// How its attributes become user fields.
    pub mapping: UserMapping,
}

/// Everything the steps of creating a directory collect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewLdapProvider {
    /// The slug; made from the label when empty.
    pub slug: String,
    /// The name to show.
    pub label: String,
    /// The tenant it belongs to; the platform's own when absent.
    pub owner: Option<TenantId>,
    /// Whether users may sign in with it.
    pub enabled: bool,
    /// What happens to users when they sign in, and which ones a synchronisation creates.
    pub provisioning: Provisioning,
    /// How to talk to it.
    pub settings: LdapForm,
    /// How its attributes become user fields.
    pub mapping: UserMapping,
    /// E-mail domains whose users may sign in.
    pub allowed_domains: Vec<String>,
}

#[cfg(feature = "ssr")]
impl NewLdapProvider {
    /// The provider in the domain's words.
    ///
    /// # Errors
    ///
    /// A setting that is none.
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

/// The settings of a directory as forms know them: names and texts. Lists have an item on each line, switches are `true`
/// or `false`, and what is empty or left out has its default. The names are those of problems.
///
/// `bind_password` and `client_key` go to the server and never come back; left out, the stored ones stay.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LdapForm(pub Vec<(String, String)>);

impl fmt::Debug for LdapForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Settings as texts by their names, without the secrets.
pub fn texts_of(config: &LdapConfig) -> Vec<(&'static str, String)> {
    let LdapConfig {
        vendor,
        urls,
        start_tls,
        tls_verify,
        ca_certificate,
        client_certificate,
        client_key: _,
        has_client_key: _,
        bind_type,
        bind_dn,
        bind_password: _,
        has_bind_password: _,
        bind_password_changed_at: _,
        base_dn,
        user_base_dn,
        user_search_scope,
        user_object_classes,
        user_filter,
        username_attribute,
        external_id_attribute,
        disabled_filter,
        groups,
        limits,
        sync,
    } = config;
    let LdapGroups {
        enabled,
        base_dn: group_base_dn,
        search_scope,
        object_classes,
        filter,
        name_attribute,
        member_attribute,
        member_format,
        nested,
    } = groups;
    let LdapLimits {
        page_size,
        connect_timeout_seconds,
        operation_timeout_seconds,
        sync_timeout_seconds,
        max_entries,
        referrals,
    } = limits;
    let SyncPolicy {
        enabled: sync_enabled,
        interval_minutes,
        full_interval_hours,
        delta_strategy,
        clock_skew_seconds,
        missing_users,
        reactivate,
        max_deactivation_percent,
        link_existing,
        trust_email,
    } = sync;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let flag = |is_on: bool| if is_on { "true" } else { "false" }.to_owned();
    let named = |text: &str| text.to_owned();
    let number = |number: u32| number.to_string();
    vec![
        ("vendor", named(vendor.as_str())),
        ("urls", urls.join("\n")),
        ("start_tls", flag(*start_tls)),
        ("tls_verify", flag(*tls_verify)),
        ("ca_certificate", text(ca_certificate)),
        ("client_certificate", text(client_certificate)),
        ("bind_type", named(bind_type.as_str())),
        ("bind_dn", text(bind_dn)),
        ("base_dn", base_dn.clone()),
        ("user_base_dn", text(user_base_dn)),
        ("user_search_scope", named(user_search_scope.as_str())),
        ("user_object_classes", user_object_classes.join("\n")),
        ("user_filter", text(user_filter)),
        ("username_attribute", text(username_attribute)),
        ("external_id_attribute", text(external_id_attribute)),
        ("disabled_filter", text(disabled_filter)),
        ("sync_groups", flag(*enabled)),
        ("group_base_dn", text(group_base_dn)),
        ("group_search_scope", named(search_scope.as_str())),
        ("group_object_classes", object_classes.join("\n")),
        ("group_filter", text(filter)),
        ("group_name_attribute", name_attribute.clone()),
        ("group_member_attribute", member_attribute.clone()),
        ("group_member_format", named(member_format.as_str())),
        ("nested_groups", flag(*nested)),
        ("page_size", number((*page_size).into())),
        ("connect_timeout_seconds", number((*connect_timeout_seconds).into())),
        ("operation_timeout_seconds", number((*operation_timeout_seconds).into())),
        ("sync_timeout_seconds", number(*sync_timeout_seconds)),
        ("max_entries", number(*max_entries)),
        ("referrals", named(referrals.as_str())),
        ("sync_enabled", flag(*sync_enabled)),
        ("sync_interval_minutes", number(*interval_minutes)),
        ("full_sync_interval_hours", number(*full_interval_hours)),
        ("delta_strategy", named(delta_strategy.as_str())),
        ("clock_skew_seconds", number(*clock_skew_seconds)),
        ("missing_users", named(missing_users.as_str())),
        ("reactivate", named(reactivate.as_str())),
        ("max_deactivation_percent", number((*max_deactivation_percent).into())),
        ("link_existing", named(link_existing.as_str())),
        ("trust_email", flag(*trust_email)),
    ]
}

#[cfg(feature = "ssr")]
mod read {
    use std::{collections::BTreeMap, str::FromStr};

    use super::LdapForm;
    use crate::domain::{
        problem::{Problem, ProblemCode, ServiceError},
        provider::{LdapConfig, LdapGroups, LdapLimits, SyncPolicy},
        secret::Secret,
    };

    impl LdapForm {
        /// The settings in the domain's words. What they are worth is judged by the service.
        ///
        /// # Errors
        ///
        /// Names that no setting has, and texts that are not of its kind.
        pub fn into_config(self) -> Result<LdapConfig, ServiceError> {
            let mut reader = Reader { texts: self.0.into_iter().collect(), problems: Vec::new() };
            let config = config(&mut reader);
            let Reader { texts, mut problems } = reader;
            let unknown = |name: String| Problem::new(name, ProblemCode::Unknown, "There is no such setting.");
            problems.extend(texts.into_keys().map(unknown));
            if problems.is_empty() { Ok(config) } else { Err(ServiceError::Invalid { problems }) }
        }
    }

    fn config(reader: &mut Reader) -> LdapConfig {
        let usual = LdapConfig::default();
        LdapConfig {
            vendor: reader.value("vendor", usual.vendor),
            urls: reader.list("urls"),
            start_tls: reader.value("start_tls", usual.start_tls),
            tls_verify: reader.value("tls_verify", usual.tls_verify),
            ca_certificate: reader.text("ca_certificate"),
            client_certificate: reader.text("client_certificate"),
            client_key: reader.secret("client_key"),
            has_client_key: false,
            bind_type: reader.value("bind_type", usual.bind_type),
            bind_dn: reader.text("bind_dn"),
            bind_password: reader.secret("bind_password"),
            has_bind_password: false,
            bind_password_changed_at: None,
            base_dn: reader.text("base_dn").unwrap_or_default(),
            user_base_dn: reader.text("user_base_dn"),
            user_search_scope: reader.value("user_search_scope", usual.user_search_scope),
            user_object_classes: reader.list("user_object_classes"),
            user_filter: reader.text("user_filter"),
            username_attribute: reader.text("username_attribute"),
            external_id_attribute: reader.text("external_id_attribute"),
            disabled_filter: reader.text("disabled_filter"),
            groups: groups(reader, usual.groups),
            limits: limits(reader, usual.limits),
            sync: sync(reader, usual.sync),
        }
    }

    fn groups(reader: &mut Reader, usual: LdapGroups) -> LdapGroups {
        LdapGroups {
            enabled: reader.value("sync_groups", usual.enabled),
            base_dn: reader.text("group_base_dn"),
            search_scope: reader.value("group_search_scope", usual.search_scope),
            object_classes: reader.list("group_object_classes"),
            filter: reader.text("group_filter"),
            name_attribute: reader.text("group_name_attribute").unwrap_or(usual.name_attribute),
            member_attribute: reader.text("group_member_attribute").unwrap_or(usual.member_attribute),
            member_format: reader.value("group_member_format", usual.member_format),
            nested: reader.value("nested_groups", usual.nested),
        }
    }

    fn limits(reader: &mut Reader, usual: LdapLimits) -> LdapLimits {
        LdapLimits {
            page_size: reader.number("page_size", usual.page_size),
            connect_timeout_seconds: reader.number("connect_timeout_seconds", usual.connect_timeout_seconds),
            operation_timeout_seconds: reader.number("operation_timeout_seconds", usual.operation_timeout_seconds),
            sync_timeout_seconds: reader.number("sync_timeout_seconds", usual.sync_timeout_seconds),
            max_entries: reader.number("max_entries", usual.max_entries),
            referrals: reader.value("referrals", usual.referrals),
        }
    }

    fn sync(reader: &mut Reader, usual: SyncPolicy) -> SyncPolicy {
        SyncPolicy {
            enabled: reader.value("sync_enabled", usual.enabled),
            interval_minutes: reader.number("sync_interval_minutes", usual.interval_minutes),
            full_interval_hours: reader.number("full_sync_interval_hours", usual.full_interval_hours),
            delta_strategy: reader.value("delta_strategy", usual.delta_strategy),
            clock_skew_seconds: reader.number("clock_skew_seconds", usual.clock_skew_seconds),
            missing_users: reader.value("missing_users", usual.missing_users),
            reactivate: reader.value("reactivate", usual.reactivate),
            max_deactivation_percent: reader.number("max_deactivation_percent", usual.max_deactivation_percent),
            link_existing: reader.value("link_existing", usual.link_existing),
            trust_email: reader.value("trust_email", usual.trust_email),
        }
    }

    /// Takes one setting after the other, and collects what is wrong.
    struct Reader {
        texts: BTreeMap<String, String>,
        problems: Vec<Problem>,
    }

    impl Reader {
        fn text(&mut self, name: &str) -> Option<String> {
            let text = self.texts.remove(name)?;
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        }

        /// A secret is taken as it was typed; an empty one removes what is stored.
        fn secret(&mut self, name: &str) -> Option<Secret> {
            self.texts.remove(name).map(Secret::new)
        }

        fn list(&mut self, name: &str) -> Vec<String> {
            let text = self.text(name).unwrap_or_default();
            text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
        }

        fn value<T: FromStr>(&mut self, name: &str, usual: T) -> T {
            self.parsed(name, usual, "This is none of the values that there are.")
        }

        /// What does not fit the type is beyond what the setting allows in any case.
        fn number<T: FromStr>(&mut self, name: &str, usual: T) -> T {
            self.parsed(name, usual, "Enter a whole number that is within the limits.")
        }

        fn parsed<T: FromStr>(&mut self, name: &str, usual: T, message: &str) -> T {
            match self.text(name).map(|text| text.parse()) {
                None => usual,
                Some(Ok(value)) => value,
                Some(Err(_)) => {
                    self.problems.push(Problem::new(name, ProblemCode::NotAllowed, message));
                    usual
                }
            }
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
#[expect(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use super::*;
    use crate::domain::provider::{LdapVendor, MissingUsers};

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
        let sent = LdapForm(texts_of(&config).into_iter().map(|(name, text)| (name.to_owned(), text)).collect());
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
