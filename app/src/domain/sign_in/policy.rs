//! What a provider's settings mean for people who sign in.

use std::collections::BTreeMap;

use crate::domain::provider::{
    EmailTrust, FieldUpdate, IdentityProvider, Linking, Provisioning, SignInSettings, UpdateRules,
};

/// Which fields of known users a sign-in changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdatePolicy {
    /// For fields that have no rule of their own.
    pub default: FieldUpdate,
    /// Rules of single fields, by the field's name.
    pub fields: BTreeMap<String, FieldUpdate>,
}

impl UpdatePolicy {
    /// The same, where claims may be missing that the provider would send: nothing is cleared.
    #[must_use]
    pub fn without_clearing(&self) -> Self {
        let keep = |rule| if rule == FieldUpdate::Mirror { FieldUpdate::Always } else { rule };
        let fields = self.fields.iter().map(|(field, rule)| (field.clone(), keep(*rule))).collect();
        Self { default: keep(self.default), fields }
    }

    /// What holds for a field.
    pub fn of(&self, field: &str) -> FieldUpdate {
        self.fields.get(field).copied().unwrap_or(self.default)
    }
}

/// What a provider's settings mean for people who sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInPolicy {
    /// Whether unknown people become users.
    pub creates: bool,
    /// What a sign-in changes.
    pub update: UpdatePolicy,
    /// How unknown people are linked to users who exist already.
    pub linking: Linking,
    /// Whether a user whom this provider did not bring is found by the mapping's user field. An administrator of the
    /// provider can then sign in as any user of the tenant.
    pub match_existing_users: bool,
    /// When an email address counts as verified.
    pub email_trust: EmailTrust,
    /// Email domains that a platform administrator confirmed for this provider. Lower case, punycode.
    pub confirmed_domains: Vec<String>,
    /// Email domains whose people may sign in; no restriction when empty. Lower case, punycode.
    pub allowed_domains: Vec<String>,
}

impl SignInPolicy {
    /// The policy of a provider.
    pub fn of(provider: &IdentityProvider) -> Self {
        let Provisioning { auto_create_users, update_user_on_login } = provider.provisioning;
        let SignInSettings {
            linking,
            email_trust,
            update_policy: UpdateRules { default, fields },
            match_existing_users,
            confirmed_domains,
        } = &provider.sign_in;
        let usual = if update_user_on_login { FieldUpdate::Always } else { FieldUpdate::Never };
        Self {
            creates: auto_create_users,
            update: UpdatePolicy { default: default.unwrap_or(usual), fields: fields.clone() },
            linking: *linking,
            match_existing_users: *match_existing_users,
            email_trust: *email_trust,
            confirmed_domains: confirmed_domains.clone(),
            allowed_domains: provider.allowed_domains.clone(),
        }
    }
}
