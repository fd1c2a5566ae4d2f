//! Everything the steps collect, and what becomes of it.

use crate::{api::wire::NewOidcProvider, domain::mapping::UserMapping};

use super::{
    connect::{ConnectDraft, FetchedReport},
    lists::filled,
    mapping_change::check_mapping,
    options::OptionsDraft,
    problems::Problems,
    step::Step,
};

/// Everything the steps of creating an OpenID provider collect.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// Where the provider is and which client of it we are.
    pub connect: ConnectDraft,
    /// Claims to user fields.
    pub mapping: UserMapping,
    /// Name, owner, scopes and access.
    pub options: OptionsDraft,
}

impl Draft {
    /// What is wrong with a step's input.
    pub fn check(&self, step: Step, fetched: Option<&FetchedReport>) -> Problems {
        match step {
            Step::Connect => self.connect.check(fetched),
            Step::Map => check_mapping(&self.mapping),
            Step::Options => self.options.check(),
            Step::Review => Problems::default(),
        }
    }

    /// What is wrong with the steps before this one and with it.
    pub fn check_up_to(&self, step: Step, fetched: Option<&FetchedReport>) -> Problems {
        let steps = Step::ALL.into_iter().filter(|earlier| *earlier <= step);
        Problems(steps.flat_map(|step| self.check(step, fetched).0).collect())
    }

    /// What the server is sent.
    pub fn to_wire(&self) -> NewOidcProvider {
        let slug = self.options.slug_to_send();
        let Self { connect, mapping, options } = self.clone();
        let ConnectDraft { discovery_url, client_id, client_secret, verify_tls } = connect;
        let OptionsDraft {
            label,
            typed_slug: _, // what counts of it is in `slug`
            owner,
            extra_scopes,
            allowed_redirects,
            allowed_domains,
            pkce,
            post_logout_redirect,
            provisioning,
            management_url,
            enabled,
        } = options;
        NewOidcProvider {
            slug,
            label: label.trim().to_owned(),
            owner,
            enabled,
            provisioning,
            discovery_url: discovery_url.trim().to_owned(),
            client_id: client_id.trim().to_owned(),
            client_secret,
            verify_tls,
            extra_scopes,
            pkce,
            post_logout_redirect,
            mapping: trimmed(mapping),
            allowed_domains: filled(&allowed_domains),
            allowed_redirects: filled(&allowed_redirects),
            management_url: management_url.trim().to_owned(),
        }
    }

    /// The lists of rows, by the name of their field.
    pub fn rows(&self) -> [(&'static str, &[String]); 2] {
        let OptionsDraft { allowed_redirects, allowed_domains, .. } = &self.options;
        [("allowed_redirects", allowed_redirects), ("allowed_domains", allowed_domains)]
    }
}

fn trimmed(mut mapping: UserMapping) -> UserMapping {
    mapping.user_field = mapping.user_field.trim().to_owned();
    mapping.user_claim = mapping.user_claim.split_whitespace().collect::<Vec<_>>().join(" ");
    let extra = mapping.extra_claims().collect::<Vec<_>>().join(" ");
    mapping.extra_fields = Some(extra).filter(|extra| !extra.is_empty());
    mapping
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::SecretInput;

    fn draft() -> Draft {
        let mut draft = Draft::default();
        draft.connect.discovery_url = " https://id.example ".to_owned();
        draft.connect.client_id = " client ".to_owned();
        draft.connect.client_secret = SecretInput(" kept as typed ".to_owned());
        draft.options.label = " Acme ".to_owned();
        draft.options.allowed_redirects = vec![String::new(), "https://app.example".to_owned()];
        draft.mapping.extra_fields = Some("  ".to_owned());
        draft
    }

    #[test]
    fn what_is_sent_is_trimmed_except_the_secret() {
        let sent = draft().to_wire();
        assert_eq!(sent.discovery_url, "https://id.example");
        assert_eq!(sent.client_id, "client");
        assert_eq!(sent.label, "Acme");
        assert_eq!(sent.client_secret, SecretInput(" kept as typed ".to_owned()));
        assert_eq!(sent.allowed_redirects, ["https://app.example"]);
        assert_eq!(sent.mapping.extra_fields, None);
        assert_eq!(sent.slug, "", "made by the server");
    }

    #[test]
    fn nothing_can_be_saved_before_the_address_was_fetched() {
        let problems = draft().check_up_to(Step::Review, None);
        assert_eq!(Step::first_with_problem(&problems.0), Some(Step::Connect));
    }
}
