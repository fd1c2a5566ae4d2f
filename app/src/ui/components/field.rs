//! A labelled input with help and error.

use leptos::prelude::*;

use super::{FormErrors, field_id};

/// The kind of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldKind {
    /// Any text.
    #[default]
    Text,
    /// A password.
    Password,
    /// An email address.
    Email,
    /// A URL.
    Url,
    /// A number.
    Number,
    /// Several lines.
    Lines,
}

impl FieldKind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Text | Self::Lines => "text",
            Self::Password => "password",
            Self::Email => "email",
            Self::Url => "url",
            Self::Number => "number",
        }
    }

    const fn is_literal(self) -> bool {
        matches!(self, Self::Email | Self::Url | Self::Password)
    }
}

/// The ids that connect an input with its help and its error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldIds {
    /// The input's.
    pub input: String,
    /// The help's.
    pub help: String,
    /// The error's.
    pub error: String,
}

impl FieldIds {
    /// The ids for a field of the domain.
    pub fn of(name: &str) -> Self {
        let input = field_id(name);
        Self { help: format!("{input}-help"), error: format!("{input}-error"), input }
    }

    /// The value of `aria-describedby`.
    pub fn described_by(&self, has_help: bool, has_error: bool) -> Option<String> {
        match (has_help, has_error) {
            (false, false) => None,
            (true, false) => Some(self.help.clone()),
            (false, true) => Some(self.error.clone()),
            (true, true) => Some(format!("{} {}", self.error, self.help)),
        }
    }
}

/// The frame of an input: label above, help below, error last. Fields of other kinds use it as well.
#[component]
pub fn FieldFrame(
    /// The ids that connect the parts.
    ids: FieldIds,
    /// The label.
    label: String,
    /// Whether the field may be empty; shown beside the label.
    #[prop(optional)]
    optional: bool,
    /// What the value does, or where to find it.
    #[prop(optional)]
    help: String,
    /// The error.
    error: Signal<Option<String>>,
    /// The input.
    children: Children,
) -> impl IntoView {
    let FieldIds { input, help: help_id, error: error_id } = ids;
    view! {
        <div class="field" class:has-error=move || error.with(Option::is_some)>
            <label class="field-label" for=input>
                {label}
                {optional.then(|| view! { <span class="field-optional">" (optional)"</span> })}
            </label>
            {children()}
            {(!help.is_empty()).then(|| view! { <p class="field-help" id=help_id>{help}</p> })}
            <FieldError id=error_id error=error />
        </div>
    }
}

/// The error of a field.
#[component]
pub fn FieldError(
    /// The id that the input's description names.
    id: String,
    /// What is wrong.
    error: Signal<Option<String>>,
) -> impl IntoView {
    move || error.get().map(|text| view! { <p class="field-error" id=id.clone()>{text}</p> })
}

/// The suggestions of an input, as options of a `<datalist>`.
pub fn options(texts: Signal<Vec<String>>) -> AnyView {
    (move || texts.get().into_iter().map(|text| view! { <option value=text></option> }).collect_view()).into_any()
}

/// A labelled text input. It finds its error by `name` in the enclosing [`Form`](super::Form).
#[component]
pub fn Field(
    /// The label.
    #[prop(into)]
    label: String,
    /// The field's name in problems.
    #[prop(into)]
    name: String,
    /// What is typed.
    value: RwSignal<String>,
    /// What it takes.
    #[prop(optional)]
    kind: FieldKind,
    /// What the value does, or where to find it.
    #[prop(optional, into)]
    help: String,
    /// An example; only where the label already explains the field.
    #[prop(optional, into)]
    placeholder: String,
    /// What the browser may fill in: `username`, `current-password`, `new-password`.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether the field may be empty; shown beside the label.
    #[prop(optional)]
    optional: bool,
    /// Whether the value is code (an address, an identifier) and set in monospace.
    #[prop(optional)]
    monospace: bool,
    /// Whether it is disabled.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Suggestions while typing; other values can be entered too.
    #[prop(optional, into)]
    suggestions: Option<Signal<Vec<String>>>,
    /// An error that the page found itself; takes precedence over the server's.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let ids = FieldIds::of(&name);
    let reported = FormErrors::of(&name);
    let error = Signal::derive(move || error.get().or_else(|| reported.get()));
    let has_help = !help.is_empty();
    let described_by = {
        let ids = ids.clone();
        move || ids.described_by(has_help, error.with(Option::is_some))
    };
    let invalid = move || error.with(Option::is_some).then_some("true");
    let required = (!optional).then_some("true");
    let list_id = suggestions.map(|_| format!("{}-list", ids.input));
    let spellcheck = (monospace || kind.is_literal()).then_some("false");
    let autocapitalize = (monospace || kind.is_literal()).then_some("none");
    let input = if kind == FieldKind::Lines {
        view! {
            <textarea
                class="input"
                class:is-code=monospace
                id=ids.input.clone()
                name=name
                rows="5"
                placeholder=placeholder
                spellcheck=spellcheck
                aria-required=required
                aria-describedby=described_by
                aria-invalid=invalid
                disabled=disabled
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                class="input"
                class:is-code=monospace
                type=kind.input_type()
                id=ids.input.clone()
                name=name
                placeholder=placeholder
                autocomplete=autocomplete
                autocapitalize=autocapitalize
                spellcheck=spellcheck
                aria-required=required
                aria-describedby=described_by
                aria-invalid=invalid
                list=list_id.clone()
                disabled=disabled
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
            {suggestions.map(|texts| {
                view! { <datalist id=list_id>{options(texts)}</datalist> }
            })}
        }
        .into_any()
    };
    view! { <FieldFrame ids label optional help error>{input}</FieldFrame> }
}
