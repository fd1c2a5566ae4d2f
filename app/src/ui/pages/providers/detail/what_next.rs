//! The next steps after a provider was created.

use leptos::prelude::*;

use super::{service_values::ServiceValues, state::ProviderState};
use crate::{
    domain::provider::Protocol,
    ui::{
        components::{Callout, CopyButton, Tone},
        routes::ProviderTab,
        state::use_query,
    },
};

/// Shown once, when creating led here (`created=1` in the URL).
#[component]
pub fn WhatNext(
    /// The provider.
    state: ProviderState,
) -> impl IntoView {
    let query = use_query();
    let is_new = Memo::new(move |_| query.get("created") == "1");
    let callback_url = Signal::derive(move || state.read(|detail| detail.callback_url.clone()).unwrap_or_default());
    let protocol = Memo::new(move |_| state.read(|detail| detail.provider.config.protocol()));
    let is_enabled = Memo::new(move |_| state.read(|detail| detail.provider.enabled).unwrap_or_default());
    view! {
        <Show when=move || is_new.get()>
            <Callout tone=Tone::Success title="The provider is saved. What next?">
                <ol class="what-next">
                    {move || match protocol.get() {
                        Some(Protocol::Saml) => saml(state),
                        Some(Protocol::Ldap) => then_test(state),
                        _ => open_id(state, callback_url),
                    }}
                    <li>
                        {move || {
                            if is_enabled.get() {
                                "It is enabled: applications that read the list of providers now offer it."
                            } else {
                                "Turn on “Users may sign in” above when everything is ready."
                            }
                        }}
                    </li>
                </ol>
                <button type="button" class="link" on:click=move |_| query.set(&[("created", String::new())])>
                    "Hide this"
                </button>
            </Callout>
        </Show>
    }
}

/// The redirect URI of an OpenID provider.
fn open_id(state: ProviderState, callback_url: Signal<String>) -> AnyView {
    view! {
        <li>
            "Add the callback URL to the client's redirect URIs at the provider: "
            <code class="callback">{callback_url}</code>
            " "
            <CopyButton value=callback_url label="callback URL" />
        </li>
        <li>
            "Paste a real user's ID token into the preview of the "
            <a href=ProviderTab::Mapping.path(state.id)>"mapping"</a>
            " to see the result."
        </li>
    }
    .into_any()
}

/// The values that a SAML provider needs about Vestibule.
fn saml(state: ProviderState) -> AnyView {
    view! {
        <li>"Enter these values at the provider:" <ServiceValues state /></li>
        {then_test(state)}
    }
    .into_any()
}

fn then_test(state: ProviderState) -> AnyView {
    view! {
        <li>
            <a href=ProviderTab::Test.path(state.id)>"Test the connection"</a>
            "."
        </li>
    }
    .into_any()
}
