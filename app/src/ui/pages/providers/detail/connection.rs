//! The settings of a provider's connection.

use leptos::prelude::*;

use super::{
    connection_fields::ConnectionFields,
    ldap_connection::{LdapConnection, StoredDirectory},
    saml_connection::{SamlConnection, StoredSaml},
    state::ProviderState,
    tab_form::{TabForm, TabFormFrame},
};
use crate::{
    domain::{discovery::DiscoveryReport, patch::Patch},
    ui::{
        components::{Callout, Checkbox, Field, FieldKind, SecretField, SecretState, Tone},
        pages::providers::{
            forms::{connection_change::ConnectionDraft, suggested::supports_pkce},
            scope_editor::ScopeEditor,
            sign_in_switches::OpenIdSwitches,
            tls_switch::TlsSwitch,
        },
    },
};

/// The connection tab.
#[component]
pub fn ProviderConnection() -> impl IntoView {
    let state = ProviderState::current();
    let draft = untrack(|| state.read(|detail| ConnectionDraft::of(&detail.provider))).flatten();
    let saml = untrack(|| state.read(|detail| StoredSaml::of(&detail.provider))).flatten();
    if let Some(stored) = saml {
        return view! { <SamlConnection state stored /> }.into_any();
    }
    if let Some(stored) = untrack(|| state.read(|detail| StoredDirectory::of(&detail.provider))).flatten() {
        return view! { <LdapConnection state stored /> }.into_any();
    }
    draft.map(|draft| view! { <ConnectionForm state draft /> }).into_any()
}

/// The form of an OpenID provider.
#[component]
fn ConnectionForm(
    /// The provider.
    state: ProviderState,
    /// What is stored.
    draft: ConnectionDraft,
) -> impl IntoView {
    let fields = ConnectionFields::new(draft);
    let form = TabForm::new(state, fields);
    let report = untrack(|| stored_report(state));
    let pkce_supported = report.as_ref().map(supports_pkce);
    let attributes =
        Signal::derive(move || state.read(|detail| detail.provider.mapping.attributes.clone()).unwrap_or_default());
    view! {
        <h2 class="visually-hidden">"Connection"</h2>
        <TabFormFrame form label="Connection">
            <Field label="Name" name="name" value=fields.label help="Shown to users on the sign-in page and to administrators." />
            <fieldset class="provider-fieldset">
                <legend>"Provider and client"</legend>
                <Field
                    label="Issuer or discovery URL"
                    name="discovery_url"
                    value=fields.discovery_url
                    kind=FieldKind::Url
                    monospace=true
                    help="Endpoints are read from there; they cannot be entered by hand."
                />
                <TlsSwitch value=fields.verify_tls />
                <Show when=move || fields.reconnects()>
                    <Callout tone=Tone::Info title="Saving reads the discovery document again.">
                        <p>"If the provider cannot be reached or used, nothing is saved."</p>
                    </Callout>
                </Show>
                <Field label="Client ID" name="client_id" value=fields.client_id monospace=true />
                <Secret state fields />
            </fieldset>
            <fieldset class="provider-fieldset">
                <legend>"Signing in"</legend>
                <ScopeEditor value=fields.sign_in.extra_scopes attributes report />
                <OpenIdSwitches fields=fields.sign_in pkce_supported />
                <Field
                    label="Account management URL"
                    name="management_url"
                    value=fields.management_url
                    kind=FieldKind::Url
                    monospace=true
                    optional=true
                    help="Where users change their password and personal data at the provider."
                />
            </fieldset>
        </TabFormFrame>
    }
}

/// The secret: kept, replaced or removed.
#[component]
fn Secret(
    /// The provider.
    state: ProviderState,
    /// The inputs.
    fields: ConnectionFields,
) -> impl IntoView {
    let stored = Memo::new(move |_| {
        state
            .read(|detail| {
                detail
                    .provider
                    .oidc()
                    .map(|oidc| SecretState::new(oidc.has_client_secret, oidc.client_secret_changed_at))
            })
            .flatten()
            .unwrap_or_default()
    });
    let secret = fields.secret;
    let is_removed = Memo::new(move |_| secret.with(|secret| *secret == Patch::Clear));
    let disabled = Signal::derive(move || is_removed.get() || !state.may_edit());
    // The checkbox shows whether the secret is removed, and changes it.
    let is_ticked = RwSignal::new(false);
    Effect::new(move || is_ticked.set(is_removed.get()));
    Effect::new(move || {
        let is_ticked = is_ticked.get();
        if is_ticked != is_removed.get_untracked() {
            secret.set(if is_ticked { Patch::Clear } else { Patch::Keep });
        }
    });
    view! {
        <SecretField
            label="Client secret"
            name="client_secret"
            state=stored
            value=secret
            disabled
            help="Stored encrypted and never shown again."
        />
        <Show when=move || stored.get() != SecretState::NotSet && secret.with(|secret| secret.value().is_none())>
            <Checkbox
                label="Remove the stored secret"
                name="remove_client_secret"
                value=is_ticked
                help="For a public client, which has none."
            />
        </Show>
    }
}

/// The report of the last discovery. Tracked.
pub fn stored_report(state: ProviderState) -> Option<DiscoveryReport> {
    state.read(|detail| detail.discovery.as_ref().map(|last| last.report.clone())).flatten()
}
