//! Parts of a page.

use leptos::prelude::*;

/// A section of a page with a heading of its own.
#[component]
pub fn Card(
    /// The heading.
    #[prop(into)]
    title: String,
    /// A line below it.
    #[prop(optional, into)]
    lead: String,
    /// Whether it holds what loses data.
    #[prop(optional)]
    danger: bool,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" class:is-danger=danger>
            <header class="card-header">
                <h2>{title}</h2>
                {(!lead.is_empty()).then(|| view! { <p class="card-lead">{lead}</p> })}
            </header>
            <div class="card-body">{children()}</div>
        </section>
    }
}

/// Names and values.
#[component]
pub fn DetailList(
    /// [`Detail`]s.
    children: Children,
) -> impl IntoView {
    view! { <dl class="details">{children()}</dl> }
}

/// A name and its value.
#[component]
pub fn Detail(
    /// The name.
    #[prop(into)]
    label: String,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="detail">
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
