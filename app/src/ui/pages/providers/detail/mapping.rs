//! How a provider's claims become user fields.

use leptos::prelude::*;

use super::{
    connection::stored_report,
    not_editable::NotEditable,
    state::ProviderState,
    tab_form::{TabForm, TabFormFrame, TabInputs},
};
use crate::{
    api::{ApiError, wire::ProviderChange},
    domain::{
        mapping::UserMapping,
        provider::{Protocol, ProviderConfig, detail::ProviderDetail},
    },
    ui::{
        pages::providers::{
            fields::MappingFields,
            forms::{
                mapping_change::{check_mapping, mapping_change},
                problems::{Problems, at_the_screen},
                suggestions::Offer,
            },
            mapping::MappingEditor,
            mapping_table::MappingTable,
        },
        state::Held,
    },
};

/// The mapping tab.
#[component]
pub fn ProviderMapping() -> impl IntoView {
    let state = ProviderState::current();
    let stored = untrack(|| state.read(|detail| (detail.provider.config.protocol(), detail.provider.mapping.clone())));
    let Some((protocol, mapping)) = stored else { return ().into_any() };
    match protocol {
        Protocol::Oidc | Protocol::Saml => view! { <MappingForm state mapping /> }.into_any(),
        Protocol::Ldap => view! {
            <NotEditable state what="mapping" />
            <MappingTable mapping />
        }
        .into_any(),
    }
}

/// The form of a mapping.
#[component]
fn MappingForm(
    /// The provider.
    state: ProviderState,
    /// What is stored.
    mapping: UserMapping,
) -> impl IntoView {
    let inputs = MappingInputs { fields: MappingFields::new(mapping.clone()), before: Held::new(mapping) };
    let form = TabForm::new(state, inputs);
    let offer = untrack(|| offer(state));
    view! {
        <h2 class="visually-hidden">"Mapping"</h2>
        <div class="wide-form">
            <TabFormFrame form label="Mapping">
                <MappingEditor fields=inputs.fields offer />
            </TabFormFrame>
        </div>
    }
}

/// What suggestions are made from. Tracked.
fn offer(state: ProviderState) -> Offer {
    let saml = state.read(|detail| match &detail.provider.config {
        ProviderConfig::Saml(config) => Some(Offer::of_saml(&config.entity_id, &[])),
        ProviderConfig::Oidc(_) | ProviderConfig::Ldap(_) => None,
    });
    saml.flatten().or_else(|| stored_report(state).map(Offer::of_report)).unwrap_or_default()
}

/// The inputs with what they started from.
#[derive(Clone, Copy)]
struct MappingInputs {
    fields: MappingFields,
    before: Held<UserMapping>,
}

impl TabInputs for MappingInputs {
    fn change(self) -> ProviderChange {
        self.before.with(|before| mapping_change(&self.fields.get(), before))
    }

    fn check(self) -> Problems {
        check_mapping(&self.fields.get())
    }

    fn reset(self, detail: &ProviderDetail) {
        self.before.set(detail.provider.mapping.clone());
        self.fields.set(detail.provider.mapping.clone());
    }

    fn at_the_screen(self, error: ApiError) -> ApiError {
        at_the_screen(error, &[])
    }
}
