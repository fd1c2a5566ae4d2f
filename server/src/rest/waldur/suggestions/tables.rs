//! Waldur's tables: its user fields with their descriptions, the claims that usually hold a field, and the scope that
//! brings a claim.
//!
//! Waldur keeps part of each list in an unordered set; the order here is that of its provider defaults, then its
//! standard list, without repetitions.

use vestibule_app::domain::mapping::UserField;

/// The user fields that Waldur's API knows, in its order.
pub(in crate::rest::waldur) const FIELDS: [UserField; 24] = [
    UserField::FirstName,
    UserField::LastName,
    UserField::IdentitySource,
    UserField::Organization,
    UserField::Affiliations,
    UserField::CivilNumber,
    UserField::Email,
    UserField::PhoneNumber,
    UserField::BirthDate,
    UserField::Gender,
    UserField::PersonalTitle,
    UserField::PlaceOfBirth,
    UserField::Address,
    UserField::CountryOfResidence,
    UserField::Nationality,
    UserField::Nationalities,
    UserField::OrganizationCountry,
    UserField::OrganizationType,
    UserField::OrganizationRegistryCode,
    UserField::OrganizationVatCode,
    UserField::OrganizationAddress,
    UserField::EdupersonAssurance,
    UserField::UidNumber,
    UserField::PrimaryGid,
];

/// What `field` means, in Waldur's words; the field's name where Waldur has no description.
pub(super) const fn description(field: UserField) -> &'static str {
    match field {
        UserField::FirstName => "User's first/given name",
        UserField::LastName => "User's last/family name",
        UserField::IdentitySource => "Source of identity (e.g., institution that authenticated the user)",
        UserField::Organization => "User's organization/institution name",
        UserField::Affiliations => "User's organizational affiliations",
        UserField::CivilNumber => "National identity number or unique personal identifier",
        UserField::Email => "User's email address",
        UserField::PhoneNumber => "User's phone number",
        UserField::BirthDate => "User's date of birth",
        UserField::Gender => "User's gender",
        UserField::PersonalTitle => "User's personal title (e.g., Mr., Dr.)",
        UserField::PlaceOfBirth => "User's place of birth",
        UserField::CountryOfResidence => "User's country of residence",
        UserField::Nationality => "User's nationality/citizenship (single value)",
        UserField::Nationalities => "User's nationalities/citizenships (multiple values)",
        UserField::OrganizationCountry => "Country of the user's organization",
        UserField::OrganizationType => "Type of the user's organization",
        UserField::EdupersonAssurance => "Level of identity assurance",
        _ => field.as_str(),
    }
}

/// The claims that usually hold `field`, preferred first; empty for fields Waldur does not know.
pub(super) const fn suggested_claims(field: UserField) -> &'static [&'static str] {
    match field {
        UserField::FirstName => &["given_name", "first_name", "firstName", "givenName"],
        UserField::LastName => &["family_name", "last_name", "lastName", "familyName", "surname", "sn"],
        UserField::IdentitySource => {
            &["identity_source", "identitySource", "idp", "identity_provider", "authenticating_authority"]
        }
        UserField::Organization => &[
            "schac_home_organization",
            "affiliation",
            "org",
            "schacHomeOrganization",
            "organization",
            "o",
            "institution",
            "company",
        ],
        UserField::Affiliations => &[
            "voperson_external_affiliation",
            "voPersonExternalAffiliation",
            "eduperson_scoped_affiliation",
            "eduPersonScopedAffiliation",
            "affiliation",
            "affiliations",
        ],
        UserField::CivilNumber => &[
            "sub",
            "schacPersonalUniqueID",
            "schac_personal_unique_id",
            "personal_unique_id",
            "national_id",
            "civil_number",
            "personalIdentifier",
        ],
        UserField::Email => &["email", "mail", "emailAddress", "email_address"],
        UserField::PhoneNumber => &["phone_number", "phone", "telephone", "telephoneNumber", "mobile"],
        UserField::BirthDate => &["birthdate", "birth_date", "dateOfBirth", "date_of_birth"],
        UserField::Gender => &["gender", "sex"],
        UserField::PersonalTitle => {
            &["schacPersonalTitle", "schac_personal_title", "personal_title", "title", "honorificPrefix"]
        }
        UserField::PlaceOfBirth => &["schacPlaceOfBirth", "schac_place_of_birth", "place_of_birth", "birthplace"],
        UserField::Address => &["address"],
        UserField::CountryOfResidence => &[
            "schacCountryOfResidence",
            "schac_country_of_residence",
            "country_of_residence",
            "country",
            "address.country",
        ],
        UserField::Nationality => &[
            "schacCountryOfCitizenship",
            "schac_country_of_citizenship",
            "nationality",
            "citizenship",
            "country_of_citizenship",
        ],
        UserField::Nationalities => &["schacCountryOfCitizenship", "nationalities", "citizenships"],
        UserField::OrganizationCountry => {
            &["org_reg_country", "org_country", "organization_country", "schacHomeOrganizationCountry"]
        }
        UserField::OrganizationType => {
            &["schacHomeOrganizationType", "schac_home_organization_type", "organization_type", "org_type"]
        }
        UserField::OrganizationRegistryCode => &["organization_registry_code"],
        UserField::OrganizationVatCode => &["organization_vat_code"],
        UserField::OrganizationAddress => &["organization_address"],
        UserField::EdupersonAssurance => &["eduperson_assurance", "eduPersonAssurance", "assurance", "acr", "amr"],
        UserField::UidNumber | UserField::PrimaryGid | UserField::DisplayName | UserField::Groups => &[],
    }
}

/// The scope that brings `claim`.
pub(super) fn scope_of(claim: &str) -> Option<&'static str> {
    Some(match claim {
        "email" | "mail" => "email",
        "given_name" | "family_name" | "name" | "birthdate" | "gender" => "profile",
        "phone_number" => "phone",
        "address" => "address",
        "eduperson_assurance" | "eduPersonAssurance" => "eduperson_assurance",
        "voperson_external_affiliation" => "voperson_external_affiliation",
        "ssh_public_key" => "ssh_public_key",
        _ => return None,
    })
}
