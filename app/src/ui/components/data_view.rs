//! The states of data from the server, drawn the same everywhere.

use std::sync::Arc;

use leptos::prelude::*;

use super::{ErrorState, Skeleton, SkeletonShape};
use crate::{api::ApiError, ui::state::Load};

/// Draws data: a skeleton before the first response, an error with "Try again" when loading fails, and the old data,
/// marked busy, while newer data is loading.
///
/// The children draw empty data with [`EmptyState`](super::EmptyState) and [`FilteredEmpty`](super::FilteredEmpty).
#[component]
pub fn DataView<T, F, V>(
    /// The data.
    resource: Load<T>,
    /// What the skeleton imitates.
    #[prop(optional)]
    shape: SkeletonShape,
    /// How many rows the skeleton has.
    #[prop(default = 5)]
    skeleton: usize,
    /// Draws the data: `let:rows`.
    children: F,
) -> impl IntoView
where
    T: Clone + Send + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    let answer = move || {
        let children = children.clone();
        resource.get().map(|answer| answer.map(|data| Box::new(move || children(data).into_any()) as Draw))
    };
    let is_loaded = move || resource.with(Option::is_some);
    let retry = Callback::new(move |()| resource.refetch());
    states(Box::new(answer), Box::new(is_loaded), retry, shape, skeleton)
}

type Draw = Box<dyn FnOnce() -> AnyView + Send>;
type Answer = Option<Result<Draw, ApiError>>;

/// The states, whatever the type of the data.
fn states(
    answer: Box<dyn Fn() -> Answer + Send + Sync>,
    is_loaded: Box<dyn Fn() -> bool + Send + Sync>,
    on_retry: Callback<()>,
    shape: SkeletonShape,
    skeleton: usize,
) -> AnyView {
    let place = NodeRef::<leptos::html::Div>::new();
    let is_pending = RwSignal::new(false);
    let drawings = StoredValue::new(0_u32);
    // Each answer has a key of its own, so that an entry that was opened in the last one is closed.
    let drawing = move || {
        keep_focus(place);
        drawings.update_value(|number| *number += 1);
        answer().map(|answer| (drawings.get_value(), answer))
    };
    view! {
        <div
            class="data"
            tabindex="-1"
            node_ref=place
            aria-busy=move || (is_pending.get() && is_loaded()).then_some("true")
        >
            <Transition fallback=move || view! { <Skeleton shape count=skeleton /> } set_pending=is_pending>
                <For each=drawing key=|(number, _)| *number let((_, answer))>
                    {match answer {
                        Ok(draw) => untrack(draw),
                        Err(error) => view! { <ErrorState error on_retry /> }.into_any(),
                    }}
                </For>
            </Transition>
        </div>
    }
    .into_any()
}

/// When rows are drawn again, the focus of a button in them is lost, and the next Tab would start at the top of the
/// page. The focus moves to the data instead.
fn keep_focus(place: NodeRef<leptos::html::Div>) {
    let Some(place) = place.get_untracked() else { return };
    if !place.contains(document().active_element().as_deref()) {
        return;
    }
    request_animation_frame(move || {
        if document().active_element().is_none_or(|focused| focused.tag_name() == "BODY") {
            let _ = place.focus();
        }
    });
}
