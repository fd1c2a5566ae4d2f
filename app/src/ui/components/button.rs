//! Buttons, and links that look like buttons.

use leptos::prelude::*;

/// How much a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// The one thing to do here.
    Primary,
    /// Something else to do.
    #[default]
    Secondary,
    /// Something that loses data.
    Danger,
    /// Something by the way.
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

/// A button. Give it `on_click`, or `kind=ButtonKind::Submit` within a form.
///
/// While `busy` it keeps its words and its focus, shows a spinner and says that it is disabled; starting a call twice
/// is prevented by [`Submit`](crate::ui::state::Submit).
#[component]
pub fn Button(
    /// How much it stands out.
    #[prop(optional)]
    variant: Variant,
    /// What it does in its form.
    #[prop(optional)]
    kind: ButtonKind,
    /// Whether what it started still runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it can be used at all.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// A longer name for assistive technology, where the words alone are ambiguous ("Revoke" in a table).
    #[prop(optional, into)]
    label: Option<String>,
    /// Called when it is pressed. Never `on:click`, which Leptos 0.8 loses when it draws a component over itself.
    #[prop(optional, into)]
    on_click: Option<Callback<()>>,
    /// The words: verb and noun.
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
    /// How much it stands out.
    #[prop(optional)]
    variant: Variant,
    /// The words: verb and noun.
    children: Children,
) -> impl IntoView {
    view! { <a class=variant.class() href=href>{children()}</a> }
}
