//! The place in a layout where the page is shown.

use leptos::prelude::*;

use super::{
    Router,
    matching::{Matched, Params},
};

/// How many layouts are around.
#[derive(Clone, Copy)]
struct Depth(usize);

/// The values of the `:name`s in the path of the enclosing layout or page.
#[derive(Clone, Copy)]
struct Here(Memo<Params>);

/// Shows the page that belongs to the address, or the next layout on the way to it. The root needs one as well.
#[component]
pub fn Outlet() -> impl IntoView {
    let router = Router::current();
    let depth = use_context::<Depth>().map_or(0, |Depth(depth)| depth);
    let shown = Memo::new_with_compare(
        move |_| router.matched.with(|matched| matched.get(depth).cloned()),
        |before, now| match (before.and_then(Option::as_ref), now.and_then(Option::as_ref)) {
            (Some(before), Some(now)) => !before.is(now.route),
            (before, now) => before.is_some() != now.is_some(),
        },
    );
    // Keyed, so that a page is not patched into the next one, with its focus and its open menus.
    view! {
        <For each=move || shown.get() key=Matched::address let:matched>
            {untrack(|| enter(router, depth, &matched))}
        </For>
    }
}

/// Draws a layout or page, which finds its own parameters and the depth below it in context.
fn enter(router: Router, depth: usize, matched: &Matched) -> AnyView {
    let (route, params) = (matched.route, matched.params.clone());
    // A page that is being left must not receive the parameters of the next one.
    let params = Memo::new(move |before: Option<&Params>| {
        let own = |all: &Vec<Matched>| {
            all.get(depth).filter(|matched| matched.is(route)).map(|matched| matched.params.clone())
        };
        router.matched.with(own).or_else(|| before.cloned()).unwrap_or_else(|| params.clone())
    });
    provide_context(Here(params));
    provide_context(Depth(depth + 1));
    matched.draw()
}

/// The value of `:name` in the path of the enclosing layout or page; empty when there is no such name.
pub fn use_param(name: &'static str) -> Signal<String> {
    let Some(Here(params)) = use_context::<Here>() else { return Signal::stored(String::new()) };
    Signal::derive(move || {
        params.with(|params| {
            params.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).unwrap_or_default()
        })
    })
}
