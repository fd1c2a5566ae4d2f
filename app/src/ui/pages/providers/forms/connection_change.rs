//! The connection tab's form: what it starts from, what it would change.

use crate::{
    api::{
        provider_form::{ConnectionChange, OidcChange, ProviderChange},
        wire::SecretInput,
    },
    domain::{
        patch::Patch,
        problem::ProblemCode,
        provider::{IdentityProvider, Provisioning},
    },
};

use super::{
    lists::{check_scope, check_web_address},
    problems::Problems,
};

/// How a stored provider is reached, as a form edits it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionDraft {
    /// The name to show.
    pub label: String,
    /// An issuer or the address of a discovery document.
    pub discovery_url: String,
    /// The client identifier.
    pub client_id: String,
    /// What happens to the stored secret, which is never sent to the browser. Without one it is a public client.
    pub secret: Patch<SecretInput>,
    /// Whether the TLS certificate is checked.
    pub verify_tls: bool,
    /// Scopes requested beside `openid`.
    pub extra_scopes: Vec<String>,
    /// Whether the code flow uses PKCE.
    pub pkce: bool,
    /// Whether users who sign out are sent to the provider's logout page.
    pub post_logout_redirect: bool,
    /// What happens to users when they sign in.
    pub provisioning: Provisioning,
    /// Where users manage their account at the provider.
    pub management_url: String,
}

impl ConnectionDraft {
    /// What the form starts from; nothing for other protocols.
    pub fn of(provider: &IdentityProvider) -> Option<Self> {
        let oidc = provider.oidc()?;
        Some(Self {
            label: provider.label().to_owned(),
            discovery_url: oidc.discovery_url.clone(),
            client_id: oidc.client_id.clone(),
            secret: Patch::Keep,
            verify_tls: oidc.verify_tls,
            extra_scopes: oidc.extra_scopes.clone().unwrap_or_default(),
            pkce: oidc.pkce,
            post_logout_redirect: oidc.post_logout_redirect,
            provisioning: provider.provisioning,
            management_url: provider.management_url.clone(),
        })
    }

    /// The change that leads from `before` to this; what is equal is left out.
    pub fn change_from(&self, before: &Self) -> ProviderChange {
        let Self {
            label,
            discovery_url,
            client_id,
            secret,
            verify_tls,
            extra_scopes,
            pkce,
            post_logout_redirect,
            provisioning,
            management_url,
        } = self;
        let oidc = OidcChange {
            discovery_url: changed_text(discovery_url, &before.discovery_url),
            client_id: changed_text(client_id, &before.client_id),
            client_secret: secret.clone(),
            verify_tls: changed(verify_tls, &before.verify_tls),
            extra_scopes: changed(extra_scopes, &before.extra_scopes),
            pkce: changed(pkce, &before.pkce),
            post_logout_redirect: changed(post_logout_redirect, &before.post_logout_redirect),
            sign_in: None,
        };
        ProviderChange {
            label: changed_text(label, &before.label),
            connection: (oidc != OidcChange::default()).then_some(ConnectionChange::Oidc(oidc)),
            provisioning: changed(provisioning, &before.provisioning),
            management_url: changed_text(management_url, &before.management_url),
            ..ProviderChange::default()
        }
    }

    /// What is wrong with it.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::default();
        problems.require("name", &self.label, "Enter the name that users and administrators see.");
        problems.require("discovery_url", &self.discovery_url, "Enter the provider's issuer or discovery URL.");
        problems.require("client_id", &self.client_id, "Enter the client ID from the provider.");
        if let Patch::Set(secret) = &self.secret {
            problems.require("client_secret", &secret.0, "Enter the new secret, or keep the stored one.");
        }
        for (field, text) in [("discovery_url", &self.discovery_url), ("management_url", &self.management_url)] {
            if let Some(message) = check_web_address(text) {
                problems.add(field, ProblemCode::Malformed, message);
            }
        }
        for scope in &self.extra_scopes {
            if let Some(message) = check_scope(scope) {
                problems.add("extra_scopes", ProblemCode::Malformed, format!("“{scope}”: {message}"));
            }
        }
        problems
    }

    /// Whether saving reads the discovery document again.
    pub fn reconnects(&self, before: &Self) -> bool {
        self.discovery_url.trim() != before.discovery_url || self.verify_tls != before.verify_tls
    }
}

/// The value when it differs.
pub fn changed<T: Clone + PartialEq>(now: &T, before: &T) -> Option<T> {
    (now != before).then(|| now.clone())
}

/// The trimmed text when it differs.
pub fn changed_text(now: &str, before: &str) -> Option<String> {
    let now = now.trim();
    (now != before).then(|| now.to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::ui::pages::providers::forms::fixtures::provider;

    #[test]
    fn an_untouched_form_changes_nothing() {
        let draft = ConnectionDraft::of(&provider()).unwrap();
        assert_eq!(draft.change_from(&draft), ProviderChange::default());
        assert!(draft.check().is_empty());
    }

    #[test]
    fn only_what_was_edited_is_sent() {
        let before = ConnectionDraft::of(&provider()).unwrap();
        let draft = ConnectionDraft { client_id: " other ".to_owned(), pkce: !before.pkce, ..before.clone() };
        let expected =
            OidcChange { client_id: Some("other".to_owned()), pkce: Some(draft.pkce), ..OidcChange::default() };
        let connection = Some(ConnectionChange::Oidc(expected));
        assert_eq!(draft.change_from(&before), ProviderChange { connection, ..ProviderChange::default() });
        assert!(!draft.reconnects(&before));
    }

    #[test]
    fn a_secret_is_kept_replaced_or_removed() {
        let before = ConnectionDraft::of(&provider()).unwrap();
        let sent = |secret| ConnectionDraft { secret, ..before.clone() }.change_from(&before).connection;
        assert_eq!(sent(Patch::Keep), None);
        for client_secret in [Patch::Clear, Patch::Set(SecretInput("new".to_owned()))] {
            let change = OidcChange { client_secret: client_secret.clone(), ..OidcChange::default() };
            assert_eq!(sent(client_secret), Some(ConnectionChange::Oidc(change)));
        }
    }

    #[test]
    fn replacing_the_secret_with_nothing_is_a_problem() {
        let before = ConnectionDraft::of(&provider()).unwrap();
        let draft = ConnectionDraft { secret: Patch::Set(SecretInput::default()), ..before };
        assert!(draft.check().concern("client_secret"));
    }

    #[test]
    fn another_address_means_discovery() {
        let before = ConnectionDraft::of(&provider()).unwrap();
        let draft = ConnectionDraft { discovery_url: "https://other.example".to_owned(), ..before.clone() };
        assert!(draft.reconnects(&before));
    }
}
