//! Providers in answers: the 21 keys of Waldur's API in its order, serialised straight from the domain.

use std::fmt;

use serde::{Serialize, Serializer};
use vestibule_app::domain::{
    mapping::AttributeMapping,
    provider::{IdentityProvider, OidcConfig, Origin},
    secret::Secret,
};

use super::suggestions::is_known;

/// How much of a provider is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// Everything, the client secret included.
    Staff,
    /// What a sign-in page needs.
    Catalogue,
}

/// A provider. Keys that only staff see are left out for others.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Provider<'a> {
    /// User fields that users of this provider cannot edit.
    protected_fields: &'a [String],
    /// Origins that users may be sent back to.
    #[schema(value_type = Vec<String>)]
    allowed_redirects: &'a [Origin],
    /// The provider's key.
    provider: &'a str,
    is_active: bool,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    verify_ssl: bool,
    enable_post_logout_redirect: bool,
    enable_pkce: bool,
    discovery_url: &'a str,
    userinfo_url: &'a str,
    token_url: &'a str,
    auth_url: &'a str,
    logout_url: &'a str,
    label: &'a str,
    management_url: &'a str,
    /// Scopes beside `openid`, separated by spaces.
    #[schema(required)]
    extra_scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_claim: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<std::collections::HashMap<String, String>>)]
    attribute_mapping: Option<Mapping<'a>>,
    /// Null when nothing is kept, absent when the reader may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    extra_fields: Option<Option<&'a str>>,
}

impl<'a> Provider<'a> {
    /// The provider as `view` shows it; `None` when it is not an OpenID provider, since this dialect knows no other.
    pub(super) fn of(provider: &'a IdentityProvider, view: View) -> Option<Self> {
        let IdentityProvider {
            id: _,
            slug,
            name: _,
            display_name: _,
            owner: _,
            enabled,
            provisioning: _,
            sign_in: _,
            config: _,
            mapping,
            allowed_domains: _,
            allowed_redirects,
            management_url,
            created_at: _,
            updated_at: _,
            version: _,
        } = provider;
        let OidcConfig {
            discovery_url,
            issuer: _,
            client_id,
            client_secret,
            has_client_secret: _,
            client_secret_changed_at: _,
            extra_scopes,
            verify_tls,
            pkce,
            post_logout_redirect,
            endpoints,
            overrides,
            sign_in: _,
            promised: _,
        } = provider.oidc()?;
        // Endpoints that were entered by hand through another dialect are the ones in use.
        let url = |entered: &'a Option<String>, found: &'a Option<String>| {
            entered.as_deref().or(found.as_deref()).unwrap_or_default()
        };
        let is_staff = view == View::Staff;
        Some(Self {
            protected_fields: &mapping.protected_fields,
            allowed_redirects,
            provider: slug.as_str(),
            is_active: *enabled,
            client_id,
            client_secret: is_staff.then(|| client_secret.as_ref().map_or("", Secret::expose)),
            verify_ssl: *verify_tls,
            enable_post_logout_redirect: *post_logout_redirect,
            enable_pkce: *pkce,
            discovery_url,
            userinfo_url: url(&overrides.userinfo, &endpoints.userinfo),
            token_url: url(&overrides.token, &endpoints.token),
            auth_url: url(&overrides.authorization, &endpoints.authorization),
            logout_url: url(&overrides.end_session, &endpoints.end_session),
            label: provider.label(),
            management_url,
            extra_scope: extra_scopes.as_deref().map(beside_openid),
            user_field: is_staff.then_some(&*mapping.user_field),
            user_claim: is_staff.then_some(&*mapping.user_claim),
            attribute_mapping: is_staff.then_some(Mapping(&mapping.attributes)),
            extra_fields: is_staff.then_some(mapping.extra_fields.as_deref()),
        })
    }
}

/// The scopes without `openid`, which this dialect never lists.
fn beside_openid(scopes: &[String]) -> String {
    scopes.iter().map(String::as_str).filter(|scope| *scope != "openid").collect::<Vec<_>>().join(" ")
}

/// Words with a space between them.
struct Words<'a>(&'a [String]);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A mapping without the user fields that Waldur does not know.
pub(super) struct Mapping<'a>(pub(super) &'a AttributeMapping);

impl Serialize for Mapping<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let visible = self.0.iter().filter(|(field, _)| is_known(*field));
        serializer.collect_map(visible.map(|(field, claims)| (field.as_str(), Words(claims))))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use vestibule_app::domain::{
        id::ProviderId,
        mapping::{UserField, UserMapping},
        provider::{OidcEndpoints, ProviderConfig, Provisioning, Slug},
        timestamp::Timestamp,
    };

    use super::*;

    fn provider() -> IdentityProvider {
        let attributes = AttributeMapping::new().with(UserField::Email, "email mail").with(UserField::Groups, "groups");
        IdentityProvider {
            id: ProviderId(uuid::Uuid::nil()),
            slug: Slug::stored("keycloak".to_owned()),
            name: "keycloak".to_owned(),
            display_name: Some("Our Keycloak".to_owned()),
            owner: None,
            enabled: true,
            provisioning: Provisioning::default(),
            sign_in: Default::default(),
            config: ProviderConfig::Oidc(OidcConfig {
                discovery_url: "https://kc.example.com/.well-known/openid-configuration".to_owned(),
                issuer: None,
                client_id: "id".to_owned(),
                client_secret: Some(Secret::new("s3cret")),
                has_client_secret: true,
                client_secret_changed_at: None,
                extra_scopes: None,
                verify_tls: true,
                pkce: false,
                post_logout_redirect: true,
                overrides: OidcEndpoints::default(),
                sign_in: Default::default(),
                promised: Default::default(),
                endpoints: OidcEndpoints {
                    token: Some("https://kc.example.com/t".to_owned()),
                    ..OidcEndpoints::default()
                },
            }),
            mapping: UserMapping { attributes, ..UserMapping::default() },
            allowed_domains: Vec::new(),
            allowed_redirects: vec![Origin::parse("https://a.example.com/").unwrap()],
            management_url: String::new(),
            created_at: Timestamp(0),
            updated_at: None,
            version: 1,
        }
    }

    fn text(provider: &IdentityProvider, view: View) -> String {
        serde_json::to_string(&Provider::of(provider, view).unwrap()).unwrap()
    }

    #[test]
    fn staff_see_all_keys_in_order() {
        assert_eq!(
            text(&provider(), View::Staff),
            concat!(
                r#"{"protected_fields":[],"allowed_redirects":["https://a.example.com"],"provider":"keycloak","#,
                r#""is_active":true,"client_id":"id","client_secret":"s3cret","verify_ssl":true,"#,
                r#""enable_post_logout_redirect":true,"enable_pkce":false,"#,
                r#""discovery_url":"https://kc.example.com/.well-known/openid-configuration","userinfo_url":"","#,
                r#""token_url":"https://kc.example.com/t","auth_url":"","logout_url":"","label":"Our Keycloak","#,
                r#""management_url":"","extra_scope":null,"user_field":"username","user_claim":"sub","#,
                r#""attribute_mapping":{"email":"email mail"},"extra_fields":null}"#,
            )
        );
    }

    #[test]
    fn others_do_not_see_five_of_them() {
        let text = text(&provider(), View::Catalogue);
        for hidden in ["client_secret", "user_field", "user_claim", "attribute_mapping", "extra_fields", "s3cret"] {
            assert!(!text.contains(hidden), "{hidden} is shown in {text}");
        }
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap().as_object().unwrap().len(), 16);
    }

    #[test]
    fn no_scopes_and_an_empty_list_of_scopes_differ() {
        let mut provider = provider();
        for (scopes, shown) in [(vec![], "\"\""), (vec!["email".to_owned(), "profile".to_owned()], "\"email profile\"")]
        {
            if let ProviderConfig::Oidc(config) = &mut provider.config {
                config.extra_scopes = Some(scopes);
            }
            assert!(text(&provider, View::Catalogue).contains(&format!("\"extra_scope\":{shown}")));
        }
    }

    #[test]
    fn other_protocols_are_invisible() {
        let mut provider = provider();
        let saml = serde_json::json!({"entity_id": "urn:a", "sso_url": "https://a.example.com", "certificates": []});
        provider.config = ProviderConfig::Saml(serde_json::from_value(saml).unwrap());
        assert!(Provider::of(&provider, View::Staff).is_none());
    }
}
