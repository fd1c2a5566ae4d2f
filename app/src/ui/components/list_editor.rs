//! An editor for a list of short texts.

use leptos::prelude::*;

use super::{Button, FieldError, FieldIds, FormErrors, Icon, IconView, Variant, field_id, focus, options};

/// Rows of text with "Add" and "Remove". Problems named `name.0`, `name.1` … are shown at their rows, `name` below all.
///
/// Adding moves the focus to the new row, removing moves it to "Add".
#[component]
pub fn ListEditor(
    /// What the list holds: "Allowed redirect origins".
    #[prop(into)]
    label: String,
    /// The field's name in the domain.
    #[prop(into)]
    name: String,
    /// The rows. The caller drops blank ones when saving.
    value: RwSignal<Vec<String>>,
    /// One row as a noun: "origin" makes "Add origin" and "Remove origin 2".
    #[prop(into)]
    item: String,
    /// What the list does.
    #[prop(optional, into)]
    help: String,
    /// An example of a row.
    #[prop(optional, into)]
    placeholder: String,
    /// The text while the list is empty: "Every domain may sign in."
    #[prop(optional, into)]
    empty: String,
    /// Whether it can be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Suggestions while typing a row; other values can be entered too.
    #[prop(optional, into)]
    suggestions: Signal<Vec<String>>,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let error = FormErrors::of(&name);
    let add_id = format!("{}-add", ids.input);
    let count = Memo::new(move |_| value.with(Vec::len));
    let help_id = ids.help.clone();
    let described_by = {
        let ids = ids.clone();
        let has_help = !help.is_empty();
        move || ids.described_by(has_help, error.with(Option::is_some))
    };
    let rows = {
        let (name, item, add_id) = (name.clone(), item.clone(), add_id.clone());
        move || {
            (0..count.get())
                .map(|index| row(&name, index, value, &item, placeholder.clone(), add_id.clone(), disabled))
                .collect_view()
        }
    };
    let add = {
        let name = name.clone();
        move |_| {
            let index = count.get_untracked();
            value.update(|rows| rows.push(String::new()));
            let id = field_id(&format!("{name}.{index}"));
            request_animation_frame(move || {
                focus(&id);
            });
        }
    };
    view! {
        <fieldset class="field list-editor" id=ids.input.clone() tabindex="-1" aria-describedby=described_by>
            <legend class="field-label">{label}</legend>
            {(!help.is_empty()).then(|| view! { <p class="field-help" id=help_id>{help}</p> })}
            <ul class="list-editor-rows">{rows}</ul>
            <datalist id=format!("{}-list", ids.input)>{options(suggestions)}</datalist>
            {move || (count.get() == 0 && !empty.is_empty()).then(|| view! { <p class="list-editor-empty">{empty.clone()}</p> })}
            <FieldError id=ids.error error=error />
            <button type="button" class="button button-secondary" id=add_id disabled=disabled on:click=add>
                <IconView icon=Icon::Plus />
                {format!("Add {item}")}
            </button>
        </fieldset>
    }
}

fn row(
    name: &str,
    index: usize,
    value: RwSignal<Vec<String>>,
    item: &str,
    placeholder: String,
    add_id: String,
    disabled: Signal<bool>,
) -> AnyView {
    let list = format!("{}-list", field_id(name));
    let name = format!("{name}.{index}");
    let ids = FieldIds::of(&name);
    let error = FormErrors::of(&name);
    let described_by = {
        let ids = ids.clone();
        move || ids.described_by(false, error.with(Option::is_some))
    };
    let remove = move |()| {
        value.update(|rows| {
            if index < rows.len() {
                rows.remove(index);
            }
        });
        focus(&add_id);
    };
    view! {
        <li class="list-editor-row">
            <input
                class="input is-code"
                type="text"
                id=ids.input.clone()
                list=list
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder=placeholder
                aria-label=format!("{item} {}", index + 1)
                aria-describedby=described_by
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                disabled=disabled
                prop:value=move || value.with(|rows| rows.get(index).cloned().unwrap_or_default())
                on:input:target=move |event| {
                    let text = event.target().value();
                    value.update(|rows| {
                        if let Some(row) = rows.get_mut(index) {
                            *row = text;
                        }
                    });
                }
            />
            <Button
                variant=Variant::Quiet
                disabled=disabled
                label=format!("Remove {item} {}", index + 1)
                on_click=remove
            >
                "Remove"
            </Button>
            <FieldError id=ids.error error=error />
        </li>
    }
    .into_any()
}
