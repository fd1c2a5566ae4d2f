use leptos::prelude::*;
#[component]
pub fn ProviderGallery() -> impl IntoView {}
