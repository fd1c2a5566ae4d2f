//! What a sign-in would do, for administrators who try a provider out.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    decide::{Decision, KnownUsers, LinkChange},
    refusal::Refusal,
};
use crate::domain::{
    id::{SignInId, UserId},
    mapping::{Evaluation, FieldOutcome, IdentityOutcome},
    named::named,
    user::Profile,
};

/// A test sign-in that was prepared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInTest {
    /// Identifies the attempt.
    pub id: SignInId,
    /// Where the result will be found.
    pub reference: String,
    /// The address to open in a browser, within five minutes. It works once.
    pub url: String,
}

/// What a sign-in would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignInPreview {
    /// Who the person is, by the mapping.
    pub identity: IdentityOutcome,
    /// What the mapping makes of the claims.
    pub fields: Vec<FieldOutcome>,
    /// Whether the person would sign in, and as whom.
    pub outcome: PreviewOutcome,
    /// What else is in the way of a sign-in, or different from one.
    pub warnings: Vec<PreviewWarning>,
}

/// Whether a person would sign in, and as whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PreviewOutcome {
    /// As a new user.
    Create {
        /// The user's profile.
        profile: Profile,
        /// Whether the address would count as verified.
        verified_email: bool,
    },
    /// As a user who exists.
    Existing {
        /// The user.
        user: UserId,
        /// The user's name at present.
        username: String,
        /// What would happen to the link.
        link: LinkChange,
        /// What would change about the user.
        changes: Vec<PreviewChange>,
        /// Fields that keep their value, since another user of the tenant has the one that was sent.
        taken: Vec<String>,
    },
    /// Not at all.
    Refuse {
        /// Why.
        refusal: Refusal,
        /// What happened, as a sentence.
        message: String,
        /// What to do about it.
        advice: String,
    },
}

/// A change of a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreviewChange {
    /// The field.
    pub field: String,
    /// The stored value; null when there is none.
    pub from: Value,
    /// The value afterwards.
    pub to: Value,
}

named! {
    /// What is in the way of a sign-in beside the decision, or different from one.
    PreviewWarning, UnknownPreviewWarning {
        /// The tenant is suspended.
        TenantSuspended = "tenant_suspended" / "The tenant is suspended, so nobody signs in to it.",
        /// The provider is disabled.
        ProviderDisabled = "provider_disabled" / "The provider is disabled, so nobody signs in with it.",
        /// The provider is not linked to the tenant.
        NotLinked = "not_linked" / "The provider is not linked to the tenant, so nobody of the tenant signs in with it.",
        /// Pasted claims have another issuer than the provider.
        OtherIssuer = "other_issuer" / "The issuer (iss) is not the provider's: a token with it is refused.",
        /// Pasted claims have no permanent identifier.
        NoSubject = "no_subject" / "There is no permanent identifier (sub) that can be used: a token without it is refused.",
    }
}

impl SignInPreview {
    /// What a decision would do.
    pub fn of(
        evaluation: Evaluation,
        decision: Decision<UserId>,
        known: &KnownUsers<UserId>,
        warnings: Vec<PreviewWarning>,
    ) -> Self {
        let outcome = match decision {
            Decision::Create { profile, verified_email } => PreviewOutcome::Create { profile, verified_email },
            Decision::Existing { user, link, change, verified_email: _ } => {
                let stored = known.profile(user);
                let changes = change.changed.iter().map(|field| PreviewChange {
                    from: stored.map(|profile| profile.value(field)).unwrap_or_default(),
                    to: change.profile.value(field),
                    field: field.clone(),
                });
                PreviewOutcome::Existing {
                    user,
                    username: stored.unwrap_or(&change.profile).username.clone(),
                    link,
                    changes: changes.collect(),
                    taken: change.taken.iter().map(|field| (*field).to_owned()).collect(),
                }
            }
            Decision::Ask { .. } => Refusal::EmailTaken.into(),
            Decision::Refuse(refusal) => refusal.into(),
        };
        let Evaluation { identity, fields, extra: _ } = evaluation;
        Self { identity, fields, outcome, warnings }
    }

    /// Why the person would be refused.
    pub const fn refusal(&self) -> Option<&Refusal> {
        match &self.outcome {
            PreviewOutcome::Refuse { refusal, .. } => Some(refusal),
            PreviewOutcome::Create { .. } | PreviewOutcome::Existing { .. } => None,
        }
    }

    /// The user that the person would be.
    pub const fn user(&self) -> Option<UserId> {
        match &self.outcome {
            PreviewOutcome::Existing { user, .. } => Some(*user),
            PreviewOutcome::Create { .. } | PreviewOutcome::Refuse { .. } => None,
        }
    }
}

impl From<Refusal> for PreviewOutcome {
    fn from(refusal: Refusal) -> Self {
        Self::Refuse { message: refusal.explain(), advice: refusal.advice().to_owned(), refusal }
    }
}

impl<U: PartialEq> KnownUsers<U> {
    /// The stored profile of one of them.
    fn profile(&self, user: U) -> Option<&Profile> {
        let linked = [&self.by_value, &self.by_subject].into_iter().flatten().filter_map(|link| link.user.as_ref());
        let found = [&self.by_field, &self.by_email].into_iter().flatten();
        linked.chain(found).find(|known| known.user == user).map(|known| &known.profile)
    }
}
