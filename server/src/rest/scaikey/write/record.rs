//! A provider to create, or a change of one.

use serde_json::{Map, Value};
use vestibule_app::domain::{
    id::TenantId,
    mapping::UserMapping,
    patch::Patch,
    provider::{
        ConfigInput, IdentityProvider, LdapConfig, NAME_ID, NewProvider, Protocol, ProviderConfig, ProviderPatch,
        Provisioning, SamlInput,
    },
};

use super::{
    super::{
        dto::{MAPPED, default_attributes},
        error::{Entry, Segment, value_error},
        input::{Faults, ObjectReader},
    },
    config::{MappingInput, Oidc, read_mapping, read_saml, saml_patch},
    directory::read_ldap,
};

/// Which group of operations a request came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rest::scaikey) enum Surface {
    /// The administration, which knows LDAP and names the tenant in the body.
    Admin,
    /// A tenant's.
    Tenant,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rest::scaikey) enum Mode {
    Create,
    Change,
}

/// The members of a request. What is absent was not mentioned.
#[derive(Debug, Clone)]
pub(in crate::rest::scaikey) struct Record {
    /// The tenant that the body names, in whatever spelling.
    pub(in crate::rest::scaikey) tenant: Patch<String>,
    name: Option<String>,
    display_name: Patch<String>,
    protocol: Option<Protocol>,
    enabled: Option<bool>,
    auto_create_users: Option<bool>,
    update_user_on_login: Option<bool>,
    oidc: Patch<Oidc>,
    saml: Patch<SamlInput>,
    ldap: Patch<LdapConfig>,
    mapping: Patch<MappingInput>,
    domains: Patch<Vec<String>>,
}

pub(in crate::rest::scaikey) const ADMIN_PROTOCOLS: [(&str, Protocol); 3] =
    [("OIDC", Protocol::Oidc), ("SAML", Protocol::Saml), ("LDAP", Protocol::Ldap)];
pub(in crate::rest::scaikey) const TENANT_PROTOCOLS: [(&str, Protocol); 2] =
    [("OIDC", Protocol::Oidc), ("SAML", Protocol::Saml)];

/// The member that holds a protocol's settings.
const fn config_of(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Oidc => "oidc_config",
        Protocol::Saml => "saml_config",
        Protocol::Ldap => "ldap_config",
    }
}

fn map<T, U>(patch: Patch<T>, convert: impl FnOnce(T) -> U) -> Patch<U> {
    match patch {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(value) => Patch::Set(convert(value)),
    }
}

impl Record {
    /// Reads the members in the order of the model, with everything that is wrong with their form.
    pub(in crate::rest::scaikey) fn read(
        object: &Map<String, Value>,
        surface: Surface,
        mode: Mode,
    ) -> (Self, Vec<Entry>) {
        let faults = Faults::default();
        let reader = ObjectReader::of_body(object, &faults);
        let flag = |name| match mode {
            Mode::Create => reader.boolean(name),
            Mode::Change => reader.boolean_or_null(name).value().copied(),
        };
        let name = match mode {
            Mode::Create => reader.required_text("name"),
            Mode::Change => reader.text_or_null("name").value().cloned(),
        };
        reader.check_length("name", name.as_deref());
        let record = Self {
            name,
            display_name: reader.text_or_null("display_name"),
            protocol: read_protocol(&reader, surface, mode),
            tenant: if surface == Surface::Admin { reader.text_or_null("tenant_id") } else { Patch::Keep },
            enabled: flag("enabled"),
            auto_create_users: flag("auto_create_users"),
            update_user_on_login: flag("update_user_on_login"),
            oidc: map(reader.object_or_null("oidc_config"), |reader| Oidc::read(&reader, surface)),
            saml: map(reader.object_or_null("saml_config"), |reader| read_saml(&reader, surface)),
            ldap: match surface {
                Surface::Admin => map(reader.object_or_null("ldap_config"), |reader| read_ldap(&reader)),
                Surface::Tenant => Patch::Keep,
            },
            mapping: map(reader.object_or_null("attribute_mapping"), |reader| read_mapping(&reader)),
            domains: reader.texts_or_null("allowed_domains"),
        };
        if let (Mode::Create, Some(protocol)) = (mode, record.protocol) {
            record.check_configs(&reader, protocol, object);
        }
        (record, faults.into_inner())
    }

    /// A new provider has the settings of its protocol, and of no other.
    fn check_configs(&self, reader: &ObjectReader<'_>, protocol: Protocol, object: &Map<String, Value>) {
        for (other, is_set) in [
            (Protocol::Oidc, self.oidc.value().is_some()),
            (Protocol::Saml, self.saml.value().is_some()),
            (Protocol::Ldap, self.ldap.value().is_some()),
        ] {
            let name = config_of(other);
            let is_there = object.get(name).is_some_and(|value| !value.is_null());
            if other == protocol && !is_there {
                reader.miss(name);
            } else if other != protocol && is_set {
                reader.refuse(name, "these settings belong to another protocol");
            }
        }
    }

    /// The provider to create for `owner`.
    pub(super) fn into_new(self, owner: Option<TenantId>) -> NewProvider {
        let Self {
            tenant: _,
            name,
            display_name,
            protocol,
            enabled,
            auto_create_users,
            update_user_on_login,
            oidc,
            saml,
            ldap,
            mapping,
            domains,
        } = self;
        let is_meant = |other| protocol.is_none_or(|protocol| protocol == other);
        let (protocol, user_claim, config) = match (oidc, saml, ldap) {
            (Patch::Set(oidc), ..) if is_meant(Protocol::Oidc) => (Protocol::Oidc, "sub".to_owned(), oidc.into_input()),
            (_, Patch::Set(saml), _) if is_meant(Protocol::Saml) => {
                (Protocol::Saml, NAME_ID.to_owned(), ConfigInput::Saml(saml))
            }
            (.., Patch::Set(ldap)) if is_meant(Protocol::Ldap) => {
                let claim = ldap.identifying_attribute().to_owned();
                (Protocol::Ldap, claim, ConfigInput::Ldap(Box::new(ldap)))
            }
            _ => (Protocol::Oidc, "sub".to_owned(), Oidc::stand_in().into_input()),
        };
        let usual = Provisioning::default();
        NewProvider {
            slug: None,
            name: name.unwrap_or_default(),
            display_name: display_name.value().cloned(),
            owner,
            enabled: enabled.unwrap_or(true),
            provisioning: Provisioning {
                auto_create_users: auto_create_users.unwrap_or(usual.auto_create_users),
                update_user_on_login: update_user_on_login.unwrap_or(usual.update_user_on_login),
            },
            config,
            mapping: UserMapping {
                user_claim,
                attributes: match mapping {
                    Patch::Set(mapping) => mapping.complete(protocol),
                    Patch::Keep | Patch::Clear => default_attributes(protocol),
                },
                ..UserMapping::default()
            },
            allowed_domains: domains.value().cloned().unwrap_or_default(),
            allowed_redirects: Vec::new(),
            management_url: String::new(),
        }
    }

    /// The change of `stored` to make.
    pub(super) fn into_patch(self, stored: &IdentityProvider) -> ProviderPatch {
        let protocol = stored.config.protocol();
        let Self {
            tenant: _,
            name,
            display_name,
            protocol: _,
            enabled,
            auto_create_users,
            update_user_on_login,
            oidc,
            saml,
            ldap,
            mapping,
            domains,
        } = self;
        let mut patch = ProviderPatch { name, display_name, enabled, ..ProviderPatch::default() };
        if auto_create_users.is_some() || update_user_on_login.is_some() {
            let usual = stored.provisioning;
            patch.provisioning = Some(Provisioning {
                auto_create_users: auto_create_users.unwrap_or(usual.auto_create_users),
                update_user_on_login: update_user_on_login.unwrap_or(usual.update_user_on_login),
            });
        }
        // Settings of another protocol go through as well: the service tells what is wrong with them.
        patch.oidc = oidc.value().cloned().map(|oidc| match &stored.config {
            ProviderConfig::Oidc(stored) => oidc.into_patch(stored),
            ProviderConfig::Saml(_) | ProviderConfig::Ldap(_) => Default::default(),
        });
        patch.saml = saml.value().cloned().map(|saml| match &stored.config {
            ProviderConfig::Saml(stored) => saml_patch(saml, stored),
            ProviderConfig::Oidc(_) | ProviderConfig::Ldap(_) => saml,
        });
        patch.ldap = ldap.value().cloned();
        // Who names another attribute that never changes means that users are identified by it.
        patch.user_claim = match (&stored.config, &patch.ldap) {
            (ProviderConfig::Ldap(before), Some(after))
                if stored.mapping.user_claim == before.identifying_attribute() =>
            {
                Some(after.identifying_attribute().to_owned())
            }
            _ => None,
        };
        let new = match mapping {
            Patch::Keep => None,
            Patch::Clear => Some(default_attributes(protocol)),
            Patch::Set(mapping) => Some(mapping.complete(protocol)),
        };
        let attributes = &stored.mapping.attributes;
        patch.attributes = new.map(|new| attributes.merge_preserving(new, |field| MAPPED.contains(&field)));
        patch.allowed_domains = match domains {
            Patch::Keep => None,
            Patch::Clear => Some(Vec::new()),
            Patch::Set(domains) => Some(domains),
        };
        patch
    }

    /// What a change asks that no change can do: a provider keeps its protocol, and cannot be without the settings of it.
    pub(super) fn unchangeable(&self, protocol: Protocol) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut refuse = |name, message: &str| {
            entries.push(value_error(vec![Segment::name("body"), Segment::name(name)], message));
        };
        if self.protocol.is_some_and(|wanted| wanted != protocol) {
            refuse("provider_type", "the type of a provider cannot be changed");
        }
        let is_cleared = match protocol {
            Protocol::Oidc => self.oidc == Patch::Clear,
            Protocol::Saml => self.saml == Patch::Clear,
            Protocol::Ldap => self.ldap == Patch::Clear,
        };
        if is_cleared {
            refuse(config_of(protocol), "a provider cannot be without the settings of its protocol");
        }
        entries
    }
}

/// `provider_type` in the administration, where `protocol` says the same; `protocol` in a tenant, which cannot change it.
fn read_protocol(reader: &ObjectReader<'_>, surface: Surface, mode: Mode) -> Option<Protocol> {
    if surface == Surface::Tenant {
        if mode == Mode::Change {
            return None;
        }
        if !reader.mentions("protocol") {
            reader.miss("protocol");
        }
        return reader.choice("protocol", &TENANT_PROTOCOLS);
    }
    let (is_given, has_alias) = (reader.mentions("provider_type"), reader.mentions("protocol"));
    if !is_given && !has_alias && mode == Mode::Create {
        reader.miss("provider_type");
    }
    let given = reader.choice("provider_type", &ADMIN_PROTOCOLS);
    let alias = reader.choice("protocol", &ADMIN_PROTOCOLS);
    if let (Some(given), Some(alias)) = (given, alias)
        && given != alias
    {
        reader.refuse("protocol", "protocol and provider_type name different protocols");
    }
    given.or(alias)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use serde_json::json;

    use super::*;

    fn faults(body: Value, surface: Surface, mode: Mode) -> Vec<(String, &'static str)> {
        let (_, entries) = Record::read(body.as_object().unwrap(), surface, mode);
        entries
            .iter()
            .map(|entry| {
                let place: Vec<_> = entry
                    .loc
                    .iter()
                    .map(|segment| match segment {
                        Segment::Name(name) => name.to_string(),
                        Segment::Index(index) => index.to_string(),
                    })
                    .collect();
                (place.join("."), entry.kind)
            })
            .collect()
    }

    #[test]
    fn all_that_is_missing_is_told_at_once() {
        let expected = [("body.name".to_owned(), "missing"), ("body.protocol".to_owned(), "missing")];
        assert_eq!(faults(json!({}), Surface::Tenant, Mode::Create), expected);
        let expected = [("body.name".to_owned(), "missing"), ("body.provider_type".to_owned(), "missing")];
        assert_eq!(faults(json!({}), Surface::Admin, Mode::Create), expected);
        assert_eq!(faults(json!({}), Surface::Tenant, Mode::Change), []);
    }

    #[test]
    fn the_settings_fit_the_protocol() {
        let body = |protocol: &str, more: Value| {
            let mut body = json!({"name": "n", "protocol": protocol});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            faults(body, Surface::Admin, Mode::Create)
        };
        let oidc = json!({"issuer": "https://a.example", "client_id": "c"});
        let saml = json!({"entity_id": "urn:a", "sso_url": "https://a.example", "certificate": "x"});
        let ldap = json!({"host": "ldap.example", "port": 636, "use_ssl": true, "bind_dn": "cn=a", "base_dn": "dc=a"});
        assert_eq!(body("oidc", json!({"oidc_config": oidc})), []);
        assert_eq!(body("Saml", json!({"saml_config": saml, "oidc_config": null})), []);
        assert_eq!(body("LDAP", json!({"ldap_config": ldap})), []);
        assert_eq!(body("OIDC", json!({"oidc_config": null})), [("body.oidc_config".to_owned(), "missing")]);
        let both = json!({"oidc_config": oidc, "saml_config": saml});
        assert_eq!(body("OIDC", both), [("body.saml_config".to_owned(), "value_error")]);
        let wrong = json!({"oidc_config": "x"});
        assert_eq!(body("OIDC", wrong), [("body.oidc_config".to_owned(), "model_attributes_type")]);
        assert_eq!(body("CAS", json!({})), [("body.protocol".to_owned(), "literal_error")]);
    }

    #[test]
    fn a_tenant_knows_two_protocols() {
        let body = json!({"name": "n", "protocol": "LDAP", "ldap_config": {}});
        assert_eq!(faults(body, Surface::Tenant, Mode::Create), [("body.protocol".to_owned(), "literal_error")]);
    }

    #[test]
    fn null_means_something_else_in_a_change() {
        let nulls = json!({"name": null, "enabled": null, "display_name": null, "allowed_domains": null});
        assert_eq!(faults(nulls.clone(), Surface::Tenant, Mode::Change), []);
        let told = faults(nulls, Surface::Tenant, Mode::Create);
        let expected = [("body.name", "string_type"), ("body.protocol", "missing"), ("body.enabled", "bool_type")];
        assert_eq!(told, expected.map(|(place, kind)| (place.to_owned(), kind)));
    }

    #[test]
    fn a_directory_is_written_in_several_ways() {
        let read = |config: Value| {
            let body = json!({"name": "n", "provider_type": "LDAP", "ldap_config": config});
            let (record, faults) = Record::read(body.as_object().unwrap(), Surface::Admin, Mode::Create);
            assert_eq!(faults, []);
            match record.into_new(None).config {
                ConfigInput::Ldap(config) => config,
                _ => panic!("not a directory"),
            }
        };
        let urls = |config: Value| read(config).urls.join(" ");
        assert_eq!(urls(json!({"base_dn": "dc=a", "urls": ["ldap://a", "ldap://b"]})), "ldap://a ldap://b");
        assert_eq!(urls(json!({"base_dn": "dc=a", "url": "ldaps://a"})), "ldaps://a");
        assert_eq!(urls(json!({"base_dn": "dc=a", "host": "a", "port": 1389})), "ldap://a:1389");
        let config = read(json!({"base_dn": "dc=a", "url": "ldap://a", "vendor": "389ds", "bind_type": "anonymous"}));
        assert_eq!((config.vendor, config.bind_type), (LdapVendor::Ds389, LdapBind::Anonymous));
        assert_eq!(config.identifying_attribute(), "nsUniqueId");
    }

    use vestibule_app::domain::provider::{LdapBind, LdapVendor};
}
