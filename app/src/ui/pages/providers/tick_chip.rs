//! A name to tick, as a chip.

use leptos::prelude::*;

use super::forms::scopes::select_scope;

/// A chip that puts a name into a list while it is ticked.
pub fn tick_chip(name: String, note: String, value: RwSignal<Vec<String>>) -> AnyView {
    let is_selected = {
        let name = name.clone();
        Memo::new(move |_| value.with(|value| value.contains(&name)))
    };
    let words = name.clone();
    view! {
        <li class="scope-chip" class:is-selected=is_selected>
            <label>
                <input
                    type="checkbox"
                    prop:checked=is_selected
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        value.update(|value| select_scope(value, &name, on));
                    }
                />
                <code>{words}</code>
                {(!note.is_empty()).then(|| view! { <span class="scope-note">{note}</span> })}
            </label>
        </li>
    }
    .into_any()
}
