//! A provider as tests need it.

use serde_json::json;
use uuid::Uuid;

use crate::domain::{
    discovery::{DiscoveryReport, ProviderMetadata, discovery_url},
    id::ProviderId,
    mapping::{UserField, UserMapping},
    provider::{
        IdentityProvider, OidcConfig, OidcEndpoints, OidcPromises, OidcSignIn, Origin, ProviderConfig, Provisioning,
        SignInSettings, Slug,
    },
    timestamp::Timestamp,
};

use super::mapping_change::add_claims;

/// An OpenID provider with a bit of everything.
pub fn provider() -> IdentityProvider {
    let mut mapping = UserMapping::default();
    add_claims(&mut mapping.attributes, UserField::Email, "email");
    IdentityProvider {
        id: ProviderId(Uuid::from_u128(1)),
        slug: Slug::stored("acme".to_owned()),
        name: "Acme".to_owned(),
        display_name: None,
        owner: None,
        enabled: true,
        provisioning: Provisioning::default(),
        sign_in: SignInSettings::default(),
        config: ProviderConfig::Oidc(OidcConfig {
            discovery_url: "https://id.example/.well-known/openid-configuration".to_owned(),
            issuer: Some("https://id.example".to_owned()),
            client_id: "client".to_owned(),
            client_secret: None,
            has_client_secret: true,
            client_secret_changed_at: None,
            extra_scopes: Some(vec!["email".to_owned()]),
            verify_tls: true,
            pkce: true,
            post_logout_redirect: false,
            endpoints: OidcEndpoints::default(),
            overrides: OidcEndpoints::default(),
            sign_in: OidcSignIn::default(),
            promised: OidcPromises::default(),
        }),
        mapping,
        allowed_domains: vec!["acme.example".to_owned()],
        allowed_redirects: vec![Origin::stored("https://app.acme.example".to_owned())],
        management_url: String::new(),
        created_at: Timestamp(0),
        updated_at: None,
        version: 1,
    }
}

/// A report of a provider that lists a few claims and scopes.
pub fn report() -> DiscoveryReport {
    let issuer = "https://id.example";
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": "https://id.example/authorize",
        "token_endpoint": "https://id.example/token",
        "userinfo_endpoint": "https://id.example/userinfo",
        "jwks_uri": "https://id.example/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "email", "given_name", "address"],
        "scopes_supported": ["openid", "email", "profile", "phone"],
    });
    let metadata = ProviderMetadata::from_value(document).expect("the document is an object");
    let target = discovery_url(issuer).expect("the issuer is a URL");
    let final_url = target.url.to_string();
    DiscoveryReport::new(&target, &final_url, 1, metadata, None)
}
