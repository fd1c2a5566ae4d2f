//! The protocols with which people sign in.

use std::sync::Arc;

use vestibule_app::domain::provider::{IdentityProvider, Protocol};

use crate::protocol::sign_in::SignInProtocol;

/// The protocols with which people sign in.
#[derive(Clone)]
pub(crate) struct SignInProtocols(pub(crate) Arc<[(Protocol, Arc<dyn SignInProtocol>)]>);

impl SignInProtocols {
    /// The protocols, for choosing providers.
    pub(super) fn names(&self) -> Vec<Protocol> {
        self.0.iter().map(|(protocol, _)| *protocol).collect()
    }

    /// How people sign in with a provider; nothing when its protocol is not for that.
    pub(super) fn of(&self, provider: &IdentityProvider) -> Option<&dyn SignInProtocol> {
        let wanted = provider.config.protocol();
        self.0.iter().find(|(protocol, _)| *protocol == wanted).map(|(_, found)| &**found)
    }
}
