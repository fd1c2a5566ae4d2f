//! The provider's address, the client, and the result of discovery.

use leptos::prelude::*;

use super::{state::CreateState, step_frame::StepFrame};
use crate::ui::{
    components::{Button, Callout, Field, FieldKind, Skeleton, SkeletonShape, Tone, Variant},
    pages::providers::{
        discovery_panel::DiscoveryPanel, fields::ConnectFields, forms::step::Step, secret_input::SecretInputField,
        tls_switch::TlsSwitch,
    },
};

/// The first step.
#[component]
pub fn ConnectStep(
    /// The state of creating.
    state: CreateState,
    /// The inputs.
    fields: ConnectFields,
) -> impl IntoView {
    // Pressing Enter fetches as long as nothing has been fetched.
    let submit = move |()| {
        let draft = fields.get();
        let is_fetched =
            state.fetched.with_untracked(|fetched| fetched.as_ref().is_some_and(|last| last.answers(&draft)));
        if is_fetched || draft.client_id.trim().is_empty() && !draft.discovery_url.trim().is_empty() {
            state.go_on();
        } else {
            state.start_fetch(fields);
        }
    };
    view! {
        <StepFrame
            state
            step=Step::Connect
            lead="Vestibule reads endpoints, scopes and claims from the provider."
            busy=state.fetch.busy
            on_submit=Callback::new(move |()| untrack(|| submit(())))
        >
            <div class="provider-fetch">
                <Field
                    label="Issuer or discovery URL"
                    name="discovery_url"
                    value=fields.discovery_url
                    kind=FieldKind::Url
                    monospace=true
                    placeholder="https://id.example.com/realms/acme"
                    help="Enter the issuer, or the URL that ends in /.well-known/openid-configuration."
                />
                <Button variant=Variant::Secondary busy=state.fetch.busy on_click=move |()| state.start_fetch(fields)>
                    "Fetch"
                </Button>
            </div>
            <Field
                label="Client ID"
                name="client_id"
                value=fields.client_id
                monospace=true
                help="From the application or client that you registered at the provider."
            />
            <SecretInputField
                label="Client secret"
                name="client_secret"
                value=fields.client_secret
                help="Stored encrypted and never shown again. Leave empty for a public client."
            />
            <TlsSwitch value=fields.verify_tls />
            <FetchResult state fields />
        </StepFrame>
    }
}

/// The result of the fetch.
#[component]
fn FetchResult(
    /// The state of creating.
    state: CreateState,
    /// The inputs.
    fields: ConnectFields,
) -> impl IntoView {
    let is_outdated = Memo::new(move |_| {
        let draft = fields.get();
        state.fetched.with(|fetched| fetched.as_ref().is_some_and(|last| !last.answers(&draft)))
    });
    view! {
        <div class="provider-fetch-result" aria-live="polite" aria-busy=move || state.fetch.busy.get().then_some("true")>
            {move || {
                if state.fetch.busy.get() {
                    return Some(view! { <Skeleton shape=SkeletonShape::Text count=4 /> }.into_any());
                }
                if let Some(error) = state.fetch.error.get() {
                    return Some(view! { <Callout tone=Tone::Danger title=error.explain() /> }.into_any());
                }
                let report = state.fetched.get()?.report;
                Some(
                    view! {
                        <Show when=move || is_outdated.get()>
                            <Callout tone=Tone::Info title="This result is outdated.">
                                <p>"The URL or the certificate check changed. Fetch again to continue."</p>
                            </Callout>
                        </Show>
                        <DiscoveryPanel report />
                    }
                        .into_any(),
                )
            }}
        </div>
    }
}
