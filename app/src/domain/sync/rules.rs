//! Which attributes become which fields of a user.

use crate::domain::{
    ldap::holds_passwords,
    mapping::{AttributeMapping, FieldKind, UserField, UserMapping},
};

/// How attributes become a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct UserRules {
    /// The attribute users sign in with.
    pub username_attribute: String,
    /// How attributes become fields that hold one value.
    pub singles: UserMapping,
    /// How attributes become fields that hold a list.
    pub lists: UserMapping,
    /// Email domains whose users may sign in; no restriction when empty.
    pub allowed_domains: Vec<String>,
}

impl UserRules {
    /// The rules of a directory. The common attributes apply when nothing is mapped.
    pub fn new(
        username_attribute: &str,
        mapping: &UserMapping,
        allowed_domains: &[String],
        with_groups_attribute: bool,
    ) -> Self {
        let mut mapping = mapping.clone();
        if mapping.attributes.is_empty() {
            mapping.attributes = default_attributes();
        }
        // Many directories leave `displayName` empty and fill the common name.
        if mapping.attributes.get(UserField::DisplayName) == ["displayName"] {
            mapping.attributes.set(UserField::DisplayName, "displayName cn");
        }
        // Groups that are synchronised say more than the attribute, and a change of them does not change the user.
        if !with_groups_attribute {
            mapping.attributes.remove(UserField::Groups);
        }
        let is_list = |field: UserField| field.kind() == FieldKind::List;
        let lists = mapping.attributes.restrict(is_list);
        let lists = UserMapping { attributes: lists, extra_fields: None, ..mapping.clone() };
        mapping.attributes.retain(|field| !is_list(field));
        Self {
            username_attribute: username_attribute.to_owned(),
            singles: mapping,
            lists,
            allowed_domains: allowed_domains.to_vec(),
        }
    }

    /// The attributes to request, each once. Attributes that hold passwords are never among them.
    pub fn attributes(&self) -> Vec<String> {
        let mapped = self.singles.attributes.iter().chain(self.lists.attributes.iter());
        let mapped = mapped.flat_map(|(_, names)| names.iter().map(String::as_str));
        let wanted = std::iter::once(self.username_attribute.as_str()).chain(mapped).chain(self.singles.extra_claims());
        let mut names: Vec<String> = Vec::new();
        for name in wanted.filter(|name| !holds_passwords(name)) {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                names.push(name.to_owned());
            }
        }
        names
    }
}

/// The common attributes of a directory (RFC 2798, RFC 4519).
pub fn default_attributes() -> AttributeMapping {
    AttributeMapping::new()
        .with(UserField::Email, "mail")
        .with(UserField::FirstName, "givenName")
        .with(UserField::LastName, "sn")
        .with(UserField::DisplayName, "displayName cn")
        .with(UserField::Groups, "memberOf")
}
