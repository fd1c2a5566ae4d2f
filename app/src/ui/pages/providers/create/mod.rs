//! Creating an OpenID provider, step by step.

use leptos::prelude::*;

use crate::ui::components::PageHeader;

/// The steps of creating an OpenID provider.
#[component]
pub fn CreateOidc() -> impl IntoView {
    view! { <PageHeader title="Add an OpenID Connect provider" /> }
}
