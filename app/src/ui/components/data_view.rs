//! The states of data that comes from the server, drawn the same everywhere.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

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
    let children: Arc<dyn Fn(T) -> AnyView + Send + Sync> = Arc::new(move |value| children(value).into_any());
    let retry = Callback::new(move |()| resource.refetch());
    let drawn = move || {
        let children = Arc::clone(&children);
        resource.get().map(move |answer| match answer {
            Ok(value) => anew(Arc::new(move || children(value.clone()))),
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

/// Draws an answer from nothing. Keyed by a number of its own, since with erased component types Leptos would patch the
/// rows of the answer before into these and get it wrong (docs/adr/0008-erased-component-types.md).
fn anew(draw: Arc<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    let number = DRAWN.fetch_add(1, Ordering::Relaxed);
    view! { <For each=move || [number] key=|number| *number children=move |_| draw() /> }.into_any()
}

static DRAWN: AtomicU32 = AtomicU32::new(0);

fn failed(session: Option<Session>, error: ApiError, retry: Callback<()>) -> AnyView {
    if let Some(session) = session {
        session.observe(&error);
    }
    view! { <ErrorState error on_retry=retry /> }.into_any()
}
