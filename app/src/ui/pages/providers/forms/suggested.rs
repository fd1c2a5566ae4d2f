//! What a discovery report suggests for the later steps, without overwriting what the user chose.

use crate::domain::{discovery::DiscoveryReport, mapping::AttributeMapping};

use super::draft::ProviderDraft;

/// What a report suggests for the later steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggested {
    /// A name to show.
    pub label: String,
    /// Claims to user fields.
    pub attributes: AttributeMapping,
    /// Scopes beside `openid`.
    pub extra_scopes: Vec<String>,
    /// Whether to use PKCE.
    pub pkce: bool,
}

impl Suggested {
    /// What an untouched form holds.
    pub fn nothing() -> Self {
        let ProviderDraft { mapping, options, .. } = ProviderDraft::default();
        Self {
            label: options.label,
            attributes: mapping.attributes,
            extra_scopes: options.extra_scopes,
            pkce: options.pkce,
        }
    }

    /// What a report suggests.
    pub fn of(report: &DiscoveryReport) -> Self {
        let scopes = report.recommended_scopes.iter().filter(|scope| *scope != "openid");
        Self {
            label: name_of(report),
            attributes: report.recommended_mapping.clone(),
            extra_scopes: scopes.cloned().collect(),
            pkce: supports_pkce(report),
        }
    }
}

/// Whether the provider says that it supports PKCE with S256 (RFC 8414, section 2).
pub fn supports_pkce(report: &DiscoveryReport) -> bool {
    report.metadata.code_challenge_methods_supported.iter().flatten().any(|method| method == "S256")
}

/// The product's name, or the issuer's host.
fn name_of(report: &DiscoveryReport) -> String {
    if let Some(vendor) = report.vendor {
        return vendor.label().to_owned();
    }
    let issuer = report.metadata.issuer.as_deref().unwrap_or(&report.final_url);
    crate::domain::web_url::WebUrl::parse(issuer).map(|url| url.host).unwrap_or_default()
}

impl ProviderDraft {
    /// Applies the suggestions of a new report, wherever the form still holds those of the last one.
    pub fn adopt(&mut self, new: &Suggested, last: &Suggested) {
        take(&mut self.options.label, &new.label, &last.label);
        take(&mut self.mapping.attributes, &new.attributes, &last.attributes);
        take(&mut self.options.extra_scopes, &new.extra_scopes, &last.extra_scopes);
        take(&mut self.options.pkce, &new.pkce, &last.pkce);
    }
}

fn take<T: Clone + PartialEq>(value: &mut T, new: &T, last: &T) {
    if value == last {
        value.clone_from(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mapping::UserField;

    fn suggested(label: &str, claim: &str) -> Suggested {
        Suggested {
            label: label.to_owned(),
            attributes: AttributeMapping::new().with(UserField::Email, claim),
            extra_scopes: vec!["email".to_owned()],
            pkce: false,
        }
    }

    #[test]
    fn an_untouched_form_takes_everything() {
        let mut draft = ProviderDraft::default();
        draft.adopt(&suggested("Keycloak", "email"), &Suggested::nothing());
        assert_eq!(draft.options.label, "Keycloak");
        assert_eq!(draft.mapping.attributes.get(UserField::Email), ["email"]);
        assert_eq!(draft.options.extra_scopes, ["email"]);
        assert!(!draft.options.pkce);
    }

    #[test]
    fn another_address_replaces_suggestions_and_nothing_else() {
        let mut draft = ProviderDraft::default();
        let (first, second) = (suggested("Keycloak", "email"), suggested("Okta", "mail"));
        draft.adopt(&first, &Suggested::nothing());
        draft.options.label = "Our sign-in".to_owned();
        draft.adopt(&second, &first);
        assert_eq!(draft.options.label, "Our sign-in");
        assert_eq!(draft.mapping.attributes.get(UserField::Email), ["mail"]);
    }
}
