//! What is known of products beyond their discovery documents, from their public documentation.
//!
//! An entry applies only where the document does not list the claim.

use super::{Confidence, Vendor};
use crate::domain::mapping::UserField;

/// A claim that a product sends.
pub(super) struct KnownClaim {
    pub field: UserField,
    pub claim: &'static str,
    pub scope: Option<&'static str>,
    pub confidence: Confidence,
    pub note: Option<&'static str>,
}

/// The claims that `vendor` sends, the better one first for each field.
pub(super) const fn known_claims(vendor: Vendor) -> &'static [KnownClaim] {
    match vendor {
        Vendor::Google => GOOGLE,
        Vendor::Entra => ENTRA,
        Vendor::EntraExternal => ENTRA_EXTERNAL,
        Vendor::Cognito => COGNITO,
        Vendor::Slack => SLACK,
        Vendor::Adfs => ADFS,
        Vendor::CiLogon => CILOGON,
        Vendor::Keycloak => KEYCLOAK,
        Vendor::LinkedIn => NAMES_AND_EMAIL,
        Vendor::Zitadel => ZITADEL,
        Vendor::Tara => TARA,
        Vendor::EduTeams => EDUTEAMS,
        Vendor::Okta
        | Vendor::Auth0
        | Vendor::Apple
        | Vendor::OneLogin
        | Vendor::PingOne
        | Vendor::GitLab
        | Vendor::Authentik
        | Vendor::JumpCloud => &[],
    }
}

/// A product's own scopes that return listed claims.
pub(super) fn vendor_scope(vendor: Vendor, claim: &str) -> Option<&'static str> {
    const CILOGON_USER_INFO: [&str; 10] = [
        "affiliation",
        "entitlement",
        "eppn",
        "eptid",
        "eduPersonAssurance",
        "eduPersonOrcid",
        "idp",
        "idp_name",
        "ou",
        "isMemberOf",
    ];
    match vendor {
        Vendor::CiLogon if CILOGON_USER_INFO.contains(&claim) => Some("org.cilogon.userinfo"),
        _ => None,
    }
}

/// A remark on a claim that `vendor` lists, and the confidence of suggesting it for `field`.
pub(super) fn remark_on_listed(vendor: Vendor, field: UserField, claim: &str) -> Option<(Confidence, &'static str)> {
    use Confidence::{High, Low};
    Some(match (vendor, field, claim) {
        (Vendor::Entra, UserField::Email, "email") => (
            High,
            "Only sent for users who have an email address, and not verified by Microsoft: do not let it identify users.",
        ),
        (Vendor::Apple, UserField::Email, "email") => {
            (High, "May be a private relay address; users choose at their first sign-in.")
        }
        (Vendor::Okta | Vendor::OneLogin, UserField::Groups, "groups") => {
            (High, "Only sent once a groups claim is configured for the application.")
        }
        (Vendor::Okta, UserField::IdentitySource, "idp") => (Low, "An id that only Okta can read, not a name."),
        (Vendor::CiLogon, UserField::IdentitySource, "idp") => {
            (High, "The entity id of the home institution; idp_name is its name.")
        }
        _ => return None,
    })
}

const fn sure(field: UserField, claim: &'static str, scope: &'static str) -> KnownClaim {
    KnownClaim { field, claim, scope: Some(scope), confidence: Confidence::High, note: None }
}

const fn maybe(field: UserField, claim: &'static str, scope: Option<&'static str>, note: &'static str) -> KnownClaim {
    KnownClaim { field, claim, scope, confidence: Confidence::Low, note: Some(note) }
}

const NAMES_AND_EMAIL: &[KnownClaim] = &[
    sure(UserField::FirstName, "given_name", "profile"),
    sure(UserField::LastName, "family_name", "profile"),
    sure(UserField::Email, "email", "email"),
    sure(UserField::DisplayName, "name", "profile"),
];

const GOOGLE: &[KnownClaim] = &[
    sure(UserField::FirstName, "given_name", "profile"),
    sure(UserField::LastName, "family_name", "profile"),
    sure(UserField::Email, "email", "email"),
    sure(UserField::DisplayName, "name", "profile"),
    maybe(
        UserField::Organization,
        "hd",
        None,
        "The domain of a Google Workspace organization; personal accounts have none.",
    ),
];

const ENTRA_NAMES: &str = "Comes from the userinfo endpoint with the scope profile; in the ID token only as an optional claim of the app \
     registration.";

const ENTRA: &[KnownClaim] = &[
    maybe(UserField::FirstName, "given_name", Some("profile"), ENTRA_NAMES),
    maybe(UserField::LastName, "family_name", Some("profile"), ENTRA_NAMES),
    sure(UserField::Email, "email", "email"),
    maybe(
        UserField::Email,
        "preferred_username",
        Some("profile"),
        "The sign-in name. It mostly looks like an email address, need not be one, and may change.",
    ),
    sure(UserField::DisplayName, "name", "profile"),
    maybe(
        UserField::Groups,
        "groups",
        None,
        "Only with a groups claim in the app registration; holds object ids, and is left out above 200 groups.",
    ),
    maybe(UserField::Groups, "roles", None, "App roles, once they are defined and assigned in the app registration."),
];

const USER_FLOW: &str = "Only if the user flow returns this attribute.";

const ENTRA_EXTERNAL: &[KnownClaim] = &[
    maybe(UserField::FirstName, "given_name", None, USER_FLOW),
    maybe(UserField::LastName, "family_name", None, USER_FLOW),
    maybe(UserField::Email, "emails", None, USER_FLOW),
    maybe(UserField::DisplayName, "name", None, USER_FLOW),
];

const POOL: &str = "Only if users of the pool have this attribute and the app client may read it.";

const COGNITO: &[KnownClaim] = &[
    sure(UserField::FirstName, "given_name", "profile"),
    sure(UserField::LastName, "family_name", "profile"),
    sure(UserField::Email, "email", "email"),
    maybe(UserField::PhoneNumber, "phone_number", Some("phone"), POOL),
    maybe(UserField::BirthDate, "birthdate", Some("profile"), POOL),
    maybe(UserField::Gender, "gender", Some("profile"), POOL),
    maybe(UserField::Address, "address", Some("profile"), POOL),
    sure(UserField::DisplayName, "name", "profile"),
    maybe(UserField::Groups, "cognito:groups", None, "The groups of the user pool; in the ID token, not at userinfo."),
];

const SLACK: &[KnownClaim] = &[
    sure(UserField::FirstName, "given_name", "profile"),
    sure(UserField::LastName, "family_name", "profile"),
    maybe(UserField::Organization, "https://slack.com/team_name", Some("profile"), "The name of the Slack workspace."),
    sure(UserField::Email, "email", "email"),
    sure(UserField::DisplayName, "name", "profile"),
];

const CLAIM_RULE: &str = "Only with an issuance rule for it in the application group.";

const ADFS: &[KnownClaim] = &[
    maybe(UserField::FirstName, "given_name", None, CLAIM_RULE),
    maybe(UserField::LastName, "family_name", None, CLAIM_RULE),
    maybe(UserField::Email, "email", Some("email"), CLAIM_RULE),
    maybe(
        UserField::Email,
        "upn",
        None,
        "The user principal name. It mostly looks like an email address and need not be one.",
    ),
    maybe(UserField::Groups, "group", None, CLAIM_RULE),
];

const CILOGON: &[KnownClaim] = &[
    KnownClaim {
        field: UserField::IdentitySource,
        claim: "idp_name",
        scope: Some("org.cilogon.userinfo"),
        confidence: Confidence::High,
        note: Some("The name of the home institution."),
    },
    maybe(
        UserField::Organization,
        "idp_name",
        Some("org.cilogon.userinfo"),
        "The name of the home institution; for social accounts, the name of that service.",
    ),
];

const KEYCLOAK: &[KnownClaim] = &[
    maybe(UserField::Groups, "groups", None, "Only with a group membership mapper in the client or its scopes."),
    maybe(
        UserField::Groups,
        "realm_access.roles",
        Some("roles"),
        "The realm's roles; add them to the ID token in the mapper of the client scope roles.",
    ),
];

const ZITADEL: &[KnownClaim] = &[maybe(
    UserField::Groups,
    "urn:zitadel:iam:org:project:roles{}",
    None,
    "The names of the user's roles in the project, once the project asserts roles on authentication.",
)];

const TARA: &[KnownClaim] = &[
    KnownClaim {
        field: UserField::FirstName,
        claim: "given_name",
        scope: None,
        confidence: Confidence::High,
        note: None,
    },
    KnownClaim {
        field: UserField::LastName,
        claim: "family_name",
        scope: None,
        confidence: Confidence::High,
        note: None,
    },
    KnownClaim {
        field: UserField::CivilNumber,
        claim: "sub",
        scope: None,
        confidence: Confidence::High,
        note: Some("Country code and personal code, such as EE60001019906."),
    },
];

const EDUTEAMS: &[KnownClaim] = &[
    sure(UserField::FirstName, "given_name", "profile"),
    sure(UserField::LastName, "family_name", "profile"),
    sure(UserField::Affiliations, "voperson_external_affiliation", "voperson_external_affiliation"),
    sure(UserField::Email, "email", "email"),
    sure(UserField::EdupersonAssurance, "eduperson_assurance", "eduperson_assurance"),
    sure(UserField::DisplayName, "name", "profile"),
];
