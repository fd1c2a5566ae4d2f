//! The form of a stored directory: its connection, its users and groups, and its synchronisation.

use leptos::prelude::*;

use super::{
    state::ProviderState,
    tab_form::{TabForm, TabFormFrame, TabInputs},
};
use crate::{
    api::{
        ApiError,
        connection_tests::TestForm,
        directories::DirectoryForm,
        provider_form::{ConnectionChange, ConnectionForm, ProviderChange},
        wire::SecretInput,
    },
    domain::{
        mapping::UserMapping,
        patch::Patch,
        provider::{IdentityProvider, LdapSection, ProviderConfig, detail::ProviderDetail},
    },
    ui::{
        components::{Card, Field, SecretState},
        pages::providers::{
            forms::{
                connection_change::changed,
                ldap::LdapDraft,
                problems::{Problems, at_page_fields},
            },
            ldap::{DirectoryReader, DirectoryRequest, LdapFields, ReaderPanel, sections},
            testing::{TestPanel, TestRun},
        },
    },
};

const ABOVE: [LdapSection; 4] =
    [LdapSection::Product, LdapSection::Servers, LdapSection::Bind, LdapSection::Certificates];
const BELOW: [LdapSection; 7] = [
    LdapSection::UserSearch,
    LdapSection::UserAttributes,
    LdapSection::Limits,
    LdapSection::Groups,
    LdapSection::GroupSearch,
    LdapSection::Schedule,
    LdapSection::Effects,
];

/// The form of a directory.
#[component]
pub(super) fn LdapConnection(
    /// The provider.
    state: ProviderState,
    /// What is stored.
    stored: StoredDirectory,
) -> impl IntoView {
    let inputs = Inputs {
        label: RwSignal::new(stored.label.clone()),
        fields: LdapFields::new(&stored.settings, true),
        before: RwSignal::new(stored),
    };
    let fields = inputs.fields;
    let form = TabForm::new(state, inputs);
    let reader = DirectoryReader::new(fields, form_of(state, fields));
    let secret = Signal::derive(move || secret(state).unwrap_or_default());
    let run = TestRun::new();
    let test = Callback::new(move |()| {
        run.start(untrack(|| form_of(state, fields).run(())).map(test_of), || ());
    });
    view! {
        <h2 class="visually-hidden">"Connection"</h2>
        <TabFormFrame form label="Connection">
            <Field label="Name" name="name" value=inputs.label help="Shown to users on the sign-in page and to administrators." />
            {sections(fields, reader, secret, &ABOVE)}
            <Show when=move || state.may_edit()><ReaderPanel reader fields /></Show>
            {sections(fields, reader, secret, &BELOW)}
        </TabFormFrame>
        <Show when=move || state.may_edit()>
            <Card title="Test before saving" lead="Tests the settings above without saving them.">
                <TestPanel run on_start=test />
            </Card>
        </Show>
    }
}

/// The settings to read a directory with: the inputs, and the stored password while none is entered.
pub(super) fn form_of(state: ProviderState, fields: LdapFields) -> DirectoryRequest {
    Callback::new(move |()| {
        let stored = state.read(|detail| (detail.provider.owner, detail.provider.mapping.clone()));
        let (owner, mapping) = stored.unwrap_or((None, UserMapping::default()));
        fields.get().directory(Some(state.id), owner, mapping)
    })
}

/// The test of the settings that a directory is read with.
fn test_of(form: DirectoryForm) -> TestForm {
    let DirectoryForm { provider, owner, settings, mapping } = form;
    let connection = Some(ConnectionForm::Ldap(Box::new(settings)));
    TestForm { provider, owner, connection, mapping: Some(mapping) }
}

fn secret(state: ProviderState) -> Option<SecretState> {
    let found = state.read(|detail| match &detail.provider.config {
        ProviderConfig::Ldap(config) => {
            Some(SecretState::new(config.has_bind_password, config.bind_password_changed_at))
        }
        ProviderConfig::Oidc(_) | ProviderConfig::Saml(_) => None,
    });
    found.flatten()
}

/// The initial state of the form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StoredDirectory {
    label: String,
    /// The settings.
    pub(super) settings: LdapDraft,
    has_password: bool,
}

impl StoredDirectory {
    /// The stored settings of a provider, when it is a directory.
    pub(super) fn of(provider: &IdentityProvider) -> Option<Self> {
        let ProviderConfig::Ldap(config) = &provider.config else { return None };
        let (label, settings) = (provider.label().to_owned(), LdapDraft::of(config));
        Some(Self { label, settings, has_password: config.has_bind_password })
    }
}

/// The inputs with their initial state.
#[derive(Clone, Copy)]
struct Inputs {
    label: RwSignal<String>,
    fields: LdapFields,
    before: RwSignal<StoredDirectory>,
}

impl TabInputs for Inputs {
    fn change(&self) -> ProviderChange {
        let (before, settings, label) = (self.before.get(), self.fields.get(), self.label.get());
        ProviderChange {
            label: changed(&label, &before.label),
            connection: (settings != before.settings).then(|| ConnectionChange::Ldap(Box::new(settings.form()))),
            ..ProviderChange::default()
        }
    }

    fn check(&self) -> Problems {
        let mut problems = self.fields.get().check(self.before.with(|before| before.has_password));
        problems.require("name", &self.label.get(), "Enter the name that users and administrators see.");
        self.ask_for_password(&problems);
        problems
    }

    fn reset(&self, detail: &ProviderDetail) {
        let Some(stored) = StoredDirectory::of(&detail.provider) else { return };
        self.label.set(stored.label.clone());
        self.fields.set(&stored.settings);
        self.before.set(stored);
    }

    fn at_page_fields(&self, error: ApiError) -> ApiError {
        let error = at_page_fields(error, &self.fields.get().list_items());
        self.ask_for_password(&Problems(error.problems().to_vec()));
        error
    }
}

impl Inputs {
    /// Shows the input of the password when it has a problem: the stored one must not be sent to other servers.
    fn ask_for_password(self, problems: &Problems) {
        if problems.0.iter().any(|problem| problem.field == "bind_password")
            && self.fields.new_password.with(|password| password.value().is_none())
        {
            self.fields.new_password.set(Patch::Set(SecretInput::default()));
        }
    }
}
