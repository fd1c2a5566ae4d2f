//! Whether a provider's TLS certificate is checked, with the consequences.

use leptos::prelude::*;

use crate::ui::components::{Callout, Switch, Tone};

/// The switch, and a warning while it is off. The server rejects what its operator forbids.
#[component]
pub fn TlsSwitch(
    /// Whether the certificate is checked.
    value: RwSignal<bool>,
    /// The name of the input.
    #[prop(default = "verify_tls")]
    name: &'static str,
    /// What an attacker could do.
    #[prop(
        default = "Without this check, anyone on the network path can impersonate the provider and sign in as any user. Turn it off for tests only."
    )]
    risk: &'static str,
) -> impl IntoView {
    view! {
        <Switch
            label="Check the TLS certificate"
            name=name
            value
            help="Leave this on unless the provider is a test system with a self-signed certificate."
        />
        <Show when=move || !value.get()>
            <Callout tone=Tone::Warning title="The connection to the provider can be intercepted."><p>{risk}</p></Callout>
        </Show>
    }
}
