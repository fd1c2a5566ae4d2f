//! Ranked suggestions for SAML: which attributes could fill which field.
//!
//! An attribute has a formal name and, in some metadata, a friendly one. Formal names are object identifiers (SAML 2.0
//! Profiles, section 8.2; RFC 2798, RFC 4519, RFC 4524, eduPerson, SCHAC) or the claim URIs of Microsoft's products and
//! of the Identity Metasystem. Metadata seldom lists attributes. Where it does not, the common names are offered, those
//! of a recognised product first.
//!
//! The browser ranks too, so nothing here uses Unicode tables or a URL parser.

use super::{Candidate, Confidence, FieldSuggestion, SuggestionReason, Vendor, table::aliases};
use crate::domain::{mapping::UserField, saml_metadata::SamlAttribute};

const OID: &str = "urn:oid:";
/// The claims of the Identity Metasystem Interoperability 1.0, section 7.5.
const IDENTITY: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
/// Microsoft's claims beyond those.
const MICROSOFT: &str = "http://schemas.microsoft.com/";

/// The formal names of a field's attributes without the prefixes above, in this order; empty where there is none.
struct Formal {
    oid: &'static str,
    identity: &'static str,
    microsoft: &'static str,
}

const fn formal(oid: &'static str, identity: &'static str, microsoft: &'static str) -> Formal {
    Formal { oid, identity, microsoft }
}

const fn formal_names(field: UserField) -> Formal {
    match field {
        UserField::FirstName => formal("2.5.4.42", "givenname", ""),
        UserField::LastName => formal("2.5.4.4", "surname", ""),
        UserField::Email => formal("0.9.2342.19200300.100.1.3", "emailaddress", ""),
        UserField::DisplayName => formal("2.16.840.1.113730.3.1.241", "", "identity/claims/displayname"),
        UserField::Groups => formal("1.3.6.1.4.1.5923.1.5.1.1", "", "ws/2008/06/identity/claims/groups"),
        UserField::Affiliations => formal("1.3.6.1.4.1.5923.1.1.1.9", "", ""),
        UserField::EdupersonAssurance => formal("1.3.6.1.4.1.5923.1.1.1.11", "", ""),
        UserField::PhoneNumber => formal("2.5.4.20", "mobilephone", ""),
        UserField::Address => formal("2.5.4.16", "streetaddress", ""),
        UserField::CountryOfResidence => formal("1.3.6.1.4.1.25178.1.2.11", "country", ""),
        UserField::BirthDate => formal("1.3.6.1.4.1.25178.1.2.3", "dateofbirth", ""),
        UserField::Gender => formal("1.3.6.1.4.1.25178.1.2.2", "gender", ""),
        UserField::PlaceOfBirth => formal("1.3.6.1.4.1.25178.1.2.4", "", ""),
        UserField::Nationality => formal("1.3.6.1.4.1.25178.1.2.5", "", ""),
        UserField::PersonalTitle => formal("1.3.6.1.4.1.25178.1.2.8", "", ""),
        UserField::Organization => formal("1.3.6.1.4.1.25178.1.2.9", "", ""),
        UserField::OrganizationType => formal("1.3.6.1.4.1.25178.1.2.10", "", ""),
        UserField::CivilNumber => formal("1.3.6.1.4.1.25178.1.2.15", "", ""),
        UserField::IdentitySource
        | UserField::Nationalities
        | UserField::OrganizationCountry
        | UserField::OrganizationRegistryCode
        | UserField::OrganizationVatCode
        | UserField::OrganizationAddress
        | UserField::UidNumber
        | UserField::PrimaryGid => formal("", "", ""),
    }
}

impl Formal {
    /// The full names, those of `vendor` first.
    fn names(&self, vendor: Option<Vendor>) -> Vec<String> {
        let whole = |start: &str, rest: &str| (!rest.is_empty()).then(|| format!("{start}{rest}"));
        let claims = [whole(IDENTITY, self.identity), whole(MICROSOFT, self.microsoft)];
        let oid = whole(OID, self.oid);
        match vendor {
            Some(_) => claims.into_iter().flatten().chain(oid).collect(),
            None => oid.into_iter().chain(claims.into_iter().flatten()).collect(),
        }
    }
}

/// The attributes that could fill each field, best first; fields without a candidate are left out.
///
/// `attributes` are those that the metadata lists; empty when it lists none or was not read.
pub fn rank_saml(entity_id: &str, attributes: &[SamlAttribute]) -> Vec<FieldSuggestion> {
    let vendor = recognise(entity_id);
    UserField::ALL
        .into_iter()
        .map(|field| {
            let candidates = if attributes.is_empty() {
                common_candidates(field, vendor)
            } else {
                listed_candidates(field, attributes, vendor)
            };
            FieldSuggestion { field, candidates }
        })
        .filter(|suggestion| !suggestion.candidates.is_empty())
        .collect()
}

/// The products that can be recognised by their entity IDs and send the claim URIs above.
fn recognise(entity_id: &str) -> Option<Vendor> {
    if entity_id.starts_with("https://sts.windows.net/") {
        Some(Vendor::Entra)
    } else if entity_id.ends_with("/adfs/services/trust") {
        Some(Vendor::Adfs)
    } else {
        None
    }
}

/// Listed attributes: first those with a formal name of the field, then those with a friendly name of it.
fn listed_candidates(field: UserField, attributes: &[SamlAttribute], vendor: Option<Vendor>) -> Vec<Candidate> {
    let formal = formal_names(field).names(vendor);
    let mut found = Vec::new();
    for name in &formal {
        let exact = attributes.iter().filter(|attribute| attribute.name == *name);
        found.extend(exact.map(|attribute| candidate(&attribute.name, SuggestionReason::Exact, Confidence::High)));
    }
    for alias in aliases(field) {
        let alias = comparable(alias);
        for SamlAttribute { name, friendly_name } in attributes {
            let last = name.rsplit(['/', ':']).next().unwrap_or_default();
            let readable = [Some(last), friendly_name.as_deref()].into_iter().flatten();
            let is_known = found.iter().any(|known: &Candidate| known.claim == *name);
            if !is_known && readable.map(comparable).any(|readable| readable == alias) {
                found.push(candidate(name, SuggestionReason::Alternative, Confidence::High));
            }
        }
    }
    found
}

/// Names that many providers use. What a product sends by default counts as listed.
fn common_candidates(field: UserField, vendor: Option<Vendor>) -> Vec<Candidate> {
    let formal = formal_names(field);
    let is_default = matches!(field, UserField::FirstName | UserField::LastName | UserField::Email);
    let mut found = Vec::new();
    for (index, name) in formal.names(vendor).iter().enumerate() {
        found.push(match vendor {
            Some(Vendor::Entra) if index == 0 && is_default => {
                candidate(name, SuggestionReason::KnownProvider(Vendor::Entra), Confidence::High)
            }
            _ => candidate(name, SuggestionReason::CommonName, Confidence::Low),
        });
    }
    let friendly = friendly_name(field);
    found.extend(friendly.map(|name| candidate(name, SuggestionReason::CommonName, Confidence::Low)));
    found
}

/// The directory attribute's name, which many providers send unchanged.
const fn friendly_name(field: UserField) -> Option<&'static str> {
    match field {
        UserField::FirstName => Some("givenName"),
        UserField::LastName => Some("sn"),
        UserField::Email => Some("mail"),
        UserField::DisplayName => Some("displayName"),
        UserField::Groups => Some("groups"),
        UserField::PhoneNumber => Some("telephoneNumber"),
        _ => None,
    }
}

fn candidate(name: &str, why: SuggestionReason, confidence: Confidence) -> Candidate {
    Candidate { claim: name.to_owned(), why, confidence, scope: None, note: None }
}

/// A normalised name: without letter case, `_` and `-`.
fn comparable(name: &str) -> String {
    name.chars().filter(|letter| !matches!(letter, '_' | '-')).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str, friendly_name: Option<&str>) -> SamlAttribute {
        SamlAttribute { name: name.to_owned(), friendly_name: friendly_name.map(str::to_owned) }
    }

    fn names(suggestions: &[FieldSuggestion], field: UserField) -> Vec<(&str, Confidence)> {
        let found = suggestions.iter().find(|suggestion| suggestion.field == field);
        found.into_iter().flat_map(|found| &found.candidates).map(|one| (one.claim.as_str(), one.confidence)).collect()
    }

    #[test]
    fn without_a_list_the_usual_names_are_offered_and_none_is_sure() {
        let suggestions = rank_saml("https://idp.example.org/shibboleth", &[]);
        use Confidence::Low;
        assert_eq!(
            names(&suggestions, UserField::Email),
            [
                ("urn:oid:0.9.2342.19200300.100.1.3", Low),
                ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", Low),
                ("mail", Low),
            ]
        );
        let all = suggestions.iter().flat_map(|suggestion| &suggestion.candidates);
        assert!(all.clone().all(|candidate| candidate.why == SuggestionReason::CommonName));
        assert!(all.clone().all(|candidate| !candidate.claim.contains(char::is_whitespace)));
        assert!(!suggestions.iter().any(|suggestion| suggestion.field == UserField::UidNumber));
    }

    #[test]
    fn a_recognised_product_comes_first_with_what_it_sends_by_default() {
        let entra = rank_saml("https://sts.windows.net/0b6c1f2e-4d5a-4c3b-9a8f-7e6d5c4b3a21/", &[]);
        let email = entra.iter().find(|suggestion| suggestion.field == UserField::Email).map(|one| &one.candidates[0]);
        let email = email.map(|one| (one.claim.as_str(), one.why.clone(), one.confidence));
        let address = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
        assert_eq!(email, Some((address, SuggestionReason::KnownProvider(Vendor::Entra), Confidence::High)));
        let groups = names(&entra, UserField::Groups);
        assert_eq!(groups[0], ("http://schemas.microsoft.com/ws/2008/06/identity/claims/groups", Confidence::Low));
        let adfs = rank_saml("http://adfs.example.com/adfs/services/trust", &[]);
        assert_eq!(names(&adfs, UserField::Email)[0], (address, Confidence::Low));
    }

    #[test]
    fn listed_attributes_are_offered_and_nothing_else() {
        let attributes = [
            attribute("mail", None),
            attribute("urn:oid:0.9.2342.19200300.100.1.3", Some("mail")),
            attribute("urn:oid:2.5.4.42", None),
            attribute("https://acme.example/claims/Last_Name", None),
            attribute("urn:example:9", Some("displayName")),
            attribute("urn:example:10", Some("shoeSize")),
        ];
        let suggestions = rank_saml("https://sts.windows.net/x/", &attributes);
        use Confidence::High;
        assert_eq!(
            names(&suggestions, UserField::Email),
            [("urn:oid:0.9.2342.19200300.100.1.3", High), ("mail", High)]
        );
        assert_eq!(names(&suggestions, UserField::FirstName), [("urn:oid:2.5.4.42", High)]);
        assert_eq!(names(&suggestions, UserField::LastName), [("https://acme.example/claims/Last_Name", High)]);
        assert_eq!(names(&suggestions, UserField::DisplayName), [("urn:example:9", High)]);
        assert_eq!(suggestions.len(), 4);
    }
}
