//! The form of a stored SAML provider.

use leptos::prelude::*;

use super::{
    state::ProviderState,
    tab_form::{TabForm, TabFormFrame, TabInputs},
};
use crate::{
    api::{
        ApiError,
        provider_form::{ConnectionChange, ProviderChange},
    },
    domain::provider::{IdentityProvider, ProviderConfig, detail::ProviderDetail},
    ui::{
        components::Field,
        pages::providers::{
            forms::{
                connection_change::changed,
                problems::{Problems, at_page_fields},
                saml::{SamlDraft, check_saml},
            },
            saml::{MetadataReader, SamlFields, SamlInputs},
        },
    },
};

/// The form of a SAML provider. Metadata that is read again fills it; nothing is stored before it is saved.
#[component]
pub(super) fn SamlConnection(
    /// The provider.
    state: ProviderState,
    /// What is stored.
    stored: StoredSaml,
) -> impl IntoView {
    let inputs = Inputs {
        label: RwSignal::new(stored.label.clone()),
        fields: SamlFields::new(stored.settings.clone()),
        before: RwSignal::new(stored),
    };
    let form = TabForm::new(state, inputs);
    let reader = MetadataReader::new(inputs.fields, Callback::new(|_| ()));
    view! {
        <h2 class="visually-hidden">"Connection"</h2>
        <TabFormFrame form label="Connection">
            <Field label="Name" name="name" value=inputs.label help="Shown to users on the sign-in page and to administrators." />
            {reader.view()}
            <SamlInputs fields=inputs.fields />
        </TabFormFrame>
    }
}

/// What the form starts with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StoredSaml {
    label: String,
    settings: SamlDraft,
}

impl StoredSaml {
    /// What is stored of a provider, when it is a SAML provider.
    pub(super) fn of(provider: &IdentityProvider) -> Option<Self> {
        let ProviderConfig::Saml(config) = &provider.config else { return None };
        Some(Self { label: provider.label().to_owned(), settings: SamlDraft::of(config) })
    }
}

/// The inputs with what they started from.
#[derive(Clone, Copy)]
struct Inputs {
    label: RwSignal<String>,
    fields: SamlFields,
    before: RwSignal<StoredSaml>,
}

impl TabInputs for Inputs {
    fn change(&self) -> ProviderChange {
        let (before, settings, label) = (self.before.get(), self.fields.get(), self.label.get());
        ProviderChange {
            label: changed(&label, &before.label),
            connection: (settings != before.settings).then(|| ConnectionChange::Saml(settings.input())),
            ..ProviderChange::default()
        }
    }

    fn check(&self) -> Problems {
        let mut problems = check_saml(&self.fields.get());
        problems.require("name", &self.label.get(), "Enter the name that users and administrators see.");
        problems
    }

    fn reset(&self, detail: &ProviderDetail) {
        let Some(stored) = StoredSaml::of(&detail.provider) else { return };
        self.before.set(stored.clone());
        self.label.set(stored.label);
        self.fields.set(stored.settings);
    }

    fn at_page_fields(&self, error: ApiError) -> ApiError {
        at_page_fields(error, &[])
    }
}
