//! Example claims for the live preview, made from what a provider publishes.

use serde_json::{Map, Value, json};

use crate::domain::{
    mapping::path::{self, PathStep},
    provider::{NAME_ID, Protocol},
};

/// Claims of an example person as JSON text: one value for each claim, in the order of the claims.
///
/// `mapped` names further claims that the mapping reads; providers often send more than they publish.
pub fn example_claims(protocol: Protocol, published: &[String], mapped: &[String]) -> String {
    let mut claims = Map::new();
    let (subject, usual): (_, &[&str]) = match protocol {
        Protocol::Oidc => ("sub", &["name", "given_name", "family_name", "email"]),
        Protocol::Saml | Protocol::Ldap => (NAME_ID, &[]),
    };
    let usual = if published.is_empty() { usual } else { &[] };
    let named = published.iter().chain(mapped).map(String::as_str);
    for claim in [subject].into_iter().chain(usual.iter().copied()).chain(named) {
        let (claim, steps) = path::split(claim.trim()).unwrap_or((claim.trim(), ""));
        if claim.is_empty() || claims.contains_key(claim) || is_part_of_known(&claims, claim) {
            continue;
        }
        claims.insert(claim.to_owned(), example_inside(claim, steps));
    }
    serde_json::to_string_pretty(&Value::Object(claims)).unwrap_or_default()
}

/// `address.country` is already there once `address` is.
fn is_part_of_known(claims: &Map<String, Value>, claim: &str) -> bool {
    claim.split_once('.').is_some_and(|(parent, _)| claims.contains_key(parent))
}

/// An example value for the steps of a path; `rest` are the remaining steps.
fn example_inside(claim: &str, rest: &str) -> Value {
    match path::step(rest) {
        None => example_value(claim),
        Some((PathStep::Member, rest)) => {
            let (name, rest) = path::split(rest).unwrap_or((rest, ""));
            json!({ name: example_inside(name, rest) })
        }
        Some((PathStep::Index(_) | PathStep::Each, rest)) => match example_inside(claim, rest) {
            list @ Value::Array(_) => list,
            item => json!([item]),
        },
        Some((PathStep::Names, _)) => json!({"staff": {}, "researchers": {}}),
        Some((PathStep::Split(separator), _)) => json!(format!("staff{separator}researchers")),
        Some((PathStep::Json, rest)) => Value::String(example_inside(claim, rest).to_string()),
    }
}

/// A typical value of the claim.
fn example_value(claim: &str) -> Value {
    // For an attribute named by a URI, the end of the path names it.
    let last = claim.rsplit('/').next().unwrap_or(claim);
    let plain: String = last.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    match plain.as_str() {
        "sub" | "oid" => json!("248289761001"),
        "name" | "cn" | "displayname" => json!("Ada Lovelace"),
        "givenname" | "firstname" => json!("Ada"),
        "familyname" | "lastname" | "surname" | "sn" => json!("Lovelace"),
        "middlename" => json!("King"),
        "nickname" => json!("ada"),
        "preferredusername" | "upn" | "username" | "uniquename" | "uid" | "nameid" => json!("ada@example.org"),
        "email" | "mail" | "emailaddress" => json!("ada@example.org"),
        "emailverified" | "phonenumberverified" => json!(true),
        "phonenumber" | "phone" | "telephone" | "telephonenumber" | "mobile" => json!("+44 20 7946 0958"),
        "birthdate" | "dateofbirth" => json!("1815-12-10"),
        "gender" | "sex" => json!("female"),
        "zoneinfo" => json!("Europe/London"),
        "locale" | "uilocales" => json!("en-GB"),
        "website" | "profile" | "picture" => json!("https://example.org/ada"),
        "address" => json!({
            "formatted": "12 St James's Square\nLondon SW1Y 4JH\nUnited Kingdom",
            "street_address": "12 St James's Square",
            "locality": "London",
            "postal_code": "SW1Y 4JH",
            "country": "GB"
        }),
        "groups" | "roles" | "edupersonentitlement" | "entitlements" => json!(["staff", "researchers"]),
        "org" | "organization" | "o" | "company" | "institution" => json!("Analytical Engines Ltd"),
        "schachomeorganization" => json!("example.org"),
        "schachomeorganizationtype" | "organizationtype" => json!("urn:schac:homeOrganizationType:int:university"),
        "schacpersonaluniqueid" | "personaluniqueid" => json!("urn:schac:personalUniqueID:GB:NIN:QQ123456C"),
        "schaccountryofcitizenship" | "nationalities" | "citizenships" => json!(["GB"]),
        "schaccountryofresidence" | "country" | "nationality" | "orgcountry" | "organizationcountry" => json!("GB"),
        "schacplaceofbirth" | "placeofbirth" | "birthplace" => json!("London"),
        "schacpersonaltitle" | "personaltitle" | "title" => json!("Dr"),
        "vopersonexternalaffiliation" | "edupersonscopedaffiliation" | "affiliation" | "affiliations" => {
            json!(["staff@example.org"])
        }
        "edupersonassurance" | "assurance" => json!(["https://refeds.org/assurance/IAP/medium"]),
        "amr" => json!(["pwd", "otp"]),
        "acr" => json!("1"),
        "aud" | "azp" => json!("your-client-id"),
        "iss" => json!("https://idp.example.org"),
        "iat" | "authtime" | "updatedat" | "nbf" => json!(1_700_000_000),
        "exp" => json!(1_700_003_600),
        "uidnumber" | "primarygid" | "gidnumber" => json!(50_000),
        _ => json!(format!("example {claim}")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn example(published: &[&str], mapped: &[&str]) -> Value {
        let own = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        serde_json::from_str(&example_claims(Protocol::Oidc, &own(published), &own(mapped))).unwrap()
    }

    #[test]
    fn every_published_claim_has_a_value() {
        let claims = example(&["email", "given_name", "weird:claim"], &[]);
        assert_eq!(claims["email"], "ada@example.org");
        assert_eq!(claims["given_name"], "Ada");
        assert_eq!(claims["weird:claim"], "example weird:claim");
        assert_eq!(claims["sub"], "248289761001");
    }

    #[test]
    fn claims_that_only_the_mapping_names_are_there_too() {
        assert_eq!(example(&["email"], &["org_country"])["org_country"], "GB");
    }

    #[test]
    fn a_part_of_the_address_comes_with_the_address() {
        let claims = example(&["address"], &["address.country"]);
        assert_eq!(claims["address"]["country"], "GB");
        assert!(claims.get("address.country").is_none());
    }

    #[test]
    fn a_path_of_the_mapping_leads_to_a_value_of_the_example() {
        use crate::domain::mapping::{UserField, UserMapping};

        let paths =
            ["mails[0]", "teams[].name", "roles{}", "units[,]", "info[json].groups", "a.b[].c", "list[].x[0].y"];
        let claims = example_claims(Protocol::Oidc, &[], &paths.map(str::to_owned));
        let claims = crate::domain::mapping::Claims::parse(&claims).unwrap();
        for path in paths {
            let mut mapping = UserMapping::default();
            mapping.attributes.set(UserField::Groups, path);
            let fields = crate::domain::mapping::evaluate(&mapping, &claims).fields;
            assert!(fields[0].value.is_some(), "{path}: {fields:?}");
        }
    }

    #[test]
    fn a_provider_that_publishes_no_claims_gets_the_usual_ones() {
        assert_eq!(example(&[], &[])["family_name"], "Lovelace");
    }
}
