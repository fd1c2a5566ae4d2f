//! The page for unknown paths.

use leptos::prelude::*;

use crate::ui::{
    components::{LinkButton, PageHeader},
    routes,
};

/// The page for unknown paths.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <PageHeader title="Page not found" lead="There is no page at this address. The link may be outdated or mistyped." />
        <LinkButton href=routes::PROVIDERS>"Go to providers"</LinkButton>
    }
}
