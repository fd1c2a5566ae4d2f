//! How a provider's claims become a user: the identity, the mapped fields, and the claims that are kept.

use serde::{Deserialize, Serialize};

use super::AttributeMapping;

/// How the claims of one provider become a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserMapping {
    /// The user field that identifies a user; not limited to [`super::UserField`], since it may be `username`.
    pub user_field: String,
    /// The claims that may hold the identity, separated by spaces; the first one present wins.
    pub user_claim: String,
    /// Which claims fill which user fields.
    pub attributes: AttributeMapping,
    /// Further claims to keep with the user, separated by spaces. Absent and empty are stored as such and mean the
    /// same.
    pub extra_fields: Option<String>,
    /// User fields that users of this provider cannot edit themselves, and that sign-ins with other providers do not change.
    pub protected_fields: Vec<String>,
}

impl UserMapping {
    /// The claims that may hold the identity, in order.
    pub fn user_claims(&self) -> impl Iterator<Item = &str> {
        self.user_claim.split_whitespace()
    }

    /// The further claims to keep with the user.
    pub fn extra_claims(&self) -> impl Iterator<Item = &str> {
        self.extra_fields.as_deref().unwrap_or_default().split_whitespace()
    }
}

impl Default for UserMapping {
    /// Finds users by `sub`, the only claim that is guaranteed to be stable and never reassigned, and copies nothing.
    fn default() -> UserMapping {
        UserMapping {
            user_field: "username".to_owned(),
            user_claim: "sub".to_owned(),
            attributes: AttributeMapping::new(),
            extra_fields: None,
            protected_fields: Vec::new(),
        }
    }
}

/// The claims that providers promise to be unique and never to give to another person: OpenID Connect Core 1.0, section 2,
/// and Microsoft Entra ID.
const PROMISED: [&str; 2] = ["sub", "oid"];

/// What may go wrong with the claims by which an OpenID provider's people are found (`user_claim`), as a sentence for the
/// administrator who chooses them; `None` for claims that are promised to be unique and never given to another person.
pub fn user_claim_risk(user_claim: &str) -> Option<String> {
    let risky: Vec<_> = user_claim.split_whitespace().filter(|claim| !PROMISED.contains(claim)).collect();
    if risky.is_empty() {
        return None;
    }
    Some(format!(
        "Providers do not promise that the value of {} is unique and never given to another person. A person who gets the \
         value of another person cannot sign in, since the permanent identifier (sub) differs. Choose sub where you can.",
        risky.join(" and ")
    ))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use super::*;

    #[test]
    fn claims_that_are_not_promised_to_be_unique_have_a_risk() {
        for claims in ["sub", "oid", " oid  sub ", ""] {
            assert_eq!(user_claim_risk(claims), None, "{claims}");
        }
        for claims in ["email", "upn sub", "preferred_username", "sub email", "Sub"] {
            let risk = user_claim_risk(claims).unwrap();
            assert!(risk.contains("Choose sub") && !risk.contains("value of sub"), "{risk}");
        }
        assert!(user_claim_risk("email upn").unwrap().contains("email and upn"));
    }

    #[test]
    fn missing_members_take_their_defaults() {
        let mapping: UserMapping = serde_json::from_str(r#"{"extra_fields":"amr  acr"}"#).unwrap();
        assert_eq!(mapping.user_claims().collect::<Vec<_>>(), ["sub"]);
        assert_eq!(mapping.user_field, "username");
        assert_eq!(mapping.extra_claims().collect::<Vec<_>>(), ["amr", "acr"]);
    }
}
