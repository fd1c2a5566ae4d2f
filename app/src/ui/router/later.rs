//! Pages whose code is fetched when one of them is first shown.

use std::future::Future;

use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};

use crate::ui::components::Button;

/// What draws a page.
pub type Draw = fn() -> AnyView;

/// Draws a page as soon as its code is there.
pub fn later<F>(fetch: fn() -> F) -> AnyView
where
    F: Future<Output = Result<Draw, SplitLoaderError>> + 'static,
{
    let answer = RwSignal::new(None::<Option<Draw>>);
    let ask = move || {
        let fetching = fetch();
        spawn_local(async move {
            let fetched = fetching.await.ok();
            answer.try_set(Some(fetched));
        });
    };
    ask();
    (move || {
        match answer.get() {
        Some(Some(draw)) => untrack(draw),
        Some(None) => view! {
            <div class="empty is-error" role="alert">
                <p class="empty-title">"This page could not be loaded."</p>
                <div class="empty-action"><Button on_click=move |()| { answer.set(None); ask() }>"Try again"</Button></div>
            </div>
        }
        .into_any(),
        None => ().into_any(),
    }
    }).into_any()
}
