//! The user fields that claims can fill: their names, order, kinds and lengths.
//!
//! A dialect may know a part of them, and may describe them in its own words.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// A field of a user that claims can fill. Orders as forms list the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserField {
    /// `first_name`.
    FirstName,
    /// `last_name`.
    LastName,
    /// `identity_source`.
    IdentitySource,
    /// `organization`.
    Organization,
    /// `affiliations`.
    Affiliations,
    /// `civil_number`.
    CivilNumber,
    /// `email`.
    Email,
    /// `phone_number`.
    PhoneNumber,
    /// `birth_date`.
    BirthDate,
    /// `gender`.
    Gender,
    /// `personal_title`.
    PersonalTitle,
    /// `place_of_birth`.
    PlaceOfBirth,
    /// `address`.
    Address,
    /// `country_of_residence`.
    CountryOfResidence,
    /// `nationality`.
    Nationality,
    /// `nationalities`.
    Nationalities,
    /// `organization_country`.
    OrganizationCountry,
    /// `organization_type`.
    OrganizationType,
    /// `organization_registry_code`.
    OrganizationRegistryCode,
    /// `organization_vat_code`.
    OrganizationVatCode,
    /// `organization_address`.
    OrganizationAddress,
    /// `eduperson_assurance`.
    EdupersonAssurance,
    /// `uid_number`.
    UidNumber,
    /// `primary_gid`.
    PrimaryGid,
    /// `display_name`.
    DisplayName,
    /// `groups`.
    Groups,
}

/// What a field holds, and so how a claim's value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// An email address: text with something on both sides of an `@` and no spaces.
    Email,
    /// A postal address: text, or the address object of OpenID Connect Core 1.0, section 5.1.1.
    Address,
    /// A list of texts.
    List,
    /// A calendar date written `YYYY-MM-DD`.
    Date,
    /// One of `male`, `female`, `other`, `unknown`.
    Gender,
    /// A whole number from 0 to 4294967295, as POSIX ids are.
    Integer,
}

impl UserField {
    /// All fields, in order.
    pub const ALL: [UserField; 26] = [
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
        UserField::DisplayName,
        UserField::Groups,
    ];

    /// The field's name in mappings and APIs.
    pub const fn as_str(self) -> &'static str {
        self.definition().name
    }

    /// What the field holds.
    pub const fn kind(self) -> FieldKind {
        self.definition().kind
    }

    /// The longest accepted value, in characters; for a list, of each item.
    ///
    /// Names and titles have 100, an email address 254 (RFC 5321 allows no longer path), a civil number 50, country
    /// names 100, addresses 300 and everything else 255. Longer values are skipped, never truncated.
    pub const fn max_length(self) -> usize {
        self.definition().max_length
    }

    /// The field's name for forms and tables.
    pub const fn label(self) -> &'static str {
        self.definition().label
    }

    /// What the field means, for forms.
    pub const fn description(self) -> &'static str {
        self.definition().description
    }

    #[rustfmt::skip] // One line for each field: this is a table.
    const fn definition(self) -> FieldDefinition {
        use FieldKind::{Address, Date, Email, Gender, Integer, List, Text};
        match self {
            UserField::FirstName => definition("first_name", Text, 100, "First name", "Given name."),
            UserField::LastName => definition("last_name", Text, 100, "Last name", "Family name."),
            UserField::IdentitySource => definition("identity_source", Text, 255, "Identity source", "Institution that authenticated the user."),
            UserField::Organization => definition("organization", Text, 255, "Organization", "Name of the user's organization."),
            UserField::Affiliations => definition("affiliations", List, 255, "Affiliations", "Roles at the organization, such as staff or student."),
            UserField::CivilNumber => definition("civil_number", Text, 50, "Civil number", "National identity number or another unique personal number."),
            UserField::Email => definition("email", Email, 254, "Email address", "Address that receives the user's email."),
            UserField::PhoneNumber => definition("phone_number", Text, 255, "Phone number", "Telephone number."),
            UserField::BirthDate => definition("birth_date", Date, 10, "Date of birth", "Written as YYYY-MM-DD."),
            UserField::Gender => definition("gender", Gender, 10, "Gender", "One of male, female, other or unknown."),
            UserField::PersonalTitle => definition("personal_title", Text, 100, "Personal title", "Title before the name, such as Dr."),
            UserField::PlaceOfBirth => definition("place_of_birth", Text, 255, "Place of birth", "Place where the user was born."),
            UserField::Address => definition("address", Address, 300, "Address", "Postal address of the user."),
            UserField::CountryOfResidence => definition("country_of_residence", Text, 100, "Country of residence", "Country where the user lives."),
            UserField::Nationality => definition("nationality", Text, 100, "Nationality", "Citizenship, as one value."),
            UserField::Nationalities => definition("nationalities", List, 100, "Nationalities", "All citizenships, as a list."),
            UserField::OrganizationCountry => definition("organization_country", Text, 100, "Organization country", "Country of the user's organization."),
            UserField::OrganizationType => definition("organization_type", Text, 255, "Organization type", "Kind of organization, such as a university."),
            UserField::OrganizationRegistryCode => definition("organization_registry_code", Text, 100, "Organization registry code", "Number of the organization in a company register."),
            UserField::OrganizationVatCode => definition("organization_vat_code", Text, 100, "Organization VAT code", "VAT number of the organization."),
            UserField::OrganizationAddress => definition("organization_address", Address, 300, "Organization address", "Postal address of the organization."),
            UserField::EdupersonAssurance => definition("eduperson_assurance", List, 255, "Identity assurance", "How reliably the user's identity was verified."),
            UserField::UidNumber => definition("uid_number", Integer, 10, "POSIX user id", "Numeric user ID on Unix systems."),
            UserField::PrimaryGid => definition("primary_gid", Integer, 10, "POSIX primary group id", "Numeric ID of the primary group on Unix systems."),
            UserField::DisplayName => definition("display_name", Text, 255, "Display name", "Name shown for the user."),
            UserField::Groups => definition("groups", List, 255, "Groups", "Groups of the user at the identity provider."),
        }
    }
}

struct FieldDefinition {
    name: &'static str,
    kind: FieldKind,
    max_length: usize,
    label: &'static str,
    description: &'static str,
}

const fn definition(
    name: &'static str,
    kind: FieldKind,
    max_length: usize,
    label: &'static str,
    description: &'static str,
) -> FieldDefinition {
    FieldDefinition { name, kind, max_length, label, description }
}

impl fmt::Display for UserField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not the name of a [`UserField`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown user field {0:?}")]
pub struct UnknownUserField(pub String);

impl FromStr for UserField {
    type Err = UnknownUserField;

    fn from_str(name: &str) -> Result<UserField, UnknownUserField> {
        UserField::ALL.into_iter().find(|field| field.as_str() == name).ok_or_else(|| UnknownUserField(name.to_owned()))
    }
}

impl Serialize for UserField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for UserField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<UserField, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_declared_order_everywhere() {
        assert!(UserField::ALL.is_sorted());
    }

    #[test]
    fn names_read_back() {
        for field in UserField::ALL {
            assert_eq!(field.as_str().parse(), Ok(field));
            let json = serde_json::to_string(&field).unwrap();
            assert_eq!(serde_json::from_str::<UserField>(&json).unwrap(), field);
        }
        assert_eq!("Email".parse::<UserField>(), Err(UnknownUserField("Email".to_owned())));
    }

    #[test]
    fn every_field_has_words() {
        for field in UserField::ALL {
            assert!(field.description().ends_with('.'));
            assert!(field.label().starts_with(|first: char| first.is_ascii_uppercase()));
            assert!(field.max_length() > 0);
        }
    }
}
