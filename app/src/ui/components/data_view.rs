//! The states of data that comes from the server, drawn the same everywhere.

use std::sync::Arc;

use leptos::prelude::*;

use super::{ErrorState, Skeleton, SkeletonShape};
use crate::{api::ApiError, ui::state::Session};

/// Draws data once it is there: a skeleton before the first answer, an error with "Try again" instead of the data when
/// it fails, and the old data, marked busy, while newer is on its way. Ends the session when the server says so.
///
/// Whether the data is empty is for the children to tell: [`EmptyState`](super::EmptyState) and
/// [`FilteredEmpty`](super::FilteredEmpty).
#[component]
pub fn DataView<T, F, V>(
    /// The data.
    resource: LocalResource<Result<T, ApiError>>,
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
    let session = use_context::<Session>();
    let pending = RwSignal::new(false);
    let children = Arc::new(move |value| children(value).into_any());
    let retry = Callback::new(move |()| resource.refetch());
    let drawn = move || {
        let children = Arc::clone(&children);
        resource.get().map(move |answer| match answer {
            Ok(value) => children(value),
            Err(error) => failed(session, error, retry),
        })
    };
    view! {
        <div class="data" aria-busy=move || pending.get().then_some("true")>
            <Transition fallback=move || view! { <Skeleton shape count=skeleton /> } set_pending=pending>
                {drawn.clone()}
            </Transition>
        </div>
    }
}

fn failed(session: Option<Session>, error: ApiError, retry: Callback<()>) -> AnyView {
    if let Some(session) = session {
        session.observe(&error);
    }
    view! { <ErrorState error on_retry=retry /> }.into_any()
}
