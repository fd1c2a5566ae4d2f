//! The inputs of the sign-in tab.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::{
    api::{ApiError, provider_form::ProviderChange},
    domain::provider::{FieldUpdate, OidcSignIn, detail::ProviderDetail},
    ui::pages::providers::{
        detail::tab_form::TabInputs,
        forms::{
            problems::{Problems, at_page_fields},
            sign_in_change::{RequestDraft, SignInDraft},
        },
    },
};

/// The inputs of the sign-in tab. Choices are kept as the text of their value, as `<select>` has them.
#[derive(Clone, Copy)]
pub(super) struct SignInInputs {
    pub(super) creates: RwSignal<bool>,
    pub(super) update: RwSignal<String>,
    pub(super) rules: RwSignal<BTreeMap<String, FieldUpdate>>,
    pub(super) linking: RwSignal<String>,
    pub(super) match_existing_users: RwSignal<bool>,
    pub(super) email_trust: RwSignal<String>,
    pub(super) confirmed_domains: RwSignal<Vec<String>>,
    pub(super) requests: RequestInputs,
    before: RwSignal<SignInDraft>,
}

/// The inputs about requests to the provider, and its ID tokens.
#[derive(Clone, Copy)]
pub(super) struct RequestInputs {
    pub(super) authentication: RwSignal<String>,
    pub(super) response_mode: RwSignal<String>,
    pub(super) algorithms: RwSignal<Vec<String>>,
    pub(super) allowed_issuers: RwSignal<Vec<String>>,
    pub(super) userinfo: RwSignal<String>,
    pub(super) max_age: RwSignal<String>,
    pub(super) prompt: RwSignal<Vec<String>>,
    pub(super) acr_values: RwSignal<Vec<String>>,
}

impl SignInInputs {
    /// Inputs that hold this.
    pub(super) fn new(draft: SignInDraft) -> Self {
        let inputs = Self {
            creates: RwSignal::new(false),
            update: RwSignal::default(),
            rules: RwSignal::default(),
            linking: RwSignal::default(),
            match_existing_users: RwSignal::new(false),
            email_trust: RwSignal::default(),
            confirmed_domains: RwSignal::default(),
            requests: RequestInputs::new(),
            before: RwSignal::new(draft.clone()),
        };
        inputs.set(draft);
        inputs
    }

    fn set(self, draft: SignInDraft) {
        let SignInDraft {
            creates,
            update,
            rules,
            linking,
            match_existing_users,
            email_trust,
            confirmed_domains,
            requests,
        } = draft;
        self.creates.set(creates);
        self.update.set(update.as_str().to_owned());
        self.rules.set(rules);
        self.linking.set(linking.as_str().to_owned());
        self.match_existing_users.set(match_existing_users);
        self.email_trust.set(email_trust.as_str().to_owned());
        self.confirmed_domains.set(confirmed_domains);
        self.requests.set(requests);
    }

    /// What they hold. Tracked.
    fn get(self) -> SignInDraft {
        let before = self.before.get();
        SignInDraft {
            creates: self.creates.get(),
            update: self.update.get().parse().unwrap_or(before.update),
            rules: self.rules.get(),
            linking: self.linking.get().parse().unwrap_or(before.linking),
            match_existing_users: self.match_existing_users.get(),
            email_trust: self.email_trust.get().parse().unwrap_or(before.email_trust),
            confirmed_domains: self.confirmed_domains.get(),
            requests: self.requests.get(before.requests.chosen),
        }
    }
}

impl RequestInputs {
    fn new() -> Self {
        Self {
            authentication: RwSignal::default(),
            response_mode: RwSignal::default(),
            algorithms: RwSignal::default(),
            allowed_issuers: RwSignal::default(),
            userinfo: RwSignal::default(),
            max_age: RwSignal::default(),
            prompt: RwSignal::default(),
            acr_values: RwSignal::default(),
        }
    }

    fn set(self, draft: RequestDraft) {
        let RequestDraft { chosen, allowed_issuers, max_age, acr_values } = draft;
        self.authentication.set(chosen.token_endpoint_auth_method.as_str().to_owned());
        self.response_mode.set(chosen.response_mode.as_str().to_owned());
        self.algorithms.set(chosen.id_token_signing_algs.iter().map(|name| name.as_str().to_owned()).collect());
        self.allowed_issuers.set(allowed_issuers);
        self.userinfo.set(chosen.userinfo.as_str().to_owned());
        self.max_age.set(max_age);
        self.prompt.set(chosen.prompt.iter().map(|prompt| prompt.as_str().to_owned()).collect());
        self.acr_values.set(acr_values);
    }

    /// What they hold, in place of what is stored. Tracked.
    fn get(self, stored: OidcSignIn) -> RequestDraft {
        let chosen = OidcSignIn {
            token_endpoint_auth_method: self.authentication.get().parse().unwrap_or(stored.token_endpoint_auth_method),
            response_mode: self.response_mode.get().parse().unwrap_or(stored.response_mode),
            id_token_signing_algs: named(&self.algorithms.get()),
            userinfo: self.userinfo.get().parse().unwrap_or(stored.userinfo),
            prompt: named(&self.prompt.get()),
            ..stored
        };
        RequestDraft {
            chosen,
            allowed_issuers: self.allowed_issuers.get(),
            max_age: self.max_age.get(),
            acr_values: self.acr_values.get(),
        }
    }
}

/// The values that these texts name. The inputs offer no other texts.
fn named<T: std::str::FromStr>(texts: &[String]) -> Vec<T> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

impl TabInputs for SignInInputs {
    fn change(&self) -> ProviderChange {
        self.before.with(|before| self.get().change_from(before))
    }

    fn check(&self) -> Problems {
        self.get().check()
    }

    fn reset(&self, detail: &ProviderDetail) {
        let draft = SignInDraft::of(&detail.provider);
        self.before.set(draft.clone());
        self.set(draft);
    }

    fn at_page_fields(&self, error: ApiError) -> ApiError {
        let lists = [
            ("confirmed_domains", self.confirmed_domains.get()),
            ("allowed_issuers", self.requests.allowed_issuers.get()),
            ("acr_values", self.requests.acr_values.get()),
        ];
        at_page_fields(error, &lists)
    }
}
