//! The form of the sign-in tab: whom people who sign in become, what is updated, and how the provider is asked.

use std::collections::BTreeMap;

use crate::{
    api::provider_form::{ConnectionChange, OidcChange, ProviderChange},
    domain::{
        mapping::UserField,
        problem::ProblemCode,
        provider::{
            EmailTrust, FieldUpdate, IdentityProvider, Linking, OidcPrompt, OidcSignIn, Provisioning, SignInSettings,
            SigningAlgorithm, UpdateRules,
        },
    },
};

use super::{
    connection_change::changed,
    lists::{check_domain, filled},
    problems::Problems,
};

/// Whom people who sign in become, what is updated, and how the provider is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInDraft {
    /// Whether unknown people become users.
    pub creates: bool,
    /// What a sign-in does to fields without a rule of their own.
    pub update: FieldUpdate,
    /// Rules of single fields, by the field's name.
    pub rules: BTreeMap<String, FieldUpdate>,
    /// How unknown people are linked to users who exist already.
    pub linking: Linking,
    /// Whether users are also found by the mapping's user field.
    pub match_existing_users: bool,
    /// When an email address counts as verified.
    pub email_trust: EmailTrust,
    /// Email domains that belong to the provider's organization, as typed.
    pub confirmed_domains: Vec<String>,
    /// How the provider is asked.
    pub requests: RequestDraft,
}

/// How an OpenID provider is asked, and which ID tokens are accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestDraft {
    /// The settings that are chosen and not typed.
    pub chosen: OidcSignIn,
    /// Issuers of directory tenants, as typed.
    pub allowed_issuers: Vec<String>,
    /// How long ago the person may have authenticated, in seconds, as typed.
    pub max_age: String,
    /// Authentication contexts to request, as typed.
    pub acr_values: Vec<String>,
}

impl SignInDraft {
    /// What the form starts from.
    pub fn of(provider: &IdentityProvider) -> Self {
        let Provisioning { auto_create_users, update_user_on_login } = provider.provisioning;
        let SignInSettings { linking, email_trust, update_policy, match_existing_users, confirmed_domains } =
            provider.sign_in.clone();
        let usual = if update_user_on_login { FieldUpdate::Always } else { FieldUpdate::Never };
        Self {
            creates: auto_create_users,
            update: update_policy.default.unwrap_or(usual),
            rules: update_policy.fields,
            linking,
            match_existing_users,
            email_trust,
            confirmed_domains,
            requests: provider.oidc().map(|oidc| RequestDraft::of(&oidc.sign_in)).unwrap_or_default(),
        }
    }

    /// The change that leads from `before` to this; what is equal is left out.
    pub fn change_from(&self, before: &Self) -> ProviderChange {
        let requests = changed(&self.requests.settings(), &before.requests.settings());
        // The rule for all fields is stored in both; they are sent together, so that they agree.
        let is_policy_changed = self.provisioning() != before.provisioning() || self.settings() != before.settings();
        ProviderChange {
            provisioning: is_policy_changed.then(|| self.provisioning()),
            sign_in: is_policy_changed.then(|| self.settings()),
            connection: requests
                .map(|sign_in| ConnectionChange::Oidc(OidcChange { sign_in: Some(sign_in), ..OidcChange::default() })),
            ..ProviderChange::default()
        }
    }

    fn provisioning(&self) -> Provisioning {
        Provisioning { auto_create_users: self.creates, update_user_on_login: self.update != FieldUpdate::Never }
    }

    fn settings(&self) -> SignInSettings {
        let default = match self.update {
            // `update_user_on_login` says the same, and other APIs know only that.
            FieldUpdate::Always | FieldUpdate::Never => None,
            other => Some(other),
        };
        SignInSettings {
            linking: self.linking,
            email_trust: self.email_trust,
            update_policy: UpdateRules { default, fields: self.rules.clone() },
            match_existing_users: self.match_existing_users,
            confirmed_domains: filled(&self.confirmed_domains),
        }
    }

    /// What is wrong with it.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::default();
        for (index, row) in self.confirmed_domains.iter().enumerate() {
            if let Some(message) = check_domain(row) {
                problems.add(format!("confirmed_domains.{index}"), ProblemCode::Malformed, message);
            }
        }
        if self.requests.max_age().is_err() {
            problems.add("max_age", ProblemCode::Malformed, "Enter a number of seconds, such as 3600.");
        }
        let prompt = &self.requests.chosen.prompt;
        if prompt.contains(&OidcPrompt::None) && prompt.len() > 1 {
            problems.add("prompt", ProblemCode::Malformed, "“none” cannot be combined with other prompts.");
        }
        problems
    }
}

impl RequestDraft {
    fn of(stored: &OidcSignIn) -> Self {
        Self {
            chosen: stored.clone(),
            allowed_issuers: stored.allowed_issuers.clone(),
            max_age: stored.max_age.map(|seconds| seconds.to_string()).unwrap_or_default(),
            acr_values: stored.acr_values.clone(),
        }
    }

    fn max_age(&self) -> Result<Option<u32>, std::num::ParseIntError> {
        let typed = self.max_age.trim();
        if typed.is_empty() { Ok(None) } else { typed.parse().map(Some) }
    }

    fn settings(&self) -> OidcSignIn {
        OidcSignIn {
            allowed_issuers: filled(&self.allowed_issuers),
            max_age: self.max_age().unwrap_or(self.chosen.max_age),
            acr_values: filled(&self.acr_values),
            ..self.chosen.clone()
        }
    }
}

/// A field that a rule can name, in words.
pub fn rule_label(field: &str) -> String {
    match field {
        "username" => "User name".to_owned(),
        "extra" => "Extra claims".to_owned(),
        other => other.parse::<UserField>().map_or_else(|_| other.to_owned(), |field| field.label().to_owned()),
    }
}

/// The fields that a rule can name.
pub fn rule_fields() -> impl Iterator<Item = &'static str> {
    std::iter::once("username").chain(UserField::ALL.map(UserField::as_str)).chain(std::iter::once("extra"))
}

/// What can go wrong with a choice, for the administrator who makes it.
pub const fn linking_risk(linking: Linking) -> Option<&'static str> {
    match linking {
        Linking::Never => None,
        Linking::VerifiedEmail => Some(
            "Anyone who controls a verified address of a confirmed domain at the provider signs in as the user with that \
             address. Without confirmed domains, nobody is linked.",
        ),
        Linking::Ask => Some(
            "The person signs in with a provider that is already linked to the user. Afterwards both providers can sign \
             in as this user.",
        ),
    }
}

/// What can go wrong with trusting addresses.
pub const fn email_trust_risk(trust: EmailTrust) -> Option<&'static str> {
    match trust {
        EmailTrust::Claim | EmailTrust::Domains => None,
        EmailTrust::Always => Some(
            "Every address counts as verified, even one that a person entered without proof. Use this only if people \
             cannot choose their address at the provider.",
        ),
    }
}

/// The names of algorithms, in order.
pub fn algorithm_names() -> Vec<String> {
    SigningAlgorithm::ALL.iter().map(|algorithm| algorithm.as_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::providers::forms::fixtures::provider;

    fn stored(provisioning: Provisioning, default: Option<FieldUpdate>) -> SignInDraft {
        let update_policy = UpdateRules { default, ..UpdateRules::default() };
        let sign_in = SignInSettings { update_policy, ..SignInSettings::default() };
        SignInDraft::of(&IdentityProvider { provisioning, sign_in, ..provider() })
    }

    #[test]
    fn an_untouched_form_changes_nothing() {
        for default in [None, Some(FieldUpdate::Always), Some(FieldUpdate::Mirror)] {
            for update_user_on_login in [true, false] {
                let draft = stored(Provisioning { auto_create_users: true, update_user_on_login }, default);
                assert_eq!(draft.change_from(&draft), ProviderChange::default());
                assert!(draft.check().is_empty());
            }
        }
    }

    #[test]
    fn the_rule_for_all_fields_keeps_its_effect_when_something_else_changes() {
        let provisioning = Provisioning { auto_create_users: true, update_user_on_login: false };
        let before = stored(provisioning, Some(FieldUpdate::Always));
        let change = SignInDraft { linking: Linking::Ask, ..before.clone() }.change_from(&before);
        assert_eq!(change.provisioning, Some(Provisioning { update_user_on_login: true, ..provisioning }));
        assert_eq!(change.sign_in.map(|sent| (sent.linking, sent.update_policy.default)), Some((Linking::Ask, None)));
    }

    #[test]
    fn only_what_was_edited_is_sent() {
        let before = SignInDraft::of(&provider());
        let mut draft = before.clone();
        draft.requests.max_age = " 600 ".to_owned();
        draft.requests.acr_values = vec!["urn:mfa".to_owned(), " ".to_owned()];
        let change = draft.change_from(&before);
        assert_eq!((change.provisioning, change.sign_in), (None, None));
        let Some(ConnectionChange::Oidc(OidcChange { sign_in: Some(sent), .. })) = change.connection else {
            panic!("no settings were sent")
        };
        assert_eq!((sent.max_age, sent.acr_values), (Some(600), vec!["urn:mfa".to_owned()]));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let mut draft = SignInDraft::of(&provider());
        draft.confirmed_domains = vec!["corp.example".to_owned(), "not a domain".to_owned()];
        draft.requests.max_age = "an hour".to_owned();
        draft.requests.chosen.prompt = vec![OidcPrompt::None, OidcPrompt::Login];
        let problems = draft.check();
        assert!(["confirmed_domains.1", "max_age", "prompt"].into_iter().all(|field| problems.concern(field)));
        assert!(!problems.concern("confirmed_domains.0"));
    }

    #[test]
    fn every_field_of_a_rule_has_a_label() {
        assert!(rule_fields().all(|field| rule_label(field) != field));
    }
}
