//! How a provider's claims become user fields.

use leptos::prelude::*;

use super::{
    connection::stored_report,
    ldap_connection::{StoredDirectory, form_of},
    state::ProviderState,
    tab_form::{TabForm, TabFormFrame, TabInputs},
};
use crate::{
    api::{ApiError, directories::DirectoryForm, provider_form::ProviderChange},
    domain::{
        mapping::UserMapping,
        provider::{Protocol, ProviderConfig, detail::ProviderDetail},
    },
    ui::pages::providers::{
        fields::MappingFields,
        forms::{
            mapping_change::{check_mapping, mapping_change},
            problems::{Problems, at_page_fields},
            suggestions::Offer,
        },
        ldap::{LdapFields, SamplePanel, UserSample},
        mapping::MappingEditor,
    },
};

/// The mapping tab.
#[component]
pub fn ProviderMapping() -> impl IntoView {
    let state = ProviderState::current();
    let stored = untrack(|| state.read(|detail| detail.provider.mapping.clone()));
    stored.map(|mapping| view! { <MappingForm state mapping /> }).into_any()
}

/// The form of a mapping.
#[component]
fn MappingForm(
    /// The provider.
    state: ProviderState,
    /// What is stored.
    mapping: UserMapping,
) -> impl IntoView {
    let inputs = MappingInputs { fields: MappingFields::new(mapping.clone()), before: RwSignal::new(mapping) };
    let form = TabForm::new(state, inputs);
    let offer = untrack(|| offer(state));
    // The sample is read with the stored settings, and shown with the mapping in the form.
    let directory = untrack(|| state.read(|detail| StoredDirectory::of(&detail.provider))).flatten();
    let directory = directory.map(|stored| LdapFields::new(&stored.settings, true));
    let shown = Signal::derive(move || inputs.fields.get());
    // Drawn within the form, so that problems find their inputs.
    let editor = move || match directory {
        Some(fields) => {
            let ask = form_of(state, fields);
            let users =
                UserSample::new(Callback::new(move |()| Ok(DirectoryForm { mapping: shown.get(), ..ask.run(())? })));
            view! {
                <MappingEditor fields=inputs.fields offer>
                    <SamplePanel users fields mapping=shown />
                </MappingEditor>
            }
            .into_any()
        }
        None => view! { <MappingEditor fields=inputs.fields offer /> }.into_any(),
    };
    view! {
        <h2 class="visually-hidden">"Mapping"</h2>
        <div class="wide-form">
            <TabFormFrame form label="Mapping">
                {editor()}
            </TabFormFrame>
        </div>
    }
}

/// What suggestions are based on. Tracked.
fn offer(state: ProviderState) -> Offer {
    let known = state.read(|detail| match &detail.provider.config {
        ProviderConfig::Saml(config) => Some(Offer::of_saml(&config.entity_id, &[])),
        ProviderConfig::Ldap(_) => Some(Offer::unknown(Protocol::Ldap)),
        ProviderConfig::Oidc(_) => stored_report(state).map(Offer::of_report),
    });
    known.flatten().unwrap_or_else(|| Offer::unknown(Protocol::Oidc))
}

/// The inputs with what they started from.
#[derive(Clone, Copy)]
struct MappingInputs {
    fields: MappingFields,
    before: RwSignal<UserMapping>,
}

impl TabInputs for MappingInputs {
    fn change(&self) -> ProviderChange {
        self.before.with(|before| mapping_change(&self.fields.get(), before))
    }

    fn check(&self) -> Problems {
        check_mapping(&self.fields.get())
    }

    fn reset(&self, detail: &ProviderDetail) {
        self.before.set(detail.provider.mapping.clone());
        self.fields.set(detail.provider.mapping.clone());
    }

    fn at_page_fields(&self, error: ApiError) -> ApiError {
        at_page_fields(error, &[])
    }
}
