//! The inputs of the connection tab.

use leptos::prelude::*;

use super::tab_form::TabInputs;
use crate::{
    api::{ApiError, provider_form::ProviderChange, wire::SecretInput},
    domain::{patch::Patch, provider::detail::ProviderDetail},
    ui::pages::providers::{
        fields::SignInFields,
        forms::{
            connection_change::ConnectionDraft,
            problems::{Problems, at_page_fields},
        },
    },
};

/// The inputs of the connection tab.
#[derive(Clone, Copy)]
pub struct ConnectionFields {
    /// The name to show.
    pub label: RwSignal<String>,
    /// An issuer or the address of a discovery document.
    pub discovery_url: RwSignal<String>,
    /// The client identifier.
    pub client_id: RwSignal<String>,
    /// What happens to the stored secret.
    pub secret: RwSignal<Patch<SecretInput>>,
    /// Whether the TLS certificate is checked.
    pub verify_tls: RwSignal<bool>,
    /// How users sign in.
    pub sign_in: SignInFields,
    /// Where users manage their account at the provider.
    pub management_url: RwSignal<String>,
    before: RwSignal<ConnectionDraft>,
}

impl ConnectionFields {
    /// Inputs that hold this.
    pub fn new(draft: ConnectionDraft) -> Self {
        let before = RwSignal::new(draft.clone());
        let ConnectionDraft {
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
        } = draft;
        Self {
            label: RwSignal::new(label),
            discovery_url: RwSignal::new(discovery_url),
            client_id: RwSignal::new(client_id),
            secret: RwSignal::new(secret),
            verify_tls: RwSignal::new(verify_tls),
            sign_in: SignInFields::new(extra_scopes, pkce, post_logout_redirect, provisioning),
            management_url: RwSignal::new(management_url),
            before,
        }
    }

    /// What they hold. Tracked.
    pub fn get(self) -> ConnectionDraft {
        ConnectionDraft {
            label: self.label.get(),
            discovery_url: self.discovery_url.get(),
            client_id: self.client_id.get(),
            secret: self.secret.get(),
            verify_tls: self.verify_tls.get(),
            extra_scopes: self.sign_in.extra_scopes.get(),
            pkce: self.sign_in.pkce.get(),
            post_logout_redirect: self.sign_in.post_logout_redirect.get(),
            provisioning: self.sign_in.provisioning(),
            management_url: self.management_url.get(),
        }
    }

    /// Whether saving reads the discovery document again. Tracked.
    pub fn reconnects(self) -> bool {
        self.before.with(|before| self.get().reconnects(before))
    }
}

impl TabInputs for ConnectionFields {
    fn change(&self) -> ProviderChange {
        self.before.with(|before| self.get().change_from(before))
    }

    fn check(&self) -> Problems {
        self.get().check()
    }

    fn reset(&self, detail: &ProviderDetail) {
        let Some(draft) = ConnectionDraft::of(&detail.provider) else { return };
        self.before.set(draft.clone());
        self.label.set(draft.label);
        self.discovery_url.set(draft.discovery_url);
        self.client_id.set(draft.client_id);
        self.secret.set(draft.secret);
        self.verify_tls.set(draft.verify_tls);
        self.sign_in.extra_scopes.set(draft.extra_scopes);
        self.sign_in.pkce.set(draft.pkce);
        self.sign_in.post_logout_redirect.set(draft.post_logout_redirect);
        self.sign_in.auto_create_users.set(draft.provisioning.auto_create_users);
        self.sign_in.update_user_on_login.set(draft.provisioning.update_user_on_login);
        self.management_url.set(draft.management_url);
    }

    fn at_page_fields(&self, error: ApiError) -> ApiError {
        at_page_fields(error, &[])
    }
}
