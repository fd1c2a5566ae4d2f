//! Which scope returns which claim (OpenID Connect Core 1.0, section 5.4).

/// The standard scope that returns `claim`; `None` for claims outside the standard.
pub fn standard_scope(claim: &str) -> Option<&'static str> {
    Some(match claim {
        "name" | "family_name" | "given_name" | "middle_name" | "nickname" | "preferred_username" | "profile"
        | "picture" | "website" | "gender" | "birthdate" | "zoneinfo" | "locale" | "updated_at" => "profile",
        "email" | "email_verified" => "email",
        "address" => "address",
        "phone_number" | "phone_number_verified" => "phone",
        dotted if dotted.starts_with("address.") => "address",
        _ => return None,
    })
}

/// Scopes that exist for a single claim, so that offering the scope means sending the claim.
///
/// `profile` is not one of them: it covers many claims, of which a provider may send few.
pub(super) const SINGLE_PURPOSE: [(&str, &str); 4] =
    [("email", "email"), ("phone_number", "phone"), ("address", "address"), ("groups", "groups")];
