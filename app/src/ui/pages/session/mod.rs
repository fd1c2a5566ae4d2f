use leptos::prelude::*;
#[component]
pub fn SetUp() -> impl IntoView {}
#[component]
pub fn SignIn() -> impl IntoView {}
