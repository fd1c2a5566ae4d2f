//! What a provider's settings say about people who sign in: whom they are linked to, what is updated, and which email
//! addresses count as verified.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{normalise_domain, parse_domain};
use crate::domain::{
    mapping::UserField,
    named::named,
    patch::Patch,
    problem::{Problem, ProblemCode},
};

named! {
    /// How an unknown person is linked to a user who exists already and whom the provider did not bring.
    #[derive(Default)]
    Linking, UnknownLinking {
        /// Not at all.
        #[default]
        Never = "never" / "Never",
        /// By a verified email address of a domain that a platform administrator confirmed.
        VerifiedEmail = "verified_email" / "By verified email address",
        /// After the person signed in with a provider that the user is linked to.
        Ask = "ask" / "After the person proves the account",
    }
}

named! {
    /// When an email address counts as verified.
    #[derive(Default)]
    EmailTrust, UnknownEmailTrust {
        /// When the provider says so (`email_verified`).
        #[default]
        Claim = "claim" / "When the provider says so",
        /// When its domain is one of the provider's confirmed domains.
        Domains = "domains" / "When its domain is confirmed",
        /// Always.
        Always = "always" / "Always",
    }
}

named! {
    /// Whether a sign-in changes a field of a known user.
    FieldUpdate, UnknownFieldUpdate {
        /// It keeps what is stored.
        Never = "never" / "Never",
        /// It fills the field when nothing is stored.
        WhenEmpty = "when_empty" / "When empty",
        /// It stores what the provider sends. A value that is missing changes nothing.
        Always = "always" / "Always",
        /// It stores what the provider sends, and clears the field when the provider sends nothing.
        Mirror = "mirror" / "Always, and clear when missing",
    }
}

/// Which fields of known users a sign-in changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateRules {
    /// For fields that have no rule of their own. Without it, `update_user_on_login` means always or never.
    pub default: Option<FieldUpdate>,
    /// Rules of single fields, by the field's name: a user field, `username`, or `extra` for the claims that are kept.
    pub fields: BTreeMap<String, FieldUpdate>,
}

/// A provider's settings about people who sign in. The defaults are the safe choices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInSettings {
    /// How unknown people are linked to users who exist already.
    pub linking: Linking,
    /// When an email address counts as verified.
    pub email_trust: EmailTrust,
    /// Which fields a sign-in changes.
    pub update_policy: UpdateRules,
    /// Whether a user whom this provider did not bring is found by the mapping's user field. Whoever controls the provider
    /// can then sign in as any user of the tenant.
    pub match_existing_users: bool,
    /// Email domains that belong to the provider's organisation. Only a platform administrator sets them. Lower case,
    /// punycode.
    pub confirmed_domains: Vec<String>,
}

/// A change of a provider's settings about people who sign in. What is cleared gets its default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInPatch {
    /// How unknown people are linked to users who exist already.
    pub linking: Patch<Linking>,
    /// When an email address counts as verified.
    pub email_trust: Patch<EmailTrust>,
    /// Which fields a sign-in changes, as a whole.
    pub update_policy: Patch<UpdateRules>,
    /// Whether a user whom this provider did not bring is found by the mapping's user field.
    pub match_existing_users: Patch<bool>,
    /// Email domains that a platform administrator confirms, as a whole.
    pub confirmed_domains: Patch<Vec<String>>,
}

impl SignInSettings {
    /// The settings with their domains in the stored form, each once.
    pub fn normalised(mut self) -> Self {
        self.confirmed_domains = stored_domains(&self.confirmed_domains);
        self
    }
}

impl SignInPatch {
    /// Applies the change. Domains that are no domains are left out; [`check_patch`](super::check_patch) reports them.
    pub fn apply(self, settings: &mut SignInSettings) {
        let Self { linking, email_trust, update_policy, match_existing_users, confirmed_domains } = self;
        linking.apply_or_default(&mut settings.linking);
        email_trust.apply_or_default(&mut settings.email_trust);
        update_policy.apply_or_default(&mut settings.update_policy);
        match_existing_users.apply_or_default(&mut settings.match_existing_users);
        confirmed_domains.map(|domains| stored_domains(&domains)).apply_or_default(&mut settings.confirmed_domains);
    }

    /// Whether it confirms other domains than those that are confirmed already, or fewer.
    pub fn changes_domains(&self, settings: &SignInSettings) -> bool {
        match &self.confirmed_domains {
            Patch::Keep => false,
            Patch::Clear => !settings.confirmed_domains.is_empty(),
            Patch::Set(domains) => stored_domains(domains) != settings.confirmed_domains,
        }
    }
}

/// All settings at once.
impl From<SignInSettings> for SignInPatch {
    fn from(settings: SignInSettings) -> Self {
        let SignInSettings { linking, email_trust, update_policy, match_existing_users, confirmed_domains } = settings;
        Self {
            linking: Patch::Set(linking),
            email_trust: Patch::Set(email_trust),
            update_policy: Patch::Set(update_policy),
            match_existing_users: Patch::Set(match_existing_users),
            confirmed_domains: Patch::Set(confirmed_domains),
        }
    }
}

fn stored_domains(domains: &[String]) -> Vec<String> {
    let mut stored: Vec<String> = Vec::new();
    for domain in domains.iter().filter_map(|domain| normalise_domain(domain)) {
        if !stored.contains(&domain) {
            stored.push(domain);
        }
    }
    stored
}

/// Checks settings about people who sign in.
pub(super) fn check(problems: &mut Vec<Problem>, rules: Option<&UpdateRules>, domains: &[String]) {
    for name in rules.into_iter().flat_map(|rules| rules.fields.keys()).filter(|name| !is_field(name)) {
        let message = format!("{name:?} is not a user field, username or extra.");
        problems.push(Problem::new("update_policy", ProblemCode::Malformed, message));
    }
    for (index, domain) in domains.iter().enumerate() {
        if let Err(problem) = parse_domain(domain) {
            let message = format!("{domain:?} can match no email address: {problem}.");
            problems.push(Problem::new(format!("confirmed_domains.{index}"), ProblemCode::Malformed, message));
        }
    }
}

fn is_field(name: &str) -> bool {
    matches!(name, "username" | "extra") || UserField::ALL.iter().any(|field| field.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_set_of_domains_is_a_change() {
        let stored = SignInSettings { confirmed_domains: vec!["corp.example".to_owned()], ..SignInSettings::default() };
        let changes =
            |confirmed_domains| SignInPatch { confirmed_domains, ..SignInPatch::default() }.changes_domains(&stored);
        let set = |domains: &[&str]| Patch::Set(domains.iter().map(|domain| (*domain).to_owned()).collect());
        assert!(!changes(Patch::Keep) && !changes(set(&["Corp.Example.", "@corp.example"])));
        assert!(changes(Patch::Clear) && changes(set(&[])) && changes(set(&["corp.example", "other.example"])));
    }

    #[test]
    fn rules_name_fields_that_users_have() {
        let rules = |name: &str| UpdateRules {
            default: None,
            fields: [(name.to_owned(), FieldUpdate::Never)].into_iter().collect(),
        };
        for (name, is_known) in
            [("username", true), ("extra", true), ("email", true), ("groups", true), ("mail", false)]
        {
            let mut problems = Vec::new();
            check(&mut problems, Some(&rules(name)), &[]);
            assert_eq!(problems.is_empty(), is_known, "{name}");
        }
    }
}
