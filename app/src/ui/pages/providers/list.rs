use leptos::prelude::*;
#[component]
pub fn ProviderList() -> impl IntoView {}
