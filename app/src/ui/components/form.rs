//! Forms that show the server's problems at their fields.

use leptos::{ev::SubmitEvent, prelude::*};
use wasm_bindgen::JsCast;

use super::{Callout, Tone};
use crate::api::ApiError;

/// The last error of the enclosing form, for its fields.
#[derive(Clone, Copy)]
pub struct FormErrors(pub Signal<Option<ApiError>>);

impl FormErrors {
    /// The problem of the field with this name in the enclosing form. Tracked when read.
    pub fn of(name: &str) -> Signal<Option<String>> {
        let Some(Self(error)) = use_context::<Self>() else { return Signal::stored(None) };
        let name = name.to_owned();
        Signal::derive(move || error.with(|error| message_for(error.as_ref()?, &name)))
    }
}

fn message_for(error: &ApiError, name: &str) -> Option<String> {
    error.problems().iter().find(|problem| problem.field == name).map(|problem| problem.message.clone())
}

/// The id of the input for a field of the domain: `allowed_redirects.0` becomes `field-allowed_redirects-0`.
pub fn field_id(name: &str) -> String {
    format!("field-{}", name.replace('.', "-"))
}

/// Moves the focus to an element by its id. Returns whether it exists.
pub fn focus(id: &str) -> bool {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    element.is_some_and(|element| element.focus().is_ok())
}

/// A form. Its fields find their problems by name in `error`; a summary above links to each.
#[component]
pub fn Form(
    /// How the last submission failed.
    #[prop(optional, into)]
    error: Signal<Option<ApiError>>,
    /// Called when it is submitted.
    #[prop(into)]
    on_submit: Callback<()>,
    /// A name for assistive technology, where a page has several forms.
    #[prop(optional, into)]
    label: Option<String>,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    provide_context(FormErrors(error));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_submit.run(());
    };
    view! {
        <form class="form" novalidate=true aria-label=label on:submit=submit>
            <FormProblems error=error />
            {children()}
        </form>
    }
}

/// The error of a form's last submission: a sentence, and links to the fields. [`Form`] draws it.
///
/// It takes the focus when it appears.
#[component]
pub fn FormProblems(
    /// How the last submission failed.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let summary = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        if let (true, Some(element)) = (error.with(Option::is_some), summary.get()) {
            let _ = element.focus();
        }
    });
    move || {
        let error = error.get()?;
        // A single problem is in the list already.
        let title = match error.problems() {
            [only] if !only.field.is_empty() => "One field needs your attention.".to_owned(),
            _ => error.explain(),
        };
        let fields: Vec<_> = error.problems().iter().filter(|problem| !problem.field.is_empty()).cloned().collect();
        let list = (!fields.is_empty()).then(move || {
            view! {
                <ul class="form-problems">
                    {fields
                        .into_iter()
                        .map(|problem| {
                            let id = field_id(&problem.field);
                            view! {
                                <li>
                                    <button type="button" class="link" on:click=move |_| { focus(&id); }>
                                        {problem.message}
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            }
        });
        Some(view! {
            <div tabindex="-1" node_ref=summary>
                <Callout tone=Tone::Danger title=title>{list}</Callout>
            </div>
        })
    }
}
