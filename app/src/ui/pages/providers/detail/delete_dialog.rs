//! Asks before a provider is deleted: counts the damage and wants the name typed.

use leptos::prelude::*;

use super::{disable_dialog::ImpactText, state::ProviderState};
use crate::{
    api::providers::delete_provider,
    ui::{
        components::{ConfirmDialog, Field},
        routes,
        state::{Toasts, memo, react, use_go, use_submit},
    },
};

/// The question, and the call when it is confirmed.
#[component]
pub fn DeleteDialog(
    /// The provider.
    state: ProviderState,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let name = memo(move || state.read(|detail| detail.provider.label().to_owned()).unwrap_or_default());
    let is_named = memo(move || name.with(|name| typed.with(|typed| typed.trim() == name.trim())));
    let toasts = Toasts::current();
    let go = use_go();
    let delete = use_submit(
        move |()| delete_provider(state.id),
        move |()| {
            toasts.success(format!("{} deleted.", name.get_untracked()));
            go.replace(routes::PROVIDERS);
        },
    );
    react(move || {
        if open.get() {
            typed.set(String::new());
            delete.reset();
        }
    });
    view! {
        <ConfirmDialog
            open
            title=Signal::derive(move || format!("Delete {}", name.get()))
            confirm="Delete provider"
            busy=delete.busy
            disabled=Signal::derive(move || !is_named.get())
            error=delete.error
            on_confirm=move |()| delete.run(())
        >
            <ImpactText id=state.id />
            <p>
                "The provider is kept in the database with its history, so that an operator can look at it; the portal and the APIs no longer show it. Its name and slug become free."
            </p>
            <Field label=format!("Type “{}” to confirm", name.get_untracked()) name="confirm_name" value=typed />
        </ConfirmDialog>
    }
}
