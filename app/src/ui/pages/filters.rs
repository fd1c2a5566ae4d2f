//! Filters of a list. They are kept in the URL, so that they survive a reload and can be shared.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::ui::{
    components::{Choice, Icon, IconView},
    state::use_query,
};

/// How long to wait after the last key before the URL changes.
const PAUSE: Duration = Duration::from_millis(250);

/// The row of filters above a list.
#[component]
pub fn FilterBar(
    /// [`SearchBox`] and [`FilterSelect`]s.
    children: Children,
) -> impl IntoView {
    view! { <search class="filters"><form class="filters-form" on:submit=|event| event.prevent_default()>{children()}</form></search> }
}

/// Runs the last of several actions after a pause.
#[derive(Clone, Copy)]
pub struct Pause(StoredValue<Option<TimeoutHandle>, LocalStorage>);

impl Pause {
    /// Nothing is pending. What is pending when the view is removed is not run.
    pub fn new() -> Self {
        let pause = Self(StoredValue::new_local(None));
        on_cleanup(move || pause.stop());
        pause
    }

    /// Whether an action is pending.
    pub fn is_waiting(self) -> bool {
        self.0.try_with_value(Option::is_some).unwrap_or_default()
    }

    /// Runs this after the pause, in place of the pending action.
    pub fn then(self, run: Box<dyn FnOnce()>) {
        self.stop();
        let later = move || {
            self.0.try_set_value(None);
            run();
        };
        self.0.set_value(set_timeout_with_handle(later, PAUSE).ok());
    }

    fn stop(self) {
        if let Some(handle) = self.0.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }
}

impl Default for Pause {
    fn default() -> Self {
        Self::new()
    }
}

/// A text that filters a list, kept under `key` in the URL after a pause in typing.
#[component]
pub fn SearchBox(
    /// What is searched: "Search providers".
    #[prop(into)]
    label: String,
    /// The key in the URL.
    key: &'static str,
    /// What may be typed.
    #[prop(optional, into)]
    placeholder: String,
) -> impl IntoView {
    let query = use_query();
    let typed = RwSignal::new(untrack(|| query.get(key)));
    let in_url = Memo::new(move |_| query.get(key));
    let pause = Pause::new();
    // Back, forward and "Clear filters" change the URL from outside.
    Effect::new(move || {
        let text = in_url.get();
        if !pause.is_waiting() && typed.get_untracked().trim() != text {
            typed.set(text);
        }
    });
    let changed = Callback::new(move |()| {
        pause.then(Box::new(move || {
            if let Some(text) = typed.try_get_untracked() {
                query.set(&[(key, text.trim().to_owned())]);
            }
        }));
    });
    view! { <SearchInput id=format!("filter-{key}") label placeholder typed changed /> }
}

/// The input of a search with its label.
#[component]
pub fn SearchInput(
    /// The input's id.
    id: String,
    /// What is searched.
    label: String,
    /// What may be typed.
    placeholder: String,
    /// What is typed.
    typed: RwSignal<String>,
    /// Called after each key.
    changed: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="filter filter-search">
            <label class="filter-label" for=id.clone()>{label}</label>
            <span class="filter-input">
                <IconView icon=Icon::Search />
                <input
                    class="input"
                    type="search"
                    id=id
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=placeholder
                    prop:value=move || typed.get()
                    on:input:target=move |event| {
                        typed.set(event.target().value());
                        changed.run(());
                    }
                />
            </span>
        </div>
    }
}

/// A choice that filters a list, kept under `key` in the URL; the empty value does not filter.
#[component]
pub fn FilterSelect(
    /// What is chosen: "Status".
    #[prop(into)]
    label: String,
    /// The key in the URL.
    key: &'static str,
    /// What there is to choose, the empty value first.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
) -> impl IntoView {
    let query = use_query();
    let chosen = Memo::new(move |_| query.get(key));
    let id = format!("filter-{key}");
    let options = move || {
        let chosen = chosen.get();
        choices
            .get()
            .into_iter()
            .map(|Choice { value, label }| {
                let selected = value == chosen;
                view! { <option value=value selected=selected prop:selected=selected>{label}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="filter">
            <label class="filter-label" for=id.clone()>{label}</label>
            <select class="input select" id=id.clone() on:change:target=move |event| query.set(&[(key, event.target().value())])>
                {options}
            </select>
        </div>
    }
}
