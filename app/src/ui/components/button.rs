//! Buttons, and links that look like buttons.

use leptos::prelude::*;

/// How prominent a button is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// The main action.
    Primary,
    /// Another action.
    #[default]
    Secondary,
    /// An action that loses data.
    Danger,
    /// A minor action.
    Quiet,
}

impl Variant {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Danger => "button button-danger",
            Self::Quiet => "button button-quiet",
        }
    }
}

/// What a button does in its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// Nothing: `on_click` does.
    #[default]
    Button,
    /// Submits the form around it.
    Submit,
}

/// A button. It needs `on_click`, or `kind=ButtonKind::Submit` within a form.
///
/// While `busy` it keeps its label and its focus, shows a spinner and is marked as disabled;
/// [`Submit`](crate::ui::state::Submit) prevents a second call.
#[component]
pub fn Button(
    /// How prominent it is.
    #[prop(optional)]
    variant: Variant,
    /// What it does in its form.
    #[prop(optional)]
    kind: ButtonKind,
    /// Whether its action is running.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it is disabled.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// A longer name for assistive technology, where the label alone is ambiguous ("Revoke" in a table).
    #[prop(optional, into)]
    label: Option<String>,
    /// Called when it is pressed. Not `on:click`, which Leptos 0.8 loses when it draws a component over itself.
    #[prop(optional, into)]
    on_click: Option<Callback<()>>,
    /// The label: verb and noun.
    children: Children,
) -> impl IntoView {
    let click = move |_| {
        if let Some(on_click) = on_click {
            on_click.run(());
        }
    };
    view! {
        <button
            type=match kind {
                ButtonKind::Button => "button",
                ButtonKind::Submit => "submit",
            }
            class=variant.class()
            class:is-busy=busy
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            aria-label=label
            disabled=disabled
            on:click=click
        >
            {children()}
        </button>
    }
}

/// A link that looks like a button, for going somewhere. `href` is relative to the portal's base.
#[component]
pub fn LinkButton(
    /// Where it goes, relative to the portal's base: `providers/new`.
    #[prop(into)]
    href: Signal<String>,
    /// How prominent it is.
    #[prop(optional)]
    variant: Variant,
    /// The label: verb and noun.
    children: Children,
) -> impl IntoView {
    view! { <a class=variant.class() href=href>{children()}</a> }
}
