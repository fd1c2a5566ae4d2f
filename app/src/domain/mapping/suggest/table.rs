//! The claim names of each field, the common one first.
//!
//! Names are compared without letter case, `_` and `-`, so one spelling of each suffices. Based on Waldur's table
//! without its misleading names: `sub` is a civil number only at some providers, `affiliation` is a role and not an
//! organization, `title` is usually a job title, and `acr` and `amr` describe the sign-in and not the assurance of the
//! identity.

use crate::domain::mapping::UserField;

/// The claim names for `field`, the common one first.
pub(super) const fn aliases(field: UserField) -> &'static [&'static str] {
    match field {
        UserField::FirstName => &["given_name", "first_name"],
        UserField::LastName => &["family_name", "last_name", "surname", "sn"],
        UserField::IdentitySource => &["identity_source", "identity_provider", "idp", "authenticating_authority"],
        UserField::Organization => {
            &["schac_home_organization", "organization", "org", "o", "institution", "company", "org_name"]
        }
        UserField::Affiliations => &[
            "voperson_external_affiliation",
            "eduperson_scoped_affiliation",
            "eduperson_affiliation",
            "affiliations",
            "affiliation",
        ],
        UserField::CivilNumber => {
            &["schac_personal_unique_id", "personal_unique_id", "national_id", "civil_number", "personal_identifier"]
        }
        UserField::Email => &["email", "mail", "email_address", "emails"],
        UserField::PhoneNumber => &["phone_number", "phone", "telephone_number", "telephone", "mobile"],
        UserField::BirthDate => &["birthdate", "birth_date", "date_of_birth"],
        UserField::Gender => &["gender", "sex"],
        UserField::PersonalTitle => &["schac_personal_title", "personal_title", "honorific_prefix"],
        UserField::PlaceOfBirth => &["schac_place_of_birth", "place_of_birth", "birthplace"],
        UserField::Address => &["address", "postal_address"],
        UserField::CountryOfResidence => {
            &["schac_country_of_residence", "country_of_residence", "country", "address.country"]
        }
        UserField::Nationality => {
            &["schac_country_of_citizenship", "nationality", "citizenship", "country_of_citizenship"]
        }
        UserField::Nationalities => &["nationalities", "citizenships", "schac_country_of_citizenship"],
        UserField::OrganizationCountry => {
            &["org_reg_country", "org_country", "organization_country", "schac_home_organization_country"]
        }
        UserField::OrganizationType => &["schac_home_organization_type", "organization_type", "org_type"],
        UserField::OrganizationRegistryCode => &["organization_registry_code"],
        UserField::OrganizationVatCode => &["organization_vat_code"],
        UserField::OrganizationAddress => &["organization_address"],
        UserField::EdupersonAssurance => &["eduperson_assurance", "assurance"],
        UserField::UidNumber => &["uid_number"],
        UserField::PrimaryGid => &["primary_gid", "gid_number"],
        UserField::DisplayName => &["name", "display_name", "full_name", "cn", "common_name"],
        UserField::Groups => &["groups", "group", "is_member_of", "member_of", "eduperson_entitlement", "roles"],
    }
}
