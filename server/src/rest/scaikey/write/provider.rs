//! A provider to create, or a change of one.

use serde_json::{Map, Value, json};
use vestibule_app::domain::{
    id::TenantId,
    mapping::UserMapping,
    patch::Patch,
    provider::{
        ConfigInput, EmailTrust, IdentityProvider, LdapConfig, Linking, NAME_ID, NewProvider, Protocol, ProviderConfig,
        ProviderPatch, Provisioning, SignInPatch, SignInSettings,
    },
};

use super::{
    config::{
        AdminOidcSchema, MappingBody, MappingSchema, OidcBody, OidcSchema, SamlBody, SamlSchema, mapping, oidc, saml,
    },
    protocol::{admin_protocol, tenant_protocol},
    sign_in::{UpdatePolicyBody, UpdatePolicySchema, confirmed_domains, email_trust, linking, matching, update_policy},
};
use crate::rest::{
    body::{body, schemas},
    scaikey::{
        dto::{MAPPED, default_attributes},
        error::{Entry, Segment, value_error},
        input::{self, ObjectReader},
        ldap::{self, LdapBody},
        members::{CANNOT_BE_CHANGED, Member, Mode, Surface, flag_of, name, nullable, object_schema, texts_or_null},
    },
};

body! {
    /// What a request says of a provider. Absent means not mentioned.
    #[derive(Debug, Clone)]
    pub(in crate::rest::scaikey) struct ProviderBody(surface: Surface, mode: Mode) from &ObjectReader<'_> {
        name: Option<String> = name(mode),
        display_name: Patch<String> = nullable().with(|| json!({"maxLength": 255})),
        /// OIDC or SAML
        protocol: Option<Protocol> = tenant_protocol().known(surface == Surface::Tenant && mode == Mode::Create),
        provider_type: Option<Protocol> = admin_protocol(mode).known(surface == Surface::Admin),
        pub(in crate::rest::scaikey) tenant_id: Patch<String> = nullable()
            .says(mode.choose(
                "The tenant it belongs to, by identifier or slug; null for the platform.",
                CANNOT_BE_CHANGED,
            ))
            .known(surface == Surface::Admin),
        enabled: Option<bool> = flag_of(mode),
        auto_create_users: Option<bool> = flag_of(mode),
        update_user_on_login: Option<bool> = flag_of(mode),
        oidc_config: Patch<OidcBody> = oidc(surface).says(mode.choose("", REPLACES_ALL_BUT_SECRETS)),
        saml_config: Patch<SamlBody> = saml().says(mode.choose("", "Replaces the settings as a whole.")),
        ldap_config: Patch<LdapConfig> = directory()
            .says(mode.choose("", REPLACES_ALL_BUT_SECRETS))
            .known(surface == Surface::Admin),
        attribute_mapping: Patch<MappingBody> = mapping().says(mode.choose("", "Null brings the defaults back.")),
        allowed_domains: Patch<Vec<String>> = texts_or_null(),
        /// How an unknown person is linked to a user who exists already. `ask`: after the person proved the account.
        linking: Patch<Linking> = linking().known(surface == Surface::Admin),
        /// When an email address counts as verified.
        email_trust: Patch<EmailTrust> = email_trust().known(surface == Surface::Admin),
        /// Whether a user whom this provider did not bring is found by the user field: whoever controls the provider can
        /// then sign in as any user of the tenant.
        match_existing_users: Patch<bool> = matching().known(surface == Surface::Admin),
        /// Email domains that a platform administrator confirms; others may only repeat them.
        confirmed_domains: Patch<Vec<String>> = confirmed_domains().known(surface == Surface::Admin),
        update_policy: Patch<UpdatePolicyBody> = update_policy().known(surface == Surface::Admin),
    }
}

schemas! {
    /// Request to create an Identity Provider.
    pub(in crate::rest::scaikey) CreatedProvider as "IdPCreate" =
        ProviderBody::members(Surface::Tenant, Mode::Create), with OidcSchema, SamlSchema, MappingSchema;
    /// Request to update an Identity Provider.
    pub(in crate::rest::scaikey) ChangedProvider as "IdPUpdate" =
        ProviderBody::members(Surface::Tenant, Mode::Change), with OidcSchema, SamlSchema, MappingSchema;
    /// Request of the administration to create an Identity Provider.
    pub(in crate::rest::scaikey) CreatedAdminProvider as "AdminIdPCreate" =
        ProviderBody::members(Surface::Admin, Mode::Create),
        with AdminOidcSchema, SamlSchema, LdapBody, MappingSchema, UpdatePolicySchema;
    /// Request of the administration to update an Identity Provider.
    pub(in crate::rest::scaikey) ChangedAdminProvider as "AdminIdPUpdate" =
        ProviderBody::members(Surface::Admin, Mode::Change),
        with AdminOidcSchema, SamlSchema, LdapBody, MappingSchema, UpdatePolicySchema;
}

const REPLACES_ALL_BUT_SECRETS: &str = "Replaces the settings as a whole, but for secrets.";

const fn directory() -> Member<Patch<LdapConfig>> {
    let read = |reader: &ObjectReader<'_>, name| reader.object_or_null(name, Some(&ldap::FURTHER), ldap::read);
    Member::new(read, || object_schema("IdPLDAPConfig"))
}

/// The member that holds a protocol's settings.
const fn config_of(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Oidc => "oidc_config",
        Protocol::Saml => "saml_config",
        Protocol::Ldap => "ldap_config",
    }
}

impl ProviderBody {
    /// Reads the members in the order of the model, with everything that is wrong with their form.
    pub(in crate::rest::scaikey) fn of(
        object: &Map<String, Value>,
        surface: Surface,
        mode: Mode,
    ) -> (Self, Vec<Entry>) {
        input::read_strictly(object, surface == Surface::Admin, |reader| {
            let body = Self::read(reader, surface, mode);
            if let (Mode::Create, Some(protocol)) = (mode, body.protocol()) {
                body.check_configs(reader, protocol, object);
            }
            body
        })
    }

    fn protocol(&self) -> Option<Protocol> {
        self.provider_type.or(self.protocol)
    }

    /// A new provider has the settings of its protocol, and of no other.
    fn check_configs(&self, reader: &ObjectReader<'_>, protocol: Protocol, object: &Map<String, Value>) {
        for (other, is_set) in [
            (Protocol::Oidc, self.oidc_config.value().is_some()),
            (Protocol::Saml, self.saml_config.value().is_some()),
            (Protocol::Ldap, self.ldap_config.value().is_some()),
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
        let protocol = self.protocol();
        let Self {
            name,
            display_name,
            protocol: _,
            provider_type: _,
            tenant_id: _,
            enabled,
            auto_create_users,
            update_user_on_login,
            oidc_config,
            saml_config,
            ldap_config,
            attribute_mapping,
            allowed_domains,
            linking,
            email_trust,
            match_existing_users,
            confirmed_domains,
            update_policy,
        } = self;
        let update_policy = update_policy.map(UpdatePolicyBody::into_rules);
        // The service puts the domains into their stored form, after it has checked them.
        let confirmed_domains = confirmed_domains.value().cloned().unwrap_or_default();
        let mut sign_in = SignInSettings { confirmed_domains, ..SignInSettings::default() };
        SignInPatch { linking, email_trust, match_existing_users, update_policy, ..SignInPatch::default() }
            .apply(&mut sign_in);
        let is_meant = |other| protocol.is_none_or(|protocol| protocol == other);
        let (protocol, user_claim, config) = match (oidc_config, saml_config, ldap_config) {
            (Patch::Set(oidc), ..) if is_meant(Protocol::Oidc) => (Protocol::Oidc, "sub".to_owned(), oidc.into_input()),
            (_, Patch::Set(saml), _) if is_meant(Protocol::Saml) => {
                (Protocol::Saml, NAME_ID.to_owned(), ConfigInput::Saml(saml.into_input()))
            }
            (.., Patch::Set(ldap)) if is_meant(Protocol::Ldap) => {
                let claim = ldap.identifying_attribute().to_owned();
                (Protocol::Ldap, claim, ConfigInput::Ldap(Box::new(ldap.into())))
            }
            _ => (Protocol::Oidc, "sub".to_owned(), OidcBody::stand_in().into_input()),
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
            sign_in,
            config,
            mapping: UserMapping {
                user_claim,
                attributes: match attribute_mapping {
                    Patch::Set(mapping) => mapping.complete(protocol),
                    Patch::Keep | Patch::Clear => default_attributes(protocol),
                },
                ..UserMapping::default()
            },
            allowed_domains: allowed_domains.value().cloned().unwrap_or_default(),
            allowed_redirects: Vec::new(),
            management_url: String::new(),
        }
    }

    /// The change of `stored` to make.
    pub(super) fn into_patch(self, stored: &IdentityProvider) -> ProviderPatch {
        let protocol = stored.config.protocol();
        let Self {
            name,
            display_name,
            protocol: _,
            provider_type: _,
            tenant_id: _,
            enabled,
            auto_create_users,
            update_user_on_login,
            oidc_config,
            saml_config,
            ldap_config,
            attribute_mapping,
            allowed_domains,
            linking,
            email_trust,
            match_existing_users,
            confirmed_domains,
            update_policy,
        } = self;
        let update_policy = update_policy.map(UpdatePolicyBody::into_rules);
        let sign_in = SignInPatch { linking, email_trust, update_policy, match_existing_users, confirmed_domains };
        let mut patch = ProviderPatch { name, display_name, enabled, sign_in, ..ProviderPatch::default() };
        if auto_create_users.is_some() || update_user_on_login.is_some() {
            let usual = stored.provisioning;
            patch.provisioning = Some(Provisioning {
                auto_create_users: auto_create_users.unwrap_or(usual.auto_create_users),
                update_user_on_login: update_user_on_login.unwrap_or(usual.update_user_on_login),
            });
        }
        // Settings of another protocol are passed on as well: the service refuses them.
        patch.oidc = oidc_config.value().cloned().map(|oidc| match &stored.config {
            ProviderConfig::Oidc(stored) => oidc.into_patch(stored),
            ProviderConfig::Saml(_) | ProviderConfig::Ldap(_) => Default::default(),
        });
        patch.saml = saml_config.value().cloned().map(|saml| match &stored.config {
            ProviderConfig::Saml(stored) => saml.into_patch(stored),
            ProviderConfig::Oidc(_) | ProviderConfig::Ldap(_) => saml.into_input(),
        });
        patch.ldap = ldap_config.value().cloned().map(Into::into);
        // Another permanent identifier identifies users from now on.
        patch.user_claim = match (&stored.config, &patch.ldap) {
            (ProviderConfig::Ldap(before), Some(after))
                if stored.mapping.user_claim == before.identifying_attribute() =>
            {
                Some(after.config().identifying_attribute().to_owned())
            }
            _ => None,
        };
        let new = match attribute_mapping {
            Patch::Keep => None,
            Patch::Clear => Some(default_attributes(protocol)),
            Patch::Set(mapping) => Some(mapping.complete(protocol)),
        };
        let attributes = &stored.mapping.attributes;
        patch.attributes = new.map(|new| attributes.merge_preserving(new, |field| MAPPED.contains(&field)));
        patch.allowed_domains = match allowed_domains {
            Patch::Keep => None,
            Patch::Clear => Some(Vec::new()),
            Patch::Set(domains) => Some(domains),
        };
        patch
    }

    /// What no change can do: give a provider another protocol, or take away the settings of its own.
    pub(super) fn unchangeable(&self, protocol: Protocol) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut refuse = |name, message: &str| {
            entries.push(value_error(vec![Segment::name("body"), Segment::name(name)], message));
        };
        if self.protocol().is_some_and(|wanted| wanted != protocol) {
            refuse("provider_type", "the type of a provider cannot be changed");
        }
        let is_cleared = match protocol {
            Protocol::Oidc => self.oidc_config == Patch::Clear,
            Protocol::Saml => self.saml_config == Patch::Clear,
            Protocol::Ldap => self.ldap_config == Patch::Clear,
        };
        if is_cleared {
            refuse(config_of(protocol), "a provider cannot be without the settings of its protocol");
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use serde_json::json;

    use super::*;

    fn faults(body: Value, surface: Surface, mode: Mode) -> Vec<(String, &'static str)> {
        let (_, entries) = ProviderBody::of(body.as_object().unwrap(), surface, mode);
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
    fn every_missing_member_is_named_at_once() {
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
        let found = faults(nulls, Surface::Tenant, Mode::Create);
        let expected = [("body.name", "string_type"), ("body.protocol", "missing"), ("body.enabled", "bool_type")];
        assert_eq!(found, expected.map(|(place, kind)| (place.to_owned(), kind)));
    }

    #[test]
    fn a_directory_is_written_in_several_ways() {
        let read = |config: Value| {
            let body = json!({"name": "n", "provider_type": "LDAP", "ldap_config": config});
            let (body, faults) = ProviderBody::of(body.as_object().unwrap(), Surface::Admin, Mode::Create);
            assert_eq!(faults, []);
            match body.into_new(None).config {
                ConfigInput::Ldap(input) => input.into_parts().0,
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
