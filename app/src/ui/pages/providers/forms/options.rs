//! The third step's input: name, owner, scopes and access.

use crate::domain::{
    id::TenantId,
    problem::ProblemCode,
    provider::{Provisioning, Slug},
    words::sentence,
};

use super::{
    lists::{check_domain, check_origin, check_scope, check_web_address},
    problems::Problems,
};

/// Name, owner, scopes and access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsDraft {
    /// The name to show.
    pub label: String,
    /// The slug as entered; [`OptionsDraft::slug`] is the one in effect.
    pub typed_slug: Option<String>,
    /// The tenant it belongs to; the platform's own when absent.
    pub owner: Option<TenantId>,
    /// Scopes requested beside `openid`, in order.
    pub extra_scopes: Vec<String>,
    /// Origins that users may be sent back to, as typed.
    pub allowed_redirects: Vec<String>,
    /// Email domains, as typed.
    pub allowed_domains: Vec<String>,
    /// Whether the code flow uses PKCE.
    pub pkce: bool,
    /// Whether users who sign out are sent to the provider's logout page.
    pub post_logout_redirect: bool,
    /// What happens to users when they sign in.
    pub provisioning: Provisioning,
    /// Where users manage their account at the provider.
    pub management_url: String,
    /// Whether users may sign in with it right away.
    pub enabled: bool,
}

impl Default for OptionsDraft {
    fn default() -> Self {
        Self {
            label: String::new(),
            typed_slug: None,
            owner: None,
            extra_scopes: Vec::new(),
            allowed_redirects: Vec::new(),
            allowed_domains: Vec::new(),
            pkce: true,
            post_logout_redirect: false,
            provisioning: Provisioning::default(),
            management_url: String::new(),
            enabled: true,
        }
    }
}

impl OptionsDraft {
    /// The slug: made from the label until it is edited; empty where only the server can make it.
    pub fn slug(&self) -> String {
        match &self.typed_slug {
            Some(typed) => typed.clone(),
            None => Slug::from_plain_name(&self.label).unwrap_or_default(),
        }
    }

    /// The slug to send: an edited one, and only for the platform's providers. The server makes the others, free of
    /// collisions.
    pub fn slug_to_send(&self) -> Option<String> {
        let typed = self.typed_slug.as_deref().filter(|_| self.owner.is_none())?.trim();
        (!typed.is_empty()).then(|| typed.to_owned())
    }

    /// What is wrong with it.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::default();
        problems.require("name", &self.label, "Enter the name that users and administrators see.");
        if self.label.trim().chars().count() > 255 {
            problems.add("name", ProblemCode::TooLong { limit: 255 }, "A name has at most 255 characters.");
        }
        if let Some(Err(problem)) = self.slug_to_send().as_deref().map(Slug::platform) {
            problems.add("slug", ProblemCode::Malformed, sentence(&problem.to_string()));
        }
        check_access(&mut problems, &self.allowed_redirects, &self.allowed_domains);
        for scope in &self.extra_scopes {
            if let Some(message) = check_scope(scope) {
                problems.add("extra_scopes", ProblemCode::Malformed, format!("“{scope}”: {message}"));
            }
        }
        if let Some(message) = check_web_address(&self.management_url) {
            problems.add("management_url", ProblemCode::Malformed, message);
        }
        problems
    }
}

/// Adds what is wrong with the rows of the two lists.
pub fn check_access(problems: &mut Problems, redirects: &[String], domains: &[String]) {
    for (index, row) in redirects.iter().enumerate() {
        if let Some(message) = check_origin(row) {
            problems.add(format!("allowed_redirects.{index}"), ProblemCode::Malformed, message);
        }
    }
    for (index, row) in domains.iter().enumerate() {
        if let Some(message) = check_domain(row) {
            problems.add(format!("allowed_domains.{index}"), ProblemCode::Malformed, message);
        }
    }
}

/// Adds a scope unless it is listed; `openid` is always requested and never listed.
pub fn add_scope(scopes: &mut Vec<String>, text: &str) {
    for scope in text.split_whitespace() {
        if scope != "openid" && !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn draft() -> OptionsDraft {
        OptionsDraft { label: "Okta (Acme)".to_owned(), ..OptionsDraft::default() }
    }

    #[test]
    fn the_slug_follows_the_label_until_it_is_typed() {
        let mut draft = draft();
        assert_eq!(draft.slug(), "okta-acme");
        assert_eq!(draft.slug_to_send(), None, "the server finds one that is free");
        draft.label = "café".to_owned();
        assert_eq!(draft.slug(), "", "the server knows other alphabets");
        draft.typed_slug = Some("okta".to_owned());
        assert_eq!((draft.slug(), draft.slug_to_send()), ("okta".to_owned(), Some("okta".to_owned())));
    }

    #[test]
    fn a_tenants_provider_sends_no_slug() {
        let owner = Some(TenantId(Uuid::from_u128(1)));
        let draft = OptionsDraft { typed_slug: Some("Not a slug".to_owned()), owner, ..draft() };
        assert_eq!(draft.slug_to_send(), None);
        assert!(draft.check().is_empty());
    }

    #[test]
    fn every_field_says_what_is_wrong_with_it() {
        let wrong = OptionsDraft {
            label: "  ".to_owned(),
            typed_slug: Some("No Slug".to_owned()),
            extra_scopes: vec!["a\"b".to_owned()],
            allowed_redirects: vec!["https://a.example".to_owned(), "ftp://b.example".to_owned()],
            allowed_domains: vec!["not a domain".to_owned()],
            management_url: "javascript:1".to_owned(),
            ..OptionsDraft::default()
        };
        let problems = wrong.check();
        for field in ["name", "slug", "extra_scopes", "allowed_redirects.1", "allowed_domains.0", "management_url"] {
            assert!(problems.concern(field), "nothing said about {field}");
        }
        assert!(!problems.concern("allowed_redirects.0"));
        assert!(draft().check().is_empty());
    }

    #[test]
    fn scopes_are_added_once_and_openid_never() {
        let mut scopes = vec!["email".to_owned()];
        add_scope(&mut scopes, "openid email profile");
        assert_eq!(scopes, ["email", "profile"]);
    }
}
