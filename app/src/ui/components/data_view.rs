//! The states of data from the server, drawn the same everywhere.

use std::sync::Arc;

use leptos::prelude::*;

use super::{ErrorState, Skeleton, SkeletonShape, redraw};
use crate::ui::state::{Load, held::Data, load::AnyLoad};

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
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let draw = move |data: Data| data.downcast_ref::<T>().map(|data| children(data.clone()).into_any());
    states(resource.any(), shape, skeleton, Arc::new(draw))
}

/// The one copy of the states, whatever the type of the data.
fn states(
    load: AnyLoad,
    shape: SkeletonShape,
    skeleton: usize,
    draw: Arc<dyn Fn(Data) -> Option<AnyView> + Send + Sync>,
) -> AnyView {
    let retry = Callback::new(move |()| load.refetch());
    let place = NodeRef::<leptos::html::Div>::new();
    let drawn = move || {
        let answer = load.answer.get();
        keep_focus(place);
        match answer {
            None => view! { <Skeleton shape count=skeleton /> }.into_any(),
            Some(Ok(data)) => untrack(|| draw(data)).into_any(),
            Some(Err(error)) => view! { <ErrorState error on_retry=retry /> }.into_any(),
        }
    };
    // Errors and skeletons are not marked as busy.
    let is_refreshed = move || load.busy.get() && load.answer.with(Option::is_some);
    view! {
        <div class="data" tabindex="-1" node_ref=place aria-busy=move || is_refreshed().then_some("true")>
            {redraw(drawn)}
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
