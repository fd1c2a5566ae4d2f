//! What a sign-in would do, for administrators who try a provider out.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    decide::{Decision, KnownUsers, LinkChange},
    groups::GroupMemberships,
    refusal::Refusal,
};
use crate::domain::{
    group::GroupMapping,
    id::{GroupId, SignInId, UserId},
    mapping::{Evaluation, FieldOutcome, IdentityOutcome, SkippedClaim},
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
    /// The groups of the tenant that the person would be in by this provider, or would leave.
    pub groups: Vec<PreviewGroup>,
    /// Claims that should list groups and do not: memberships by them would stay as they are.
    pub skipped_groups: Vec<SkippedClaim>,
    /// What else is in the way of a sign-in, or different from one.
    pub warnings: Vec<PreviewWarning>,
}

/// What would happen to a membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewGroup {
    /// The group.
    pub group: GroupId,
    /// Its name, where a group mapping of the provider names the group.
    pub name: Option<String>,
    /// What would happen.
    pub change: GroupChange,
}

named! {
    /// What a sign-in would do to a membership.
    GroupChange, UnknownGroupChange {
        /// The person is in the group and stays in it.
        Keep = "keep" / "Stays in the group",
        /// The person would join the group.
        Join = "join" / "Joins the group",
        /// The person would leave the group.
        Leave = "leave" / "Leaves the group",
    }
}

/// What is stored of a person's groups, and what a provider says of them.
#[derive(Debug, Clone, Copy)]
pub struct GroupPreview<'a> {
    /// The provider's group mappings for the tenant.
    pub mappings: &'a [GroupMapping],
    /// What the provider says.
    pub said: &'a GroupMemberships,
    /// The groups that the person is in by this provider.
    pub held: &'a BTreeSet<GroupId>,
}

impl GroupPreview<'_> {
    fn groups(&self) -> Vec<PreviewGroup> {
        let GroupMemberships { member_of, unknown, skipped: _ } = self.said;
        let all = member_of.union(self.held);
        all.map(|group| PreviewGroup {
            group: *group,
            name: self.name(*group),
            change: match (self.held.contains(group), member_of.contains(group) || unknown.contains(group)) {
                (false, _) => GroupChange::Join,
                (true, true) => GroupChange::Keep,
                (true, false) => GroupChange::Leave,
            },
        })
        .collect()
    }

    fn name(&self, group: GroupId) -> Option<String> {
        let names = |mapping: &&GroupMapping| mapping.internal_group_id.parse() == Ok(group);
        self.mappings.iter().find(names)?.internal_group_name.clone()
    }
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
        groups: GroupPreview<'_>,
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
            Decision::Ask { .. } => PreviewOutcome::Refuse {
                refusal: Refusal::EmailTaken,
                message: "Another user of the tenant has this email address, and the person has to prove the account."
                    .to_owned(),
                advice: "The person signs in with a provider that the user is linked to.".to_owned(),
            },
            Decision::Refuse(refusal) => refusal.into(),
        };
        let Evaluation { identity, fields, extra: _ } = evaluation;
        let is_refused = matches!(outcome, PreviewOutcome::Refuse { .. });
        let (groups, skipped_groups) = match is_refused {
            true => (Vec::new(), Vec::new()),
            false => (groups.groups(), groups.said.skipped.clone()),
        };
        Self { identity, fields, outcome, groups, skipped_groups, warnings }
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
