//! The signals behind the inputs, one struct for each part of a provider: the inputs write them, the plain structs in
//! [`forms`](super::forms) are read from them.

use leptos::prelude::*;

use super::forms::{access_change::AccessDraft, connect::ConnectDraft, options::OptionsDraft};
use crate::{
    api::wire::SecretInput,
    domain::{
        mapping::{AttributeMapping, UserMapping},
        provider::Provisioning,
    },
};

/// The inputs of the first step.
#[derive(Clone, Copy)]
pub struct ConnectFields {
    /// An issuer or the address of a discovery document.
    pub discovery_url: RwSignal<String>,
    /// The client identifier.
    pub client_id: RwSignal<String>,
    /// The client secret.
    pub client_secret: RwSignal<String>,
    /// Whether the TLS certificate is checked.
    pub verify_tls: RwSignal<bool>,
}

impl ConnectFields {
    /// Inputs that hold this.
    pub fn new(draft: ConnectDraft) -> Self {
        let ConnectDraft { discovery_url, client_id, client_secret, verify_tls } = draft;
        Self {
            discovery_url: RwSignal::new(discovery_url),
            client_id: RwSignal::new(client_id),
            client_secret: RwSignal::new(client_secret.0),
            verify_tls: RwSignal::new(verify_tls),
        }
    }

    /// What they hold. Tracked.
    pub fn get(self) -> ConnectDraft {
        ConnectDraft {
            discovery_url: self.discovery_url.get(),
            client_id: self.client_id.get(),
            client_secret: SecretInput(self.client_secret.get()),
            verify_tls: self.verify_tls.get(),
        }
    }
}

/// The inputs of a mapping.
#[derive(Clone, Copy)]
pub struct MappingFields {
    /// Which claims fill which user fields.
    pub attributes: RwSignal<AttributeMapping>,
    /// The user field that identifies a user.
    pub user_field: RwSignal<String>,
    /// The claims that identify a user.
    pub user_claim: RwSignal<String>,
    /// Claims kept beside the user fields.
    pub extra_fields: RwSignal<String>,
    protected_fields: StoredValue<Vec<String>>,
}

impl MappingFields {
    /// Inputs that hold this.
    pub fn new(mapping: UserMapping) -> Self {
        let UserMapping { user_field, user_claim, attributes, extra_fields, protected_fields } = mapping;
        Self {
            attributes: RwSignal::new(attributes),
            user_field: RwSignal::new(user_field),
            user_claim: RwSignal::new(user_claim),
            extra_fields: RwSignal::new(extra_fields.unwrap_or_default()),
            protected_fields: StoredValue::new(protected_fields),
        }
    }

    /// What they hold. Tracked.
    pub fn get(self) -> UserMapping {
        UserMapping {
            user_field: self.user_field.get(),
            user_claim: self.user_claim.get(),
            attributes: self.attributes.get(),
            extra_fields: Some(self.extra_fields.get()).filter(|text| !text.is_empty()),
            protected_fields: self.protected_fields.get_value(),
        }
    }

    /// Sets all of them.
    pub fn set(self, mapping: UserMapping) {
        let UserMapping { user_field, user_claim, attributes, extra_fields, protected_fields } = mapping;
        self.user_field.set(user_field);
        self.user_claim.set(user_claim);
        self.attributes.set(attributes);
        self.extra_fields.set(extra_fields.unwrap_or_default());
        self.protected_fields.set_value(protected_fields);
    }
}

/// The inputs about how users sign in, which creating and changing share.
#[derive(Clone, Copy)]
pub struct SignInFields {
    /// Scopes requested beside `openid`.
    pub extra_scopes: RwSignal<Vec<String>>,
    /// Whether the code flow uses PKCE.
    pub pkce: RwSignal<bool>,
    /// Whether users who sign out are sent to the provider's logout page.
    pub post_logout_redirect: RwSignal<bool>,
    /// Whether unknown users are created.
    pub auto_create_users: RwSignal<bool>,
    /// Whether known users get the fields that the provider sends.
    pub update_user_on_login: RwSignal<bool>,
}

impl SignInFields {
    /// Inputs that hold this.
    pub fn new(extra_scopes: Vec<String>, pkce: bool, post_logout_redirect: bool, provisioning: Provisioning) -> Self {
        Self {
            extra_scopes: RwSignal::new(extra_scopes),
            pkce: RwSignal::new(pkce),
            post_logout_redirect: RwSignal::new(post_logout_redirect),
            auto_create_users: RwSignal::new(provisioning.auto_create_users),
            update_user_on_login: RwSignal::new(provisioning.update_user_on_login),
        }
    }

    /// What happens to users when they sign in. Tracked.
    pub fn provisioning(self) -> Provisioning {
        Provisioning {
            auto_create_users: self.auto_create_users.get(),
            update_user_on_login: self.update_user_on_login.get(),
        }
    }
}

/// The inputs of the third step.
#[derive(Clone, Copy)]
pub struct OptionsFields {
    /// The name to show.
    pub label: RwSignal<String>,
    /// The slug as the input shows it.
    pub slug: RwSignal<String>,
    /// Whether the slug was edited.
    pub is_slug_typed: RwSignal<bool>,
    /// The tenant's identifier; empty for the platform's own.
    pub owner: RwSignal<String>,
    /// How users sign in.
    pub sign_in: SignInFields,
    /// Origins that users may be sent back to.
    pub allowed_redirects: RwSignal<Vec<String>>,
    /// Email domains.
    pub allowed_domains: RwSignal<Vec<String>>,
    /// Where users manage their account at the provider.
    pub management_url: RwSignal<String>,
    /// Whether users may sign in with it right away.
    pub enabled: RwSignal<bool>,
}

impl OptionsFields {
    /// Inputs that hold this.
    pub fn new(draft: OptionsDraft) -> Self {
        let slug = draft.slug();
        let OptionsDraft {
            label,
            typed_slug,
            owner,
            extra_scopes,
            allowed_redirects,
            allowed_domains,
            pkce,
            post_logout_redirect,
            provisioning,
            management_url,
            enabled,
        } = draft;
        Self {
            label: RwSignal::new(label),
            slug: RwSignal::new(slug),
            is_slug_typed: RwSignal::new(typed_slug.is_some()),
            owner: RwSignal::new(owner.map(|id| id.to_string()).unwrap_or_default()),
            sign_in: SignInFields::new(extra_scopes, pkce, post_logout_redirect, provisioning),
            allowed_redirects: RwSignal::new(allowed_redirects),
            allowed_domains: RwSignal::new(allowed_domains),
            management_url: RwSignal::new(management_url),
            enabled: RwSignal::new(enabled),
        }
    }

    /// What they hold. Tracked.
    pub fn get(self) -> OptionsDraft {
        OptionsDraft {
            label: self.label.get(),
            typed_slug: self.is_slug_typed.get().then(|| self.slug.get()),
            owner: self.owner.with(|owner| owner.parse().ok()),
            extra_scopes: self.sign_in.extra_scopes.get(),
            allowed_redirects: self.allowed_redirects.get(),
            allowed_domains: self.allowed_domains.get(),
            pkce: self.sign_in.pkce.get(),
            post_logout_redirect: self.sign_in.post_logout_redirect.get(),
            provisioning: self.sign_in.provisioning(),
            management_url: self.management_url.get(),
            enabled: self.enabled.get(),
        }
    }
}

/// The inputs of the access tab.
#[derive(Clone, Copy)]
pub struct AccessFields {
    /// Origins that users may be sent back to.
    pub allowed_redirects: RwSignal<Vec<String>>,
    /// Email domains.
    pub allowed_domains: RwSignal<Vec<String>>,
    /// User fields that a user of this provider cannot edit.
    pub protected_fields: RwSignal<Vec<String>>,
}

impl AccessFields {
    /// Inputs that hold this.
    pub fn new(draft: AccessDraft) -> Self {
        let AccessDraft { allowed_redirects, allowed_domains, protected_fields } = draft;
        Self {
            allowed_redirects: RwSignal::new(allowed_redirects),
            allowed_domains: RwSignal::new(allowed_domains),
            protected_fields: RwSignal::new(protected_fields),
        }
    }

    /// What they hold. Tracked.
    pub fn get(self) -> AccessDraft {
        AccessDraft {
            allowed_redirects: self.allowed_redirects.get(),
            allowed_domains: self.allowed_domains.get(),
            protected_fields: self.protected_fields.get(),
        }
    }

    /// Sets all of them.
    pub fn set(self, draft: AccessDraft) {
        let AccessDraft { allowed_redirects, allowed_domains, protected_fields } = draft;
        self.allowed_redirects.set(allowed_redirects);
        self.allowed_domains.set(allowed_domains);
        self.protected_fields.set(protected_fields);
    }
}
