//! The attribute mapping: for each user field, the claims that may fill it.
//!
//! Serialized as Waldur writes it and as it is stored: an object from field name to claim names separated by spaces.
//! `parse` reads it back, and reports all problems of untrusted input.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::UserField;

/// For each user field the claims that may fill it, the preferred one first.
///
/// No field is present without a claim, and no claim name is empty or holds white space.
///
/// ```
/// use vestibule_app::domain::mapping::{AttributeMapping, UserField};
///
/// let mapping = AttributeMapping::default().with(UserField::Email, "email mail");
/// assert_eq!(mapping.get(UserField::Email), ["email", "mail"]);
/// assert_eq!(serde_json::to_string(&mapping).unwrap(), r#"{"email":"email mail"}"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeMapping(BTreeMap<UserField, Vec<String>>);

impl AttributeMapping {
    /// An empty mapping.
    pub fn new() -> AttributeMapping {
        AttributeMapping::default()
    }

    /// The standard claims of OpenID providers (OpenID Connect Core 1.0, section 5.1), which the scopes `profile` and
    /// `email` request.
    pub fn oidc_defaults() -> AttributeMapping {
        AttributeMapping::new()
            .with(UserField::Email, "email")
            .with(UserField::FirstName, "given_name")
            .with(UserField::LastName, "family_name")
            .with(UserField::DisplayName, "name preferred_username")
    }

    /// The usual names of attributes in SAML assertions: friendly names, those of eduPerson, and those of AD FS and
    /// Entra ID.
    pub fn saml_defaults() -> AttributeMapping {
        AttributeMapping::new()
            .with(
                UserField::Email,
                "email mail urn:oid:0.9.2342.19200300.100.1.3 \
                 http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            )
            .with(
                UserField::FirstName,
                "firstName givenName urn:oid:2.5.4.42 \
                 http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
            )
            .with(
                UserField::LastName,
                "lastName sn urn:oid:2.5.4.4 http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
            )
    }

    /// The usual names of attributes in directories, used until a mapping is chosen.
    pub fn directory_defaults() -> AttributeMapping {
        AttributeMapping::new()
            .with(UserField::Email, "mail")
            .with(UserField::FirstName, "givenName")
            .with(UserField::LastName, "sn")
            .with(UserField::DisplayName, "displayName")
            .with(UserField::Groups, "memberOf")
    }

    /// The claims for `field`, preferred first; empty when the field is not mapped.
    pub fn get(&self, field: UserField) -> &[String] {
        self.0.get(&field).map_or(&[], Vec::as_slice)
    }

    /// The claims for `field` in the written form, or `None` when the field is not mapped.
    pub fn text(&self, field: UserField) -> Option<String> {
        self.0.get(&field).map(|claims| claims.join(" "))
    }

    /// Maps `field` to the claims named in `claims`, separated by white space; blank text unmaps the field.
    pub fn set(&mut self, field: UserField, claims: &str) {
        let claims: Vec<String> = claims.split_whitespace().map(str::to_owned).collect();
        if claims.is_empty() {
            self.0.remove(&field);
        } else {
            self.0.insert(field, claims);
        }
    }

    /// This mapping with `field` set as by [`AttributeMapping::set`], for tables and tests.
    #[must_use]
    pub fn with(mut self, field: UserField, claims: &str) -> AttributeMapping {
        self.set(field, claims);
        self
    }

    /// Unmaps `field` and returns the claims it had.
    pub fn remove(&mut self, field: UserField) -> Option<Vec<String>> {
        self.0.remove(&field)
    }

    /// Whether `field` is mapped.
    pub fn contains(&self, field: UserField) -> bool {
        self.0.contains_key(&field)
    }

    /// The mapped fields with their claims, in field order.
    pub fn iter(&self) -> impl Iterator<Item = (UserField, &[String])> {
        self.0.iter().map(|(field, claims)| (*field, claims.as_slice()))
    }

    /// Whether nothing is mapped.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many fields are mapped.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Keeps only the fields for which `keep` returns true.
    pub fn retain(&mut self, mut keep: impl FnMut(UserField) -> bool) {
        self.0.retain(|field, _| keep(*field));
    }

    /// A copy with only the fields for which `keep` returns true, such as those a dialect knows.
    #[must_use]
    pub fn restrict(&self, keep: impl FnMut(UserField) -> bool) -> AttributeMapping {
        let mut copy = self.clone();
        copy.retain(keep);
        copy
    }

    /// This mapping, with every field it lacks taken from `defaults`.
    #[must_use]
    pub fn with_defaults(mut self, defaults: &AttributeMapping) -> AttributeMapping {
        for (field, claims) in &defaults.0 {
            self.0.entry(*field).or_insert_with(|| claims.clone());
        }
        self
    }

    /// The mapping to store after a writer who sees only some fields replaces it by `new`.
    ///
    /// Fields hidden from the writer keep their stored claims.
    #[must_use]
    pub fn merge_preserving(
        &self,
        new: AttributeMapping,
        mut visible: impl FnMut(UserField) -> bool,
    ) -> AttributeMapping {
        let mut merged = new;
        merged.retain(&mut visible);
        for (field, claims) in &self.0 {
            if !visible(*field) {
                merged.0.insert(*field, claims.clone());
            }
        }
        merged
    }
}

impl Serialize for AttributeMapping {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(field, claims)| (field, claims.join(" "))))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn writes_fields_in_table_order_and_claims_by_preference() {
        let mapping = AttributeMapping::new()
            .with(UserField::Groups, "groups")
            .with(UserField::FirstName, "given_name  firstName");
        assert_eq!(
            serde_json::to_string(&mapping).unwrap(),
            r#"{"first_name":"given_name firstName","groups":"groups"}"#
        );
        assert_eq!(
            serde_json::from_value::<AttributeMapping>(serde_json::to_value(&mapping).unwrap()).unwrap(),
            mapping
        );
    }

    #[test]
    fn a_blank_value_unmaps_a_field() {
        let mut mapping = AttributeMapping::new().with(UserField::Email, "email");
        mapping.set(UserField::Email, "  ");
        assert!(mapping.is_empty());
    }

    #[test]
    fn defaults_fill_only_what_is_missing() {
        let given = AttributeMapping::new().with(UserField::Email, "x");
        let defaults = AttributeMapping::new().with(UserField::Email, "email").with(UserField::Gender, "gender");
        let merged = given.with_defaults(&defaults);
        assert_eq!(serde_json::to_value(&merged).unwrap(), json!({"email": "x", "gender": "gender"}));
    }

    #[test]
    fn fields_hidden_from_the_writer_survive() {
        let stored = AttributeMapping::new().with(UserField::Email, "email").with(UserField::Groups, "groups");
        let visible = |field| field != UserField::Groups;
        let new = AttributeMapping::new().with(UserField::FirstName, "given_name").with(UserField::Groups, "mine");
        let merged = stored.merge_preserving(new, visible);
        assert_eq!(serde_json::to_value(&merged).unwrap(), json!({"first_name": "given_name", "groups": "groups"}));
    }
}
