//! The body that creates, replaces or changes a provider, and what it means in the domain.

use url::Url;
use vestibule_app::domain::{
    mapping::{AttributeMapping, UserMapping},
    patch::Patch,
    provider::{
        self, ConfigInput, DiscoveryDemand, OidcEndpoints, OidcInput, OidcPatch, OidcSignIn, OidcSignInPatch,
        ProviderPatch, Provisioning, SignInPatch, SignInSettings,
    },
    secret::Secret,
};

use super::{
    defaults::provider_defaults,
    error::{FieldErrors, NON_FIELD, Refusal, Result},
    fields::{address, flag, flag_as_sent, key, mapping, origins, text, text_or_blank, text_or_null, texts},
    input::FieldReader,
    suggestions::is_known,
};
use crate::rest::body::{body, schemas};

/// Which fields must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// All that a provider needs, its key included.
    Create,
    /// All that a provider needs; the key is given by the path and ignored here.
    Replace,
    /// None.
    Change,
}

body! {
    /// What a request says of a provider. Absent means not mentioned.
    #[derive(Debug, Clone, Default, PartialEq)]
    pub(super) struct ProviderBody(mode: Mode) from &mut FieldReader<'_> {
        /// User fields that users of this provider cannot edit.
        protected_fields: Option<Vec<String>> = texts(),
        /// Origins that users may be sent back to, without path and query.
        allowed_redirects: Option<Vec<String>> = origins(),
        /// The provider's key.
        pub(super) provider: Option<String> = key().known(mode == Mode::Create),
        /// Whether users may sign in with it; at first they may.
        is_active: Option<bool> = flag(),
        /// The client identifier registered at the provider.
        client_id: Option<String> = text(200).required(mode != Mode::Change),
        /// The client secret.
        client_secret: Option<String> = text(200).required(mode != Mode::Change),
        /// Whether the provider's TLS certificate is checked; at first it is.
        pub(super) verify_ssl: Option<bool> = flag_as_sent(),
        /// Whether users who sign out are sent to the provider's logout page; at first they are.
        enable_post_logout_redirect: Option<bool> = flag(),
        /// Whether the code flow uses PKCE; at first it does not.
        enable_pkce: Option<bool> = flag(),
        /// The address of the discovery document.
        discovery_url: Option<String> = address(200).required(mode != Mode::Change),
        /// The name to show.
        label: Option<String> = text(200).required(mode != Mode::Change),
        /// Where users manage their account at the provider.
        management_url: Option<String> = text_or_blank(200),
        /// Scopes beside `openid`, separated by spaces.
        extra_scope: Patch<String> = text_or_null(200),
        /// The user field that identifies a user.
        user_field: Option<String> = text(100),
        /// The claim that identifies a user.
        user_claim: Option<String> = text(100),
        /// User fields, and the claims that fill them, separated by spaces.
        attribute_mapping: Option<AttributeMapping> = mapping(),
        /// Claims kept beside the user fields, separated by spaces.
        extra_fields: Patch<String> = text_or_null(200),
    }
}

schemas! {
    /// A provider to create.
    pub(super) NewProvider as "NewProvider" = ProviderBody::members(Mode::Create);
    /// A provider to replace. Its key stays.
    pub(super) ReplacedProvider as "ReplacedProvider" = ProviderBody::members(Mode::Replace);
    /// A change of a provider. What is left out stays.
    pub(super) ChangedProvider as "ChangedProvider" = ProviderBody::members(Mode::Change);
}

impl ProviderBody {
    /// Refuses a discovery address that cannot belong to the provider `key`.
    pub(super) fn check_host(&self, key: &str) -> Result<()> {
        if self.discovery_url.as_deref().is_none_or(|address| is_host_of(key, address)) {
            return Ok(());
        }
        Err(Refusal::Fields(FieldErrors::one(NON_FIELD, "Invalid discovery URL.")))
    }

    /// The provider to create. Three keys bring defaults, for all that the request does not mention.
    ///
    /// The required fields are there, since the body was read without errors.
    pub(super) fn into_new(self) -> provider::NewProvider {
        let Self {
            provider,
            verify_ssl,
            protected_fields,
            allowed_redirects,
            is_active,
            client_id,
            client_secret,
            enable_post_logout_redirect,
            enable_pkce,
            discovery_url,
            label,
            management_url,
            extra_scope,
            user_field,
            user_claim,
            attribute_mapping,
            extra_fields,
        } = self;
        let key = provider.unwrap_or_default();
        let defaults = provider_defaults(&key);
        let defaults = defaults.as_ref();
        let usual = UserMapping::default();
        let or_default = |given, default: Option<&str>| match given {
            Patch::Keep => default.map(str::to_owned),
            Patch::Clear => None,
            Patch::Set(text) => Some(text),
        };
        let attributes = attribute_mapping.unwrap_or_default();
        provider::NewProvider {
            name: key.clone(),
            slug: Some(key),
            display_name: label,
            owner: None,
            enabled: is_active.unwrap_or(true),
            provisioning: Provisioning::default(),
            sign_in: SignInSettings::default(),
            config: ConfigInput::Oidc(OidcInput {
                discovery_url: discovery_url.unwrap_or_default(),
                client_id: client_id.unwrap_or_default(),
                client_secret: client_secret.map_or(Patch::Keep, |secret| Patch::Set(Secret::new(secret))),
                extra_scopes: or_default(extra_scope, defaults.and_then(|given| given.extra_scope))
                    .map(|text| scopes(&text)),
                verify_tls: verify_ssl.unwrap_or(true),
                pkce: enable_pkce.unwrap_or(false),
                post_logout_redirect: enable_post_logout_redirect.unwrap_or(true),
                overrides: OidcEndpoints::default(),
                sign_in: OidcSignIn::default(),
                demand: DiscoveryDemand::Endpoints,
            }),
            mapping: UserMapping {
                user_field: user_field
                    .unwrap_or_else(|| defaults.map_or(usual.user_field, |given| given.user_field.to_owned())),
                user_claim: user_claim
                    .unwrap_or_else(|| defaults.map_or(usual.user_claim, |given| given.user_claim.to_owned())),
                attributes: match defaults {
                    Some(given) => attributes.with_defaults(&given.attribute_mapping),
                    None => attributes,
                },
                extra_fields: or_default(extra_fields, defaults.and_then(|given| given.extra_fields)),
                protected_fields: protected_fields.unwrap_or_default(),
            },
            allowed_domains: Vec::new(),
            allowed_redirects: allowed_redirects.unwrap_or_default(),
            management_url: management_url.unwrap_or_default(),
        }
    }

    /// The change to make. User fields that Waldur does not know keep what `stored` says of them.
    pub(super) fn into_patch(self, stored: &AttributeMapping) -> ProviderPatch {
        let Self {
            provider: _,
            verify_ssl,
            protected_fields,
            allowed_redirects,
            is_active,
            client_id,
            client_secret,
            enable_post_logout_redirect,
            enable_pkce,
            discovery_url,
            label,
            management_url,
            extra_scope,
            user_field,
            user_claim,
            attribute_mapping,
            extra_fields,
        } = self;
        let oidc = OidcPatch {
            discovery_url,
            client_id,
            client_secret: client_secret.map_or(Patch::Keep, |secret| Patch::Set(Secret::new(secret))),
            extra_scopes: match extra_scope {
                Patch::Keep => Patch::Keep,
                Patch::Clear => Patch::Clear,
                Patch::Set(text) => Patch::Set(scopes(&text)),
            },
            verify_tls: verify_ssl,
            pkce: enable_pkce,
            post_logout_redirect: enable_post_logout_redirect,
            overrides: None,
            sign_in: OidcSignInPatch::default(),
        };
        ProviderPatch {
            label: None, // Waldur writes name and display name apart
            name: None,
            display_name: label.map_or(Patch::Keep, Patch::Set),
            enabled: is_active,
            provisioning: None,
            sign_in: SignInPatch::default(),
            oidc: (oidc != OidcPatch::default()).then_some(oidc),
            saml: None,
            ldap: None,
            user_field,
            user_claim,
            attributes: attribute_mapping.map(|new| stored.merge_preserving(new, is_known)),
            extra_fields,
            protected_fields,
            allowed_domains: None,
            allowed_redirects,
            management_url,
        }
    }
}

/// `openid` is always requested and not stored with the others.
fn scopes(text: &str) -> Vec<String> {
    text.split_whitespace().filter(|scope| *scope != "openid").map(str::to_owned).collect()
}

const TARA_HOSTS: [&str; 2] = ["tara-test.ria.ee", "tara.ria.ee"];

/// Whether an address is a web address, and one where the provider `key` may live. Three keys are particular.
fn is_host_of(key: &str, address: &str) -> bool {
    let url =
        Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https") && address.contains("://"));
    let Some(host) = url.as_ref().and_then(Url::host_str) else {
        return false;
    };
    match key {
        "tara" => TARA_HOSTS.contains(&host),
        "keycloak" => !host.ends_with("eduteams.org") && !TARA_HOSTS.contains(&host),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use vestibule_app::domain::mapping::UserField;

    use super::*;

    fn read(value: Value, mode: Mode) -> std::result::Result<ProviderBody, Value> {
        let input = value.as_object().unwrap();
        let mut reader = FieldReader::new(input);
        let body = ProviderBody::read(&mut reader, mode);
        let errors = serde_json::to_value(&reader.errors).unwrap();
        if errors == json!({}) { Ok(body) } else { Err(errors) }
    }

    fn least(provider: &str) -> Value {
        let url = "https://id.example.com/.well-known/openid-configuration";
        json!({"provider": provider, "client_id": "i", "client_secret": "s", "discovery_url": url, "label": "L"})
    }

    fn oidc(new: provider::NewProvider) -> OidcInput {
        match new.config {
            ConfigInput::Oidc(input) => input,
            _ => panic!("not an OpenID provider"),
        }
    }

    #[test]
    fn every_missing_field_is_named() {
        let required = json!(["This field is required."]);
        let of =
            |names: &[&str]| Value::Object(names.iter().map(|name| ((*name).to_owned(), required.clone())).collect());
        let all = ["provider", "client_id", "client_secret", "discovery_url", "label"];
        assert_eq!(read(json!({}), Mode::Create), Err(of(&all)));
        assert_eq!(read(json!({}), Mode::Replace), Err(of(&all[1..])));
        assert_eq!(read(json!({}), Mode::Change), Ok(ProviderBody::default()));
    }

    #[test]
    fn a_key_follows_the_rule() {
        for key in ["Keycloak", "a.b", "a b", "discover_metadata", "generate-mapping", "-a"] {
            assert_eq!(read(least(key), Mode::Create), Err(json!({"provider": ["Invalid provider."]})), "{key}");
        }
        let too_long = json!({"provider": ["Ensure this field has no more than 32 characters."]});
        assert_eq!(read(least(&"a".repeat(33)), Mode::Create), Err(too_long));
        assert!(read(least("Keycloak"), Mode::Replace).is_ok());
    }

    #[test]
    fn read_only_and_unknown_keys_are_ignored() {
        let sent =
            json!({"auth_url": 5, "token_url": null, "userinfo_url": [], "logout_url": {}, "provider": 5, "x": 1});
        assert_eq!(read(sent, Mode::Change), Ok(ProviderBody::default()));
    }

    #[test]
    fn a_new_provider_has_defaults() {
        let new = read(least("okta"), Mode::Create).unwrap().into_new();
        assert_eq!((new.name.as_str(), new.display_name.as_deref(), new.enabled), ("okta", Some("L"), true));
        assert_eq!(new.mapping, UserMapping::default());
        let oidc = oidc(new);
        assert_eq!((oidc.verify_tls, oidc.post_logout_redirect, oidc.pkce), (true, true, false));
        assert_eq!(oidc.extra_scopes, None);
    }

    #[test]
    fn three_keys_bring_more_defaults_and_given_values_win() {
        let new = read(least("tara"), Mode::Create).unwrap().into_new();
        assert_eq!((new.mapping.user_field.as_str(), new.mapping.user_claim.as_str()), ("civil_number", "sub"));
        assert_eq!(new.mapping.extra_fields.as_deref(), Some("amr profile_attributes_translit"));

        let mut sent = least("eduteams");
        sent["attribute_mapping"] = json!({"email": "x"});
        sent["extra_fields"] = json!(null);
        sent["extra_scope"] = json!("");
        let new = read(sent, Mode::Create).unwrap().into_new();
        assert_eq!(new.mapping.attributes.get(UserField::Email), ["x"]);
        assert_eq!(new.mapping.attributes.get(UserField::FirstName), ["given_name"]);
        assert_eq!(new.mapping.extra_fields, None);
        assert_eq!(oidc(new).extra_scopes, Some(Vec::new()));
    }

    #[test]
    fn a_change_keeps_what_it_does_not_mention() {
        let patch = read(json!({"is_active": false}), Mode::Change).unwrap().into_patch(&AttributeMapping::new());
        assert_eq!(patch, ProviderPatch { enabled: Some(false), ..ProviderPatch::default() });
    }

    #[test]
    fn a_change_keeps_user_fields_that_are_not_shown() {
        let stored = AttributeMapping::new().with(UserField::Groups, "groups").with(UserField::Email, "email");
        let sent = json!({"attribute_mapping": {"first_name": "given_name"}});
        let patch = read(sent, Mode::Change).unwrap().into_patch(&stored);
        let expected =
            AttributeMapping::new().with(UserField::Groups, "groups").with(UserField::FirstName, "given_name");
        assert_eq!(patch.attributes, Some(expected));
    }

    #[test]
    fn scopes_are_words_without_openid() {
        let patch = read(json!({"extra_scope": " openid  email profile"}), Mode::Change)
            .unwrap()
            .into_patch(&AttributeMapping::new());
        assert_eq!(patch.oidc.unwrap().extra_scopes, Patch::Set(vec!["email".to_owned(), "profile".to_owned()]));
    }

    #[test]
    fn discovery_addresses_belong_to_their_provider() {
        for (key, address, is_good) in [
            ("tara", "https://tara.ria.ee/oidc", true),
            ("tara", "https://TARA-test.ria.ee/oidc", true),
            ("tara", "https://tara.ria.ee.example.com/oidc", false),
            ("keycloak", "http://keycloak:8080/realms/a", true),
            ("keycloak", "https://proxy.eduteams.org", false),
            ("keycloak", "https://tara.ria.ee", false),
            ("eduteams", "https://tara.ria.ee", true),
            ("okta", "ftp://id.example.com", false),
            ("okta", "id.example.com", false),
            ("okta", "https:id.example.com", false),
            ("okta", "https://", false),
        ] {
            assert_eq!(is_host_of(key, address), is_good, "{key} at {address}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,40}".prop_map(Value::from),
            "https?://.{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 8, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("email|groups|.{0,3}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_field_takes_any_value_or_names_itself(value in any_json()) {
            for field in least("okta").as_object().unwrap().keys().map(String::as_str).chain([
                "protected_fields", "allowed_redirects", "is_active", "management_url", "extra_scope", "attribute_mapping",
            ]) {
                let mut sent = least("okta");
                sent[field] = value.clone();
                match read(sent, Mode::Create) {
                    Ok(body) => drop((body.check_host("okta"), body.into_new())),
                    Err(errors) => prop_assert_eq!(errors.as_object().unwrap().keys().collect::<Vec<_>>(), [field]),
                }
            }
        }
    }
}
