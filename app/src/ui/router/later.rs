//! Pages whose code is fetched when one of them is first shown.

use std::future::Future;

use leptos::{prelude::*, task::spawn_local, wasm_split::SplitLoaderError};

use crate::ui::components::{Button, PageHeader, Skeleton, SkeletonShape};

/// What draws a page.
pub type Draw = fn() -> AnyView;

/// Draws a page as soon as its code is there, and a skeleton until then.
pub fn later<F>(fetch: impl Fn() -> F + Copy + Send + Sync + 'static) -> AnyView
where
    F: Future<Output = Result<Draw, SplitLoaderError>> + 'static,
{
    draw_later(fetch, |retry| {
        view! {
            <PageHeader title="Page not loaded" />
            <Failed retry />
        }
        .into_any()
    })
}

/// Like [`later`], for a page in a layout that has the heading and sets the title.
pub fn later_within<F>(fetch: impl Fn() -> F + Copy + Send + Sync + 'static) -> AnyView
where
    F: Future<Output = Result<Draw, SplitLoaderError>> + 'static,
{
    draw_later(fetch, |retry| view! { <Failed retry /> }.into_any())
}

fn draw_later<F>(
    fetch: impl Fn() -> F + Copy + Send + Sync + 'static,
    draw_failure: fn(retry: Callback<()>) -> AnyView,
) -> AnyView
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
        Some(None) => draw_failure(retry),
        None => view! { <Skeleton shape=SkeletonShape::Form count=4 /> }.into_any(),
    })
    .into_any()
}

/// The page could not be fetched: the network is down, or the server was updated and has other files now.
#[component]
fn Failed(
    /// Fetches it again.
    retry: Callback<()>,
) -> impl IntoView {
    let reload = move |()| _ = window().location().reload();
    view! {
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
}
