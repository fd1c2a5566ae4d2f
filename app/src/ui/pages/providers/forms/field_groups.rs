//! The user fields in groups, so that a table of 26 rows can be read.

use std::collections::BTreeSet;

use crate::domain::mapping::UserField;

/// What fields are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldGroup {
    /// Who the user is.
    Identity,
    /// How to reach them.
    Contact,
    /// Where they work or study.
    Organisation,
    /// The rest.
    Other,
}

impl FieldGroup {
    /// Every group in order.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Contact, Self::Organisation, Self::Other];

    /// The group's heading.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Identity => "Identity",
            Self::Contact => "Contact",
            Self::Organisation => "Organization",
            Self::Other => "Other",
        }
    }

    /// The group of a field.
    pub const fn of(field: UserField) -> Self {
        match field {
            UserField::FirstName
            | UserField::LastName
            | UserField::DisplayName
            | UserField::PersonalTitle
            | UserField::CivilNumber
            | UserField::BirthDate
            | UserField::PlaceOfBirth
            | UserField::Gender
            | UserField::Nationality
            | UserField::Nationalities => Self::Identity,
            UserField::Email | UserField::PhoneNumber | UserField::Address | UserField::CountryOfResidence => {
                Self::Contact
            }
            UserField::Organization
            | UserField::Affiliations
            | UserField::OrganizationCountry
            | UserField::OrganizationType
            | UserField::OrganizationRegistryCode
            | UserField::OrganizationVatCode
            | UserField::OrganizationAddress => Self::Organisation,
            UserField::IdentitySource
            | UserField::EdupersonAssurance
            | UserField::UidNumber
            | UserField::PrimaryGid
            | UserField::Groups => Self::Other,
        }
    }

    /// The group's fields among those to show, in the domain's order.
    pub fn fields(self, shown: &BTreeSet<UserField>) -> Vec<UserField> {
        shown.iter().copied().filter(|field| Self::of(*field) == self).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_stands_in_exactly_one_group() {
        let all = BTreeSet::from(UserField::ALL);
        let grouped: Vec<_> = FieldGroup::ALL.into_iter().flat_map(|group| group.fields(&all)).collect();
        assert_eq!(grouped.len(), UserField::ALL.len());
        assert_eq!(grouped.into_iter().collect::<BTreeSet<_>>(), all);
    }

    #[test]
    fn only_shown_fields_are_listed() {
        let shown = BTreeSet::from([UserField::Email, UserField::FirstName]);
        assert_eq!(FieldGroup::Contact.fields(&shown), [UserField::Email]);
        assert!(FieldGroup::Other.fields(&shown).is_empty());
    }
}
