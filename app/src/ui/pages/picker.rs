//! Choosing an object from the server: a search and a short list of results.

use std::{future::Future, pin::Pin};

use leptos::prelude::*;
use uuid::Uuid;

use super::filters::{Pause, SearchInput};
use crate::{
    api::ApiError,
    domain::{
        page::{Page, PageRequest},
        words::plural,
    },
    ui::{
        components::{Button, Callout, DataView, DialogActions, EmptyState, Tone},
        state::{Submit, use_load},
    },
};

/// How many are listed before one has to search.
pub const LISTED: PageRequest = PageRequest { offset: 0, limit: 10 };

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// What is chosen.
    pub id: Uuid,
    /// How it reads.
    pub label: String,
    /// What distinguishes it from others of that name.
    pub note: String,
}

/// A search that runs.
pub type Finding = Pin<Box<dyn Future<Output = Result<Page<Pick>, ApiError>>>>;

/// Makes a call to the server a search.
pub fn finding<T: 'static>(
    call: impl Future<Output = Result<Page<T>, ApiError>> + 'static,
    read: fn(T) -> Pick,
) -> Finding {
    Box::pin(async move { Ok(call.await?.map(read)) })
}

/// A search and what it finds, each with a button. Stands in a dialog.
#[component]
pub fn Picker(
    /// Whether the dialog around is open.
    open: RwSignal<bool>,
    /// What there is to choose, in the plural: "providers".
    noun: &'static str,
    /// Said when there is nothing at all.
    nothing: &'static str,
    /// The verb on the buttons: "Link".
    action: &'static str,
    /// Searches for a text; everything when it is empty.
    find: Callback<String, Finding>,
    /// What is done with the choice.
    chosen: Submit<Pick>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let wanted = RwSignal::new(String::new());
    let pause = Pause::new();
    let changed = Callback::new(move |()| {
        pause.then(Box::new(move || {
            if let Some(text) = typed.try_get_untracked() {
                wanted.try_set(text.trim().to_owned());
            }
        }));
    });
    let found = use_load(move || find.run(wanted.get()));
    let draw = move |page: Page<Pick>| {
        if page.items.is_empty() {
            let text = wanted.get_untracked();
            let title =
                if text.is_empty() { nothing.to_owned() } else { format!("No {} match “{text}”.", plural(noun)) };
            return view! { <EmptyState title /> }.into_any();
        }
        let more = page.total.saturating_sub(page.items.len() as u64);
        let rows = page.items.into_iter().map(|pick| row(pick, action, chosen)).collect_view();
        view! {
            <ul class="picks" aria-label=plural(noun)>{rows}</ul>
            {(more > 0).then(|| view! { <p class="field-help">{format!("{more} more. Search to find them.")}</p> })}
        }
        .into_any()
    };
    view! {
        <div class="dialog-body">
            <SearchInput id="picker-search".to_owned() label=format!("Search {}", plural(noun)) placeholder=String::new() typed changed />
            <DataView resource=found skeleton=3 let:page>{draw(page)}</DataView>
        </div>
        {move || chosen.error.get().map(|error| view! { <Callout tone=Tone::Danger title=error.explain() /> })}
        <DialogActions>
            <Button on_click=move |()| open.set(false)>"Close"</Button>
        </DialogActions>
    }
}

fn row(pick: Pick, action: &'static str, chosen: Submit<Pick>) -> AnyView {
    let Pick { id: _, label, note } = pick.clone();
    view! {
        <li class="pick">
            <span class="pick-words">{label.clone()} <span class="muted">{note}</span></span>
            <Button label=format!("{action} {label}") busy=chosen.busy on_click=move |()| chosen.run(pick.clone())>{action}</Button>
        </li>
    }
    .into_any()
}
