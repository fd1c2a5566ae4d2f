//! The decision: who signs in, and what that changes.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{
    email::{EmailClaim, read_email},
    policy::SignInPolicy,
    profile::{ProfileChange, new_profile, updated_profile},
    refusal::Refusal,
    subject::AuthenticatedSubject,
};
use crate::domain::{
    mapping::{Evaluation, IdentityOutcome, UserMapping},
    provider::{FieldUpdate, Linking, is_allowed_domain},
    user::Profile,
};

/// A user of the tenant who may be the person.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownUser<U> {
    /// Which user.
    pub user: U,
    /// What is stored about the user.
    pub profile: Profile,
    /// Whether the stored address counts as verified.
    pub email_verified: bool,
    /// Whether the provider brought the user or is linked to the user already, by whichever subject.
    pub is_linked: bool,
    /// Fields that the provider which brought the user protects from the sign-ins of others.
    pub protected_fields: Vec<String>,
    /// Whether an administrator blocked the user.
    pub is_blocked: bool,
    /// Whether the directories let the user sign in.
    pub is_active: bool,
}

/// A link of the provider in the tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredLink<U> {
    /// The user; `None` when an administrator deleted the user.
    pub user: Option<KnownUser<U>>,
    /// The permanent identifier (`sub`) that stands beside the value.
    pub subject: String,
}

/// What is stored in the tenant that may concern the person.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownUsers<U> {
    /// The link with the identifying claim and its value.
    pub by_value: Option<StoredLink<U>>,
    /// A link with the permanent identifier, by another claim or another value.
    pub by_subject: Option<StoredLink<U>>,
    /// The user whose user field (`user_field`) has the identity's value.
    pub by_field: Option<KnownUser<U>>,
    /// The user who has the email address.
    pub by_email: Option<KnownUser<U>>,
    /// The user who has the user name that the person would get.
    pub by_username: Option<U>,
}

/// What happens to the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkChange {
    /// It stays.
    Keep,
    /// It gets the claim and the value of this sign-in: the identifying claim or its value changed at the provider.
    Move,
    /// It is added.
    Add,
}

/// What a sign-in does.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision<U> {
    /// The person is a user who exists.
    Existing {
        /// Which one.
        user: U,
        /// What happens to the link.
        link: LinkChange,
        /// What changes about the user.
        change: ProfileChange,
        /// Whether the user's address counts as verified from now on; `None` where that stays as it is.
        verified_email: Option<bool>,
    },
    /// The person becomes a user.
    Create {
        /// The user's profile.
        profile: Profile,
        /// Whether the address counts as verified.
        verified_email: bool,
    },
    /// The person may be a user who exists and has to prove it, by signing in with a provider that the user is linked to.
    Ask {
        /// Which one.
        user: U,
    },
    /// The person may not sign in.
    Refuse(Refusal),
}

/// Decides what a sign-in does. `evaluation` is the provider's mapping, applied to the subject's claims.
///
/// The order matters: a block or a deletion is found before anything that could let the person in another way.
pub fn decide<U: Copy + PartialEq>(
    subject: &AuthenticatedSubject,
    mapping: &UserMapping,
    evaluation: &Evaluation,
    policy: &SignInPolicy,
    known: &KnownUsers<U>,
) -> Decision<U> {
    SignIn { subject, mapping, evaluation, policy, known }.decide().unwrap_or_else(Decision::Refuse)
}

struct SignIn<'a, U> {
    subject: &'a AuthenticatedSubject,
    mapping: &'a UserMapping,
    evaluation: &'a Evaluation,
    policy: &'a SignInPolicy,
    known: &'a KnownUsers<U>,
}

impl<U: Copy + PartialEq> SignIn<'_, U> {
    fn decide(&self) -> Result<Decision<U>, Refusal> {
        let claim = self.identifying_claim()?;
        let email = read_email(self.evaluation, &self.subject.claims, self.policy);
        self.check_domain(email.as_ref())?;
        if let Some(link) = &self.known.by_value {
            if link.subject != self.subject.subject {
                return Err(Refusal::SubjectChanged { claim: claim.to_owned() });
            }
            return self.existing(link.user.as_ref().ok_or(Refusal::Deleted)?, LinkChange::Keep, email.as_ref());
        }
        if let Some(link) = &self.known.by_subject {
            return self.existing(link.user.as_ref().ok_or(Refusal::Deleted)?, LinkChange::Move, email.as_ref());
        }
        if let Some(user) = &self.known.by_field
            && self.policy.match_existing_users
            && !user.is_linked
            && self.is_proven(email.as_ref())
        {
            return self.existing(user, LinkChange::Add, email.as_ref());
        }
        // Another person of the same provider is another user, whatever address the provider sends. An address that nobody
        // verified can be entered at another provider by somebody who waits for its owner.
        if let (Some(user), Some(email)) = (self.known.by_email.as_ref().filter(|user| !user.is_linked), &email) {
            match self.policy.linking {
                Linking::VerifiedEmail if email.is_verified && user.email_verified && self.is_confirmed(email) => {
                    return self.existing(user, LinkChange::Add, Some(email));
                }
                Linking::Ask if email.is_verified || !email.is_denied => {
                    may_sign_in(user)?;
                    return Ok(Decision::Ask { user: user.user });
                }
                Linking::VerifiedEmail | Linking::Ask | Linking::Never => {}
            }
        }
        self.create(email.as_ref())
    }

    fn identifying_claim(&self) -> Result<&str, Refusal> {
        match &self.evaluation.identity {
            IdentityOutcome::Found { claim, .. } => Ok(claim),
            IdentityOutcome::NotFound { claim, reason } => Err(Refusal::NotIdentified {
                claims: self.mapping.user_claims().collect::<Vec<_>>().join(", "),
                claim: claim.clone(),
                reason: reason.clone(),
            }),
        }
    }

    fn check_domain(&self, email: Option<&EmailClaim>) -> Result<(), Refusal> {
        let allowed = &self.policy.allowed_domains;
        if allowed.is_empty() {
            return Ok(());
        }
        let email = email.ok_or(Refusal::EmailMissing)?;
        match &email.domain {
            Some(domain) if is_allowed_domain(allowed, domain) => {}
            domain => return Err(Refusal::DomainNotAllowed { domain: domain.clone() }),
        }
        if email.is_denied && !email.is_verified { Err(Refusal::EmailNotVerified) } else { Ok(()) }
    }

    /// Whether the value that a user is found by belongs to the person: an address has to be verified, since people can
    /// choose it at many providers.
    fn is_proven(&self, email: Option<&EmailClaim>) -> bool {
        let IdentityOutcome::Found { value, .. } = &self.evaluation.identity else { return false };
        let is_this = |email: &EmailClaim| email.address.trim().to_lowercase() == value.trim().to_lowercase();
        self.mapping.user_field != "email" || email.is_some_and(|email| email.is_verified && is_this(email))
    }

    fn is_confirmed(&self, email: &EmailClaim) -> bool {
        email.domain.as_ref().is_some_and(|domain| self.policy.confirmed_domains.contains(domain))
    }

    fn existing(
        &self,
        known: &KnownUser<U>,
        link: LinkChange,
        email: Option<&EmailClaim>,
    ) -> Result<Decision<U>, Refusal> {
        may_sign_in(known)?;
        let is_own = |holder: Option<U>| holder.is_none_or(|holder| holder == known.user);
        let is_free = |field: &'static str, _: &str| match field {
            "email" => is_own(self.known.by_email.as_ref().map(|holder| holder.user)),
            _ => is_own(self.known.by_username),
        };
        let rules = match self.subject.is_complete {
            true => Cow::Borrowed(&self.policy.update),
            false => Cow::Owned(self.policy.update.without_clearing()),
        };
        let rule = |field: &str| match known.protected_fields.iter().any(|protected| protected == field) {
            true => FieldUpdate::Never,
            false => rules.of(field),
        };
        let change = updated_profile(&known.profile, self.mapping, self.evaluation, rule, is_free);
        // What is verified or denied is the address that was sent, and only where it is the user's.
        let verified_email = email
            .filter(|email| change.profile.email.as_deref() == Some(email.address.as_str()))
            .filter(|email| email.is_verified || email.is_denied)
            .map(|email| email.is_verified);
        Ok(Decision::Existing { user: known.user, link, change, verified_email })
    }

    fn create(&self, email: Option<&EmailClaim>) -> Result<Decision<U>, Refusal> {
        if !self.policy.creates {
            return Err(Refusal::CreationOff);
        }
        let profile = new_profile(self.mapping, self.evaluation)?;
        if self.known.by_username.is_some() {
            return Err(Refusal::UsernameTaken);
        }
        if self.known.by_email.is_some() {
            return Err(Refusal::EmailTaken);
        }
        Ok(Decision::Create { profile, verified_email: email.is_some_and(|email| email.is_verified) })
    }
}

const fn may_sign_in<U>(known: &KnownUser<U>) -> Result<(), Refusal> {
    match (known.is_blocked, known.is_active) {
        (true, _) => Err(Refusal::Blocked),
        (false, false) => Err(Refusal::Inactive),
        (false, true) => Ok(()),
    }
}
