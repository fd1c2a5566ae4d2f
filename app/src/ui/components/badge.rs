//! Badges: a state as text with a shape and a colour, since colour alone is not accessible.

use leptos::prelude::*;

use super::{IconView, Tone};
use crate::domain::{provider::Protocol, tenant::TenantStatus};

/// A state as text with a shape and a colour.
#[component]
pub fn StatusBadge(
    /// How the state is to be understood.
    #[prop(optional)]
    tone: Tone,
    /// The text.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <span class=format!("badge tone-{}", tone.as_str())>
            <IconView icon=tone.icon() />
            {label}
        </span>
    }
}

/// Whether a provider is enabled.
#[component]
pub fn EnabledBadge(
    /// Whether it is.
    enabled: bool,
) -> impl IntoView {
    let (tone, label) = if enabled { (Tone::Success, "Enabled") } else { (Tone::Neutral, "Disabled") };
    view! { <StatusBadge tone label /> }
}

/// Whether a tenant's users may sign in.
#[component]
pub fn TenantBadge(
    /// The tenant's status.
    status: TenantStatus,
) -> impl IntoView {
    let (tone, label) = match status {
        TenantStatus::Active => (Tone::Success, "Active"),
        TenantStatus::Suspended => (Tone::Warning, "Suspended"),
    };
    view! { <StatusBadge tone label /> }
}

/// The protocol of a provider.
#[component]
pub fn ProtocolBadge(
    /// The protocol.
    protocol: Protocol,
) -> impl IntoView {
    view! { <span class=format!("protocol protocol-{}", protocol.as_str())>{protocol.label()}</span> }
}
