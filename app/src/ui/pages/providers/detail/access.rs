//! Who may sign in with a provider, where users are sent back to, and what they cannot edit.

use leptos::prelude::*;

use super::{
    protected_fields::ProtectedFields,
    state::ProviderState,
    tab_form::{TabForm, TabFormFrame, TabInputs},
};
use crate::{
    api::{ApiError, provider_form::ProviderChange},
    domain::provider::detail::ProviderDetail,
    ui::pages::providers::{
        access_lists::AccessLists,
        fields::AccessFields,
        forms::{
            access_change::AccessDraft,
            problems::{Problems, at_page_fields},
        },
    },
};

/// The access tab.
#[component]
pub fn ProviderAccess() -> impl IntoView {
    let state = ProviderState::current();
    let draft = untrack(|| state.read(|detail| AccessDraft::of(&detail.provider))).unwrap_or_default();
    let inputs = AccessInputs { fields: AccessFields::new(draft.clone()), before: RwSignal::new(draft) };
    let form = TabForm::new(state, inputs);
    let AccessFields { allowed_redirects, allowed_domains, protected_fields } = inputs.fields;
    view! {
        <h2 class="visually-hidden">"Access"</h2>
        <TabFormFrame form label="Access">
            <AccessLists redirects=allowed_redirects domains=allowed_domains />
            <ProtectedFields value=protected_fields />
        </TabFormFrame>
    }
}

/// The inputs with what they started from.
#[derive(Clone, Copy)]
struct AccessInputs {
    fields: AccessFields,
    before: RwSignal<AccessDraft>,
}

impl TabInputs for AccessInputs {
    fn change(&self) -> ProviderChange {
        self.before.with(|before| self.fields.get().change_from(before))
    }

    fn check(&self) -> Problems {
        self.fields.get().check()
    }

    fn reset(&self, detail: &ProviderDetail) {
        let draft = AccessDraft::of(&detail.provider);
        self.before.set(draft.clone());
        self.fields.set(draft);
    }

    fn at_page_fields(&self, error: ApiError) -> ApiError {
        let AccessDraft { allowed_redirects, allowed_domains, .. } = self.fields.get();
        at_page_fields(error, &[("allowed_redirects", allowed_redirects), ("allowed_domains", allowed_domains)])
    }
}
