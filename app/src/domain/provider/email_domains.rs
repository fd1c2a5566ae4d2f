//! Which email domains may sign in with a provider: a domain alone, or all of its sub-domains.

use super::{DomainProblem, parse_domain};
use crate::domain::problem::{Problem, ProblemCode};

/// What stands before a domain whose sub-domains are meant.
const EVERY: &str = "*.";

/// Parses an allowed domain into its stored form, as by [`parse_domain`]. `*.example.com` means every sub-domain of
/// `example.com`, at any depth, and not `example.com` itself.
///
/// # Errors
/// The first check that fails, in the order of [`DomainProblem`].
pub fn parse_allowed_domain(text: &str) -> Result<String, DomainProblem> {
    match text.trim().strip_prefix(EVERY) {
        Some(parent) if parent.contains('*') => Err(DomainProblem::WildcardPlace),
        Some(parent) if parent.starts_with('@') => Err(DomainProblem::Malformed),
        Some(parent) => parse_domain(parent).map(|parent| format!("{EVERY}{parent}")),
        None if text.contains('*') => Err(DomainProblem::WildcardPlace),
        None => parse_domain(text),
    }
}

/// Whether an address of this domain may sign in. Both in their stored form.
pub fn is_allowed_domain(allowed: &[String], domain: &str) -> bool {
    allowed.iter().any(|allowed| match allowed.strip_prefix(EVERY) {
        Some(parent) => domain.strip_suffix(parent).is_some_and(|before| before.len() > 1 && before.ends_with('.')),
        None => allowed == domain,
    })
}

/// Checks a provider's list of allowed domains.
pub(super) fn check(problems: &mut Vec<Problem>, domains: &[String]) {
    for (index, domain) in domains.iter().enumerate() {
        if let Err(problem) = parse_allowed_domain(domain) {
            let message = format!("{domain:?} can match no email address: {problem}.");
            problems.push(Problem::new(format!("allowed_domains.{index}"), ProblemCode::Malformed, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_means_every_sub_domain_and_not_the_domain_itself() {
        let allowed = ["corp.example".to_owned(), "*.branch.example".to_owned()];
        for (domain, is_allowed) in [
            ("corp.example", true),
            ("a.branch.example", true),
            ("a.b.branch.example", true),
            ("branch.example", false),
            ("evilbranch.example", false),
            (".branch.example", false),
            ("a.corp.example", false),
            ("branch.example.evil.example", false),
            ("", false),
        ] {
            assert_eq!(is_allowed_domain(&allowed, domain), is_allowed, "{domain}");
        }
        assert!(!is_allowed_domain(&[], "corp.example"));
    }

    #[test]
    fn a_wildcard_stands_before_a_whole_domain() {
        use DomainProblem::{Malformed, SingleLabel, WildcardPlace};
        assert_eq!(parse_allowed_domain(" *.Bücher.Example. ").as_deref(), Ok("*.xn--bcher-kva.example"));
        assert_eq!(parse_allowed_domain("@Corp.example").as_deref(), Ok("corp.example"));
        for (text, problem) in [
            ("*", WildcardPlace),
            ("*.*.example", WildcardPlace),
            ("a*.corp.example", WildcardPlace),
            ("a.*.corp.example", WildcardPlace),
            ("*.example", SingleLabel),
            ("*.@corp.example", Malformed),
            (".corp.example", Malformed),
            ("*..corp.example", Malformed),
        ] {
            assert_eq!(parse_allowed_domain(text), Err(problem), "{text}");
        }
    }
}
