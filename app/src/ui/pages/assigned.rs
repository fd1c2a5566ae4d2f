//! What the two sides of an assignment share: a tenant's providers, and a provider's tenants.

use std::future::Future;

use leptos::prelude::*;
use uuid::Uuid;

use crate::{
    api::ApiError,
    domain::{assignment::Origin, timestamp::Timestamp},
    ui::{
        components::{Button, ConfirmDialog, RelativeTime},
        state::{Submit, use_change},
    },
};

/// Unlinking one of a list, after confirmation.
#[derive(Clone, Copy)]
pub struct Unlink {
    chosen: RwSignal<Option<(Uuid, String)>>,
    is_open: RwSignal<bool>,
    call: Submit<(Uuid, String)>,
}

impl Unlink {
    /// `call` unlinks by identifier; `done` reads the list again.
    pub fn new<F>(call: impl Fn(Uuid) -> F + 'static, done: impl Fn() + Clone + 'static) -> Self
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        let is_open = RwSignal::new(false);
        let chosen = RwSignal::new(None::<(Uuid, String)>);
        let call = use_change(
            move |(id, name): (Uuid, String)| {
                let running = call(id);
                async move { running.await.map(|()| name) }
            },
            |name: &String| format!("{name} unlinked."),
            move |_| {
                is_open.set(false);
                done();
            },
        );
        Self { chosen, is_open, call }
    }

    /// The button of a row.
    pub fn button(self, id: Uuid, name: String) -> AnyView {
        let label = format!("Unlink {name}");
        let ask = move |()| {
            self.call.reset();
            self.chosen.set(Some((id, name.clone())));
            self.is_open.set(true);
        };
        view! { <Button label on_click=ask>"Unlink"</Button> }.into_any()
    }
}

/// The question before something is unlinked.
#[component]
pub fn UnlinkDialog(
    /// What is unlinked.
    unlink: Unlink,
    /// What unlinking changes.
    text: &'static str,
) -> impl IntoView {
    let Unlink { chosen, is_open, call } = unlink;
    let name = move || chosen.with(|chosen| chosen.as_ref().map(|(_, name)| name.clone())).unwrap_or_default();
    let confirm = move |()| {
        if let Some(chosen) = chosen.get_untracked() {
            call.run(chosen);
        }
    };
    view! {
        <ConfirmDialog
            open=is_open
            title=Signal::derive(move || format!("Unlink {}", name()))
            confirm="Unlink"
            busy=call.busy
            error=call.error
            on_confirm=confirm
        >
            <p>{text}</p>
        </ConfirmDialog>
    }
}

/// How the tenant got the provider.
pub const fn origin_label(origin: Origin) -> &'static str {
    match origin {
        Origin::Owned => "This tenant",
        Origin::Shared => "Linked",
    }
}

/// When it was linked, and who linked it.
pub fn since(at: Timestamp, by: String) -> AnyView {
    view! { <span><RelativeTime at /> {format!(" by {by}")}</span> }.into_any()
}
