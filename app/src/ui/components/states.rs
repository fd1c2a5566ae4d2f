//! What a page shows instead of data: an empty state, an error, a skeleton.

use leptos::prelude::*;

use super::{Button, Icon, IconView};
use crate::{api::ApiError, domain::words::plural};

/// An empty state: one line about what belongs here, one action.
#[component]
pub fn EmptyState(
    /// What is missing: "No API tokens yet".
    #[prop(into)]
    title: String,
    /// One line of what belongs here.
    #[prop(optional, into)]
    text: String,
    /// One action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{title}</p>
            {(!text.is_empty()).then(|| view! { <p class="empty-text">{text}</p> })}
            {children.map(|children| view! { <div class="empty-action">{children()}</div> })}
        </div>
    }
}

/// Nothing matches the filters.
#[component]
pub fn FilteredEmpty(
    /// What was looked for, in the singular: "provider".
    #[prop(into)]
    noun: String,
    /// What was searched for, if anything.
    #[prop(optional, into)]
    search: String,
    /// Called to clear the filters.
    #[prop(into)]
    on_clear: Callback<()>,
) -> impl IntoView {
    let noun = plural(&noun);
    let title = if search.is_empty() {
        format!("No {noun} match these filters.")
    } else {
        format!("No {noun} match “{search}”.")
    };
    view! {
        <div class="empty">
            <p class="empty-title" role="status">{title}</p>
            <div class="empty-action">
                <Button on_click=move |()| on_clear.run(())>"Clear filters"</Button>
            </div>
        </div>
    }
}

/// An error in place of the data, with a retry.
#[component]
pub fn ErrorState(
    /// How it failed.
    error: ApiError,
    /// Called to retry; without it, there is no button.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <div class="empty is-error" role="alert">
            <IconView icon=Icon::Warning />
            <p class="empty-title">{error.explain()}</p>
            {on_retry
                .map(|retry| {
                    view! {
                        <div class="empty-action">
                            <Button on_click=move |()| retry.run(())>"Try again"</Button>
                        </div>
                    }
                })}
        </div>
    }
}

/// What a skeleton imitates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SkeletonShape {
    /// Rows of a table.
    #[default]
    Rows,
    /// Fields of a form.
    Form,
    /// Lines of text.
    Text,
}

/// Grey shapes in place of data. Assistive technology announces "Loading".
#[component]
pub fn Skeleton(
    /// What it imitates.
    #[prop(optional)]
    shape: SkeletonShape,
    /// How many.
    #[prop(default = 5)]
    count: usize,
) -> impl IntoView {
    let class = match shape {
        SkeletonShape::Rows => "skeleton skeleton-rows",
        SkeletonShape::Form => "skeleton skeleton-form",
        SkeletonShape::Text => "skeleton skeleton-text",
    };
    view! {
        <div class=class role="status">
            <span class="visually-hidden">"Loading"</span>
            {(0..count).map(|_| view! { <span class="skeleton-bar" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}
