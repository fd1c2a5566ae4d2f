//! Pages whose code is fetched when one of them is first shown.

use std::future::Future;

use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};

use crate::ui::components::{Button, PageHeader, Skeleton, SkeletonShape};

/// What draws a page.
pub type Draw = fn() -> AnyView;

/// Draws a page as soon as its code is there, and a skeleton until then.
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
    let retry = Callback::new(move |()| {
        answer.set(None);
        ask();
    });
    (move || match answer.get() {
        Some(Some(draw)) => untrack(draw),
        Some(None) => failed(retry),
        None => view! { <Skeleton shape=SkeletonShape::Form count=4 /> }.into_any(),
    })
    .into_any()
}

/// The page could not be fetched: the network is down, or the server was updated and has other files now.
fn failed(retry: Callback<()>) -> AnyView {
    let reload = move |()| _ = window().location().reload();
    view! {
        <PageHeader title="Page not loaded" />
        <div class="empty is-error" role="alert">
            <p class="empty-title">"This page could not be loaded."</p>
            <p class="empty-text">"Check your connection, or reload the page if the server was updated."</p>
            <div class="empty-action">
                <Button on_click=move |()| retry.run(())>"Try again"</Button>
                " "
                <Button on_click=reload>"Reload"</Button>
            </div>
        </div>
    }
    .into_any()
}
