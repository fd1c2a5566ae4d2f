//! Why a person may not sign in.

use serde::{Deserialize, Serialize};

use crate::domain::mapping::SkipReason;

/// Why a person may not sign in. The person never sees it: it is in the trace, for administrators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Refusal {
    /// No claim identifies the person.
    NotIdentified {
        /// The claims that may hold the identity, as the mapping writes them.
        claims: String,
        /// The claim that was there and cannot be used.
        claim: Option<String>,
        /// Why not.
        reason: SkipReason,
    },
    /// The identity belongs to a link whose permanent identifier differs: the provider gave the value to another person.
    SubjectChanged {
        /// The claim that identified the person.
        claim: String,
    },
    /// An administrator blocked the user.
    Blocked,
    /// The user is inactive in the directory.
    Inactive,
    /// The user was deleted and stays out.
    Deleted,
    /// The provider accepts only addresses of certain domains, and the person has none.
    EmailMissing,
    /// The email address belongs to none of the allowed domains.
    DomainNotAllowed {
        /// The address's domain, where it has a valid one.
        domain: Option<String>,
    },
    /// The provider says that the email address is not verified, and its domain decides who may sign in.
    EmailNotVerified,
    /// The person is unknown, and the provider creates no users.
    CreationOff,
    /// The person is unknown, and another user of the tenant has the user name.
    UsernameTaken,
    /// The person is unknown, and another user of the tenant has the email address.
    EmailTaken,
    /// The provider sends nothing that can be a user name.
    UsernameUnusable,
    /// The person was to prove an account, and signed in as somebody else.
    NotProven,
}

impl Refusal {
    /// The reason in one word, as it is stored.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotIdentified { .. } => "not_identified",
            Self::SubjectChanged { .. } => "subject_changed",
            Self::Blocked => "blocked",
            Self::Inactive => "inactive",
            Self::Deleted => "deleted",
            Self::EmailMissing => "email_missing",
            Self::DomainNotAllowed { .. } => "domain_not_allowed",
            Self::EmailNotVerified => "email_not_verified",
            Self::CreationOff => "creation_off",
            Self::UsernameTaken => "username_taken",
            Self::EmailTaken => "email_taken",
            Self::UsernameUnusable => "username_unusable",
            Self::NotProven => "not_proven",
        }
    }

    /// What happened, as a sentence.
    pub fn explain(&self) -> String {
        match self {
            Self::NotIdentified { claims, claim, reason } => match claim {
                Some(claim) => {
                    format!("The claim {claim} {}, so it does not identify the person.", reason.explain(claim))
                }
                None => format!("The provider sent none of the claims that identify the person: {claims}."),
            },
            Self::SubjectChanged { claim } => format!(
                "The value of {claim} is linked to another person at the provider: the permanent identifier (sub) differs."
            ),
            Self::Blocked => "An administrator blocked the user.".to_owned(),
            Self::Inactive => "The user is inactive in the directory.".to_owned(),
            Self::Deleted => "The user was deleted.".to_owned(),
            Self::EmailMissing => {
                "The provider accepts only addresses of certain domains, and sent no address.".to_owned()
            }
            // The domain itself is personal data, and explanations are logged.
            Self::DomainNotAllowed { domain: Some(_) } => {
                "The domain of the email address is none of the provider's allowed domains.".to_owned()
            }
            Self::DomainNotAllowed { domain: None } => "The email address has no valid domain.".to_owned(),
            Self::EmailNotVerified => "The provider says that the email address is not verified.".to_owned(),
            Self::CreationOff => "The person is unknown, and the provider creates no users.".to_owned(),
            Self::UsernameTaken => "Another user of the tenant has this user name.".to_owned(),
            Self::EmailTaken => "Another user of the tenant has this email address.".to_owned(),
            Self::UsernameUnusable => "The provider sent nothing that can be a user name.".to_owned(),
            Self::NotProven => {
                "The person signed in as somebody else than the user whose account was to be proven.".to_owned()
            }
        }
    }

    /// What to do about it, and where.
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::NotIdentified { .. } => {
                "Let the provider send the claim, or choose another one under Mapping (user_claim)."
            }
            Self::SubjectChanged { .. } => {
                "Choose a claim that the provider never gives to another person, such as sub, under Mapping (user_claim)."
            }
            Self::Blocked => "Lift the block on the user's page.",
            Self::Inactive => "Activate the user in the directory, or reactivate the user on the user's page.",
            Self::Deleted => {
                "A deleted person stays out of this tenant with this provider. Block users who may come back, instead of \
                 deleting them."
            }
            Self::EmailMissing => "Map a claim to email, and let the provider send it (scope email).",
            Self::DomainNotAllowed { .. } => {
                "Add the domain to the provider's allowed domains, if its people may sign in."
            }
            Self::EmailNotVerified => {
                "Let the person verify the address at the provider, or change when addresses count as verified (email_trust)."
            }
            Self::CreationOff => "Let the provider create users on sign-in (auto_create_users).",
            Self::UsernameTaken | Self::EmailTaken => {
                "If it is the same person, let the provider link users who exist already (linking, match_existing_users). If \
                 not, change the user name or the address of one of the two, or map another claim."
            }
            Self::NotProven => {
                "The person signs in again, and proves the account with the provider that its user signs in with."
            }
            Self::UsernameUnusable => "Map another claim (user_claim), or let the provider send an email address.",
        }
    }
}
