//! The steps of creating a provider, and which of them a problem belongs to.

use crate::domain::{problem::Problem, provider::Protocol};

/// One step of creating a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Step {
    /// Address and client, and what discovery finds there.
    #[default]
    Connect,
    /// Claims to user fields.
    Map,
    /// Name, owner, scopes, access.
    Options,
    /// Everything once more.
    Review,
}

impl Step {
    /// Every step in order.
    pub const ALL: [Self; 4] = [Self::Connect, Self::Map, Self::Options, Self::Review];

    /// The name in the list of steps.
    pub const fn label(self, protocol: Protocol) -> &'static str {
        match self {
            Self::Connect => "Connect",
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
            Self::Connect => "Connect to the provider",
            Self::Map => match protocol {
                Protocol::Oidc => "Map claims to user fields",
                Protocol::Saml | Protocol::Ldap => "Map attributes to user fields",
            },
            Self::Options => "Choose options",
            Self::Review => "Review and save",
        }
    }

    /// The position, counted from 0.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The step at a position, if there is one.
    pub fn at(index: usize) -> Option<Self> {
        Self::ALL.get(index).copied()
    }

    /// The step after this one.
    pub fn next(self) -> Option<Self> {
        Self::at(self.index() + 1)
    }

    /// The step before this one.
    pub fn previous(self) -> Option<Self> {
        self.index().checked_sub(1).and_then(Self::at)
    }

    /// The step that holds the input a problem's field names.
    pub fn of_field(field: &str) -> Self {
        match root(field) {
            "discovery_url" | "client_id" | "client_secret" | "verify_tls" => Self::Connect,
            "entity_id" | "sso_url" | "slo_url" | "certificate" | "name_id_format" | "metadata_url" => Self::Connect,
            "attributes" | "attribute_mapping" | "mapping" | "user_field" | "user_claim" | "extra_fields" => Self::Map,
            "" => Self::Review,
            _ => Self::Options,
        }
    }

    /// The first step that one of the problems belongs to.
    pub fn first_with_problem(problems: &[Problem]) -> Option<Self> {
        problems.iter().map(|problem| Self::of_field(&problem.field)).min()
    }
}

/// The part of a dotted field name before the first dot.
pub fn root(field: &str) -> &str {
    field.split_once('.').map_or(field, |(root, _)| root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::ProblemCode;

    fn problem(field: &str) -> Problem {
        Problem::new(field, ProblemCode::Malformed, "Wrong.")
    }

    #[test]
    fn the_first_step_with_a_problem_is_found_whatever_the_order() {
        let problems = [problem("allowed_redirects.2"), problem("user_claim"), problem("client_id")];
        assert_eq!(Step::first_with_problem(&problems), Some(Step::Connect));
        assert_eq!(Step::first_with_problem(&problems[..2]), Some(Step::Map));
        assert_eq!(Step::first_with_problem(&[]), None);
    }

    #[test]
    fn a_field_nobody_knows_stands_among_the_options_and_no_field_at_the_end() {
        assert_eq!(Step::of_field("name"), Step::Options);
        assert_eq!(Step::of_field("brand_new_setting"), Step::Options);
        assert_eq!(Step::of_field(""), Step::Review);
    }

    #[test]
    fn the_steps_follow_each_other() {
        assert_eq!(Step::Connect.previous(), None);
        assert_eq!(Step::Connect.next(), Some(Step::Map));
        assert_eq!(Step::Review.next(), None);
        assert_eq!(Step::Review.previous(), Some(Step::Options));
    }
}
