//! What is tested.

use vestibule_app::domain::{
    patch::Patch,
    provider::{DiscoveryDemand, OidcConfig, OidcEndpoints, OidcInput},
};

/// What is tested of an OpenID provider.
pub(in crate::core::connections) struct OidcTest {
    pub(super) address: String,
    /// How to read the address: the stored one is that of the document, an entered one may be an issuer.
    pub(super) demand: DiscoveryDemand,
    /// The issuer that is stored; the document must name the same.
    pub(super) issuer: Option<String>,
    pub(super) verify_tls: bool,
    /// The endpoints that are used; none of a provider that was never discovered.
    pub(super) endpoints: OidcEndpoints,
    /// Endpoints that were entered by hand.
    pub(super) overrides: OidcEndpoints,
    /// Whether the document was read before, so that the stored issuer comes from the provider.
    pub(super) was_read: bool,
    pub(super) scopes: Vec<String>,
    pub(super) has_secret: bool,
    pub(super) pkce: bool,
}

impl OidcTest {
    pub(in crate::core::connections) fn stored(config: &OidcConfig) -> Self {
        Self {
            address: config.discovery_url.clone(),
            demand: DiscoveryDemand::CodeFlow,
            issuer: config.issuer.clone(),
            verify_tls: config.verify_tls,
            endpoints: config.effective_endpoints(),
            overrides: config.overrides.clone(),
            was_read: config.endpoints != OidcEndpoints::default(),
            scopes: config.scopes().map(str::to_owned).collect(),
            has_secret: config.has_client_secret,
            pkce: config.pkce,
        }
    }

    /// `has_secret` says whether a secret is stored for an input that keeps it.
    pub(in crate::core::connections) fn entered(input: OidcInput, has_secret: bool) -> Self {
        let OidcInput {
            discovery_url,
            client_id: _,
            client_secret,
            extra_scopes,
            verify_tls,
            pkce,
            post_logout_redirect: _,
            overrides,
            sign_in: _,
            demand,
        } = input;
        Self {
            address: discovery_url,
            demand,
            issuer: None,
            verify_tls,
            endpoints: overrides.clone(),
            overrides,
            was_read: false,
            scopes: extra_scopes.unwrap_or_default(),
            has_secret: match client_secret {
                Patch::Keep => has_secret,
                Patch::Clear => false,
                Patch::Set(secret) => !secret.is_empty(),
            },
            pkce,
        }
    }
}
