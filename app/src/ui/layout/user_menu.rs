//! Who is signed in, how the portal looks, and the way out.

use leptos::prelude::*;

use crate::ui::{
    components::{Button, Icon, IconView, Variant},
    routes,
    state::{Session, Theme, ThemeState},
};

/// The menu at the right of the header: a native disclosure.
#[component]
pub(super) fn UserMenu() -> impl IntoView {
    let session = Session::current();
    let user = Memo::new(move |_| session.user());
    let details = NodeRef::<leptos::html::Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    let escape = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
            if let Some(summary) =
                details.get_untracked().and_then(|details| details.query_selector("summary").ok().flatten())
            {
                use wasm_bindgen::JsCast;
                let _ = summary.unchecked_into::<web_sys::HtmlElement>().focus();
            }
        }
    };
    view! {
        <details class="menu user-menu" node_ref=details on:keydown=escape>
            <summary>
                <IconView icon=Icon::Person />
                <span class="user-menu-name">{move || user.get().map(|user| user.name)}</span>
            </summary>
            <div class="menu-panel">
                <p class="menu-who">
                    <strong>{move || user.get().map(|user| user.name)}</strong>
                    <span>{move || user.get().map(|user| user.grant.role.label())}</span>
                </p>
                <ThemeSwitch name="theme-menu" />
                <ul class="menu-links" on:click=move |_| close()>
                    <li><a href=routes::ACCOUNT>"Account settings"</a></li>
                </ul>
                {move || {
                    user.get()
                        .is_some_and(|user| user.has_password)
                        .then(|| view! { <Button variant=Variant::Quiet on_click=move |()| session.sign_out()>"Sign out"</Button> })
                }}
            </div>
        </details>
    }
    // The type of the whole frame would be too deep for the compiler where nothing erases its parts.
    .into_any()
}

/// Chooses between light, dark and the system's choice.
#[component]
pub fn ThemeSwitch(
    /// Distinguishes several switches on one page.
    name: &'static str,
) -> impl IntoView {
    let state = expect_context::<ThemeState>();
    let choices = Theme::ALL
        .into_iter()
        .map(|theme| {
            let id = format!("{name}-{}", theme.as_str());
            view! {
                <span class="segment">
                    <input
                        type="radio"
                        class="visually-hidden"
                        id=id.clone()
                        name=name
                        prop:checked=move || state.get() == theme
                        on:change=move |_| state.set(theme)
                    />
                    <label for=id>{theme.label()}</label>
                </span>
            }
        })
        .collect_view();
    view! {
        <fieldset class="segments">
            <legend class="segments-label">"Theme"</legend>
            <div class="segments-row">{choices}</div>
        </fieldset>
    }
    .into_any()
}
