//! The access tab's form: who may sign in, where users are sent back to, what they cannot edit.

use crate::{
    api::provider_form::ProviderChange,
    domain::provider::{IdentityProvider, Origin},
};

use super::{connection_change::changed, lists::filled, options::check_access, problems::Problems};

/// Who may sign in, where users are sent back to, what they cannot edit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessDraft {
    /// Origins that users may be sent back to, as typed.
    pub allowed_redirects: Vec<String>,
    /// Email domains, as typed.
    pub allowed_domains: Vec<String>,
    /// User fields that a user of this provider cannot edit.
    pub protected_fields: Vec<String>,
}

impl AccessDraft {
    /// What the form starts from.
    pub fn of(provider: &IdentityProvider) -> Self {
        Self {
            allowed_redirects: provider.allowed_redirects.iter().map(Origin::to_string).collect(),
            allowed_domains: provider.allowed_domains.clone(),
            protected_fields: provider.mapping.protected_fields.clone(),
        }
    }

    /// The change that leads from `before` to this; what is equal is left out.
    pub fn change_from(&self, before: &Self) -> ProviderChange {
        let Self { allowed_redirects, allowed_domains, protected_fields } = self;
        ProviderChange {
            allowed_redirects: changed(&filled(allowed_redirects), &before.allowed_redirects),
            allowed_domains: changed(&filled(allowed_domains), &before.allowed_domains),
            protected_fields: changed(protected_fields, &before.protected_fields),
            ..ProviderChange::default()
        }
    }

    /// What is wrong with it.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::default();
        check_access(&mut problems, &self.allowed_redirects, &self.allowed_domains);
        problems
    }

    /// Marks a user field as not editable, or lifts that.
    pub fn protect(&mut self, field: &str, is_protected: bool) {
        self.protected_fields.retain(|known| known != field);
        if is_protected {
            self.protected_fields.push(field.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::providers::forms::fixtures::provider;

    #[test]
    fn an_empty_row_is_no_change() {
        let before = AccessDraft::of(&provider());
        let mut draft = before.clone();
        draft.allowed_redirects.push("  ".to_owned());
        assert_eq!(draft.change_from(&before), ProviderChange::default());
        assert!(draft.check().is_empty());
    }

    #[test]
    fn a_list_is_sent_as_a_whole() {
        let before = AccessDraft::of(&provider());
        let mut draft = before.clone();
        draft.allowed_domains.push("new.example".to_owned());
        let change = draft.change_from(&before);
        assert_eq!(change.allowed_domains, Some(draft.allowed_domains));
        assert_eq!(change.allowed_redirects, None);
    }

    #[test]
    fn protecting_a_field_twice_keeps_it_once() {
        let mut draft = AccessDraft::default();
        draft.protect("email", true);
        draft.protect("email", true);
        assert_eq!(draft.protected_fields, ["email"]);
        draft.protect("email", false);
        assert!(draft.protected_fields.is_empty());
    }
}
