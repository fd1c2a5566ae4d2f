//! A stored provider as the relying party reads it.

use url::Url;
use vestibule_app::domain::{
    group::GroupMapping,
    provider::{IdentityProvider, OidcConfig, OidcEndpoints},
};

use super::{super::issuers::Issuers, faults::incomplete};
use crate::protocol::sign_in::SignInFault;

/// A stored provider whose protocol is OpenID Connect.
pub(super) struct OpenIdProvider<'a> {
    pub(super) stored: &'a IdentityProvider,
    pub(super) config: &'a OidcConfig,
    /// The claims of these are wanted too.
    pub(super) group_mappings: &'a [GroupMapping],
    endpoints: OidcEndpoints,
}

impl<'a> OpenIdProvider<'a> {
    pub(super) fn of(provider: &'a IdentityProvider, group_mappings: &'a [GroupMapping]) -> Result<Self, SignInFault> {
        let config = provider.oidc().ok_or_else(|| incomplete("the provider is not an OpenID provider"))?;
        Ok(Self { stored: provider, config, group_mappings, endpoints: config.effective_endpoints() })
    }

    /// Checks that nothing is missing for the callback, before the person goes to the provider.
    pub(super) fn check(&self) -> Result<(), SignInFault> {
        self.issuers()?;
        self.address(|endpoints| &endpoints.token, "token_endpoint")?;
        self.address(|endpoints| &endpoints.jwks, "jwks_uri").map(drop)
    }

    pub(super) fn issuers(&self) -> Result<Issuers<'a>, SignInFault> {
        Issuers::of(self.config).ok_or_else(|| incomplete("the provider's issuer is not known"))
    }

    pub(super) fn address(
        &self,
        of: impl Fn(&OidcEndpoints) -> &Option<String>,
        name: &str,
    ) -> Result<Url, SignInFault> {
        let address = of(&self.endpoints).as_deref().and_then(|address| Url::parse(address).ok());
        address.ok_or_else(|| incomplete(&format!("the provider has no usable {name}")))
    }
}
