//! The defaults that Waldur gives to three providers on creation, never on update.
//!
//! They fill the members and the mapped fields that the request leaves out.

use vestibule_app::domain::mapping::{AttributeMapping, UserField};

/// The defaults of one provider key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ProviderDefaults {
    /// The user field that identifies a user.
    pub(super) user_field: &'static str,
    /// The claim that holds the identity.
    pub(super) user_claim: &'static str,
    /// Further claims to keep with the user, separated by spaces.
    pub(super) extra_fields: Option<&'static str>,
    /// Scopes beside `openid`.
    pub(super) extra_scope: Option<&'static str>,
    /// Which claims fill which user fields.
    pub(super) attribute_mapping: AttributeMapping,
}

/// The defaults for a provider key: only `tara`, `eduteams` and `keycloak` have some.
pub(super) fn provider_defaults(key: &str) -> Option<ProviderDefaults> {
    match key {
        "tara" => Some(ProviderDefaults {
            user_field: "civil_number",
            user_claim: "sub",
            extra_fields: Some("amr profile_attributes_translit"),
            extra_scope: None,
            attribute_mapping: mapping(&[
                (UserField::FirstName, "given_name"),
                (UserField::LastName, "family_name"),
                (UserField::CivilNumber, "sub"),
            ]),
        }),
        "eduteams" => Some(ProviderDefaults {
            user_field: "username",
            user_claim: "sub",
            extra_fields: Some("eduperson_assurance"),
            extra_scope: Some("profile email eduperson_assurance ssh_public_key"),
            attribute_mapping: mapping(&[
                (UserField::FirstName, "given_name"),
                (UserField::LastName, "family_name"),
                (UserField::Affiliations, "voperson_external_affiliation"),
                (UserField::Email, "email"),
            ]),
        }),
        "keycloak" => Some(ProviderDefaults {
            user_field: "username",
            user_claim: "sub",
            extra_fields: Some("site_username"),
            extra_scope: None,
            attribute_mapping: mapping(&[
                (UserField::Email, "email"),
                (UserField::FirstName, "given_name"),
                (UserField::LastName, "family_name"),
                (UserField::IdentitySource, "identity_source"),
                (UserField::Organization, "schac_home_organization affiliation org"),
                (UserField::CivilNumber, "schacPersonalUniqueID"),
                (UserField::Gender, "gender"),
                (UserField::BirthDate, "birthdate"),
                (UserField::PersonalTitle, "schacPersonalTitle"),
                (UserField::PlaceOfBirth, "schacPlaceOfBirth"),
                (UserField::Address, "address"),
                (UserField::CountryOfResidence, "schacCountryOfResidence"),
                (UserField::Nationality, "schacCountryOfCitizenship"),
                // Newer Waldur prefers `org_reg_country`; `org_country` is its older name.
                (UserField::OrganizationCountry, "org_reg_country org_country"),
                (UserField::OrganizationType, "schacHomeOrganizationType"),
                (UserField::OrganizationRegistryCode, "organization_registry_code"),
                (UserField::OrganizationVatCode, "organization_vat_code"),
                (UserField::OrganizationAddress, "organization_address"),
                (UserField::EdupersonAssurance, "eduperson_assurance"),
                (UserField::PhoneNumber, "phone_number"),
            ]),
        }),
        _ => None,
    }
}

fn mapping(rows: &[(UserField, &str)]) -> AttributeMapping {
    rows.iter().fold(AttributeMapping::new(), |mapping, (field, claims)| mapping.with(*field, claims))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use super::*;

    #[test]
    fn only_three_keys_have_defaults() {
        assert_eq!(provider_defaults("keycloak").unwrap().attribute_mapping.len(), 20);
        assert_eq!(provider_defaults("tara").unwrap().user_field, "civil_number");
        assert_eq!(
            provider_defaults("eduteams").unwrap().extra_scope,
            Some("profile email eduperson_assurance ssh_public_key")
        );
        assert_eq!(provider_defaults("okta"), None);
    }

    #[test]
    fn values_of_the_request_win_over_defaults() {
        let sent = AttributeMapping::new().with(UserField::Email, "x");
        let merged = sent.with_defaults(&provider_defaults("keycloak").unwrap().attribute_mapping);
        assert_eq!(merged.len(), 20);
        assert_eq!(merged.get(UserField::Email), ["x"]);
    }
}
