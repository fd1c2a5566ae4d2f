use leptos::prelude::*;
#[component]
pub fn Account() -> impl IntoView {}
#[component]
pub fn Administrators() -> impl IntoView {}
#[component]
pub fn Settings() -> impl IntoView {}
#[component]
pub fn Tokens() -> impl IntoView {}
