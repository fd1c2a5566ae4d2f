//! The steps of creating a provider, and which of them a problem belongs to.

use super::problems::root;
use crate::domain::{
    problem::Problem,
    provider::{LdapConfig, LdapSection, Protocol},
};

/// One step of creating a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum CreateStep {
    /// Directories: the product, with name and owner.
    Product,
    /// Address and client, and what discovery finds there; servers and bind of a directory.
    #[default]
    Connect,
    /// Directories: which users there are.
    Users,
    /// Directories: which groups there are.
    Groups,
    /// Claims to user fields.
    Map,
    /// Name, owner, scopes, access; for directories, how they are synchronised.
    Options,
    /// Everything once more.
    Review,
}

impl CreateStep {
    /// The steps of a protocol in order.
    pub const fn all(protocol: Protocol) -> &'static [Self] {
        match protocol {
            Protocol::Oidc | Protocol::Saml => &[Self::Connect, Self::Map, Self::Options, Self::Review],
            Protocol::Ldap => {
                &[Self::Product, Self::Connect, Self::Users, Self::Groups, Self::Map, Self::Options, Self::Review]
            }
        }
    }

    /// The name in the list of steps.
    pub const fn label(self, protocol: Protocol) -> &'static str {
        match self {
            Self::Product => "Directory",
            Self::Connect if matches!(protocol, Protocol::Ldap) => "Servers",
            Self::Connect => "Connect",
            Self::Users => "Users",
            Self::Groups => "Groups",
            Self::Map if matches!(protocol, Protocol::Ldap) => "Mapping",
            Self::Options if matches!(protocol, Protocol::Ldap) => "Synchronise",
            Self::Review if matches!(protocol, Protocol::Ldap) => "Review",
            Self::Map => match protocol {
                Protocol::Oidc => "Map claims",
                Protocol::Saml | Protocol::Ldap => "Map attributes",
            },
            Self::Options => "Options",
            Self::Review => "Review and save",
        }
    }

    /// The heading of the step.
    pub const fn title(self, protocol: Protocol) -> &'static str {
        match self {
            Self::Product => "Choose the directory",
            Self::Connect if matches!(protocol, Protocol::Ldap) => "Connect to the directory",
            Self::Connect => "Connect to the provider",
            Self::Users => "Find users",
            Self::Groups => "Find groups",
            Self::Options if matches!(protocol, Protocol::Ldap) => "Synchronise",
            Self::Map => match protocol {
                Protocol::Oidc => "Map claims to user fields",
                Protocol::Saml | Protocol::Ldap => "Map attributes to user fields",
            },
            Self::Options => "Choose options",
            Self::Review => "Review and save",
        }
    }

    /// The position, counted from 0.
    pub fn index(self, protocol: Protocol) -> usize {
        Self::all(protocol).iter().position(|step| *step == self).unwrap_or_default()
    }

    /// The step at a position, if there is one.
    pub fn at(index: usize, protocol: Protocol) -> Option<Self> {
        Self::all(protocol).get(index).copied()
    }

    /// The first step.
    pub fn first(protocol: Protocol) -> Self {
        Self::at(0, protocol).unwrap_or_default()
    }

    /// The step after this one.
    pub fn next(self, protocol: Protocol) -> Option<Self> {
        Self::at(self.index(protocol) + 1, protocol)
    }

    /// The step before this one.
    pub fn previous(self, protocol: Protocol) -> Option<Self> {
        self.index(protocol).checked_sub(1).and_then(|index| Self::at(index, protocol))
    }

    /// The step that holds the input a problem's field names.
    pub fn of_field(field: &str, protocol: Protocol) -> Self {
        let root = root(field);
        if protocol == Protocol::Ldap
            && let Some(field) = LdapConfig::field(root)
        {
            return Self::of_section(field.section);
        }
        match root {
            "name" | "slug" | "owner" if protocol == Protocol::Ldap => Self::Product,
            "discovery_url" | "client_id" | "client_secret" | "verify_tls" => Self::Connect,
            "entity_id" | "sso_url" | "slo_url" | "certificate" | "name_id_format" | "metadata_url" => Self::Connect,
            "attributes" | "attribute_mapping" | "mapping" | "user_field" | "user_claim" | "extra_fields" => Self::Map,
            "" => Self::Review,
            _ => Self::Options,
        }
    }

    /// The step that shows a section of a directory's settings.
    const fn of_section(section: LdapSection) -> Self {
        match section {
            LdapSection::Product => Self::Product,
            LdapSection::Servers | LdapSection::Bind | LdapSection::Certificates => Self::Connect,
            LdapSection::UserSearch | LdapSection::UserAttributes | LdapSection::Limits => Self::Users,
            LdapSection::Groups | LdapSection::GroupSearch => Self::Groups,
            LdapSection::Schedule | LdapSection::Effects => Self::Options,
        }
    }

    /// The first step that one of the problems belongs to.
    pub fn first_with_problem(problems: &[Problem], protocol: Protocol) -> Option<Self> {
        problems.iter().map(|problem| Self::of_field(&problem.field, protocol)).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::ProblemCode;

    const OIDC: Protocol = Protocol::Oidc;

    fn problem(field: &str) -> Problem {
        Problem::new(field, ProblemCode::Malformed, "Wrong.")
    }

    #[test]
    fn the_first_step_with_a_problem_is_found_whatever_the_order() {
        let problems = [problem("allowed_redirects.2"), problem("user_claim"), problem("client_id")];
        assert_eq!(CreateStep::first_with_problem(&problems, OIDC), Some(CreateStep::Connect));
        assert_eq!(CreateStep::first_with_problem(&problems[..2], OIDC), Some(CreateStep::Map));
        assert_eq!(CreateStep::first_with_problem(&[], OIDC), None);
    }

    #[test]
    fn a_field_nobody_knows_stands_among_the_options_and_no_field_at_the_end() {
        assert_eq!(CreateStep::of_field("name", OIDC), CreateStep::Options);
        assert_eq!(CreateStep::of_field("brand_new_setting", OIDC), CreateStep::Options);
        assert_eq!(CreateStep::of_field("", OIDC), CreateStep::Review);
    }

    #[test]
    fn the_steps_follow_each_other() {
        assert_eq!(CreateStep::Connect.previous(OIDC), None);
        assert_eq!(CreateStep::Connect.next(OIDC), Some(CreateStep::Map));
        assert_eq!(CreateStep::Review.next(OIDC), None);
        assert_eq!(CreateStep::Review.previous(OIDC), Some(CreateStep::Options));
    }

    #[test]
    fn problems_of_directories_find_their_steps() {
        for (field, step) in [
            ("urls.1", CreateStep::Connect),
            ("bind_password", CreateStep::Connect),
            ("user_object_classes.0", CreateStep::Users),
            ("group_filter", CreateStep::Groups),
            ("missing_users", CreateStep::Options),
            ("name", CreateStep::Product),
        ] {
            assert_eq!(CreateStep::of_field(field, Protocol::Ldap), step, "{field}");
        }
    }

    #[test]
    fn directories_have_steps_of_their_own() {
        let problems = [problem("missing_users"), problem("group_filter"), problem("user_filter")];
        assert_eq!(CreateStep::first_with_problem(&problems, Protocol::Ldap), Some(CreateStep::Users));
        assert_eq!(CreateStep::of_field("name", Protocol::Ldap), CreateStep::first(Protocol::Ldap));
        assert_eq!(CreateStep::Groups.next(Protocol::Ldap), Some(CreateStep::Map));
        assert_eq!(CreateStep::Map.previous(Protocol::Saml), Some(CreateStep::Connect));
    }
}
