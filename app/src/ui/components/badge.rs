//! Small words with a shape: colour alone says nothing.

use leptos::prelude::*;

use super::{IconView, Tone};
use crate::domain::{provider::Protocol, tenant::TenantStatus};

/// A state in words, with a shape and a colour.
#[component]
pub fn StatusBadge(
    /// How the state is meant.
    #[prop(optional)]
    tone: Tone,
    /// The state in words.
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

/// What a provider speaks.
#[component]
pub fn ProtocolBadge(
    /// The protocol.
    protocol: Protocol,
) -> impl IntoView {
    view! { <span class=format!("protocol protocol-{}", protocol.as_str())>{protocol.label()}</span> }
}
