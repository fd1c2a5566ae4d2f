//! Asks before an object with a page of its own is deleted: counts what is affected and requires typing the name.

use std::future::Future;

use leptos::prelude::*;

use crate::{
    api::ApiError,
    ui::{
        components::{ConfirmDialog, Field},
        state::{Toasts, use_go, use_submit},
    },
};

/// What is deleted.
#[derive(Clone, Copy)]
pub struct Deletion {
    /// What it is: "provider".
    pub noun: &'static str,
    /// What can be reused afterwards: "Its slug becomes free."
    pub freed: &'static str,
    /// The list to go to afterwards.
    pub list: &'static str,
    /// Its name.
    pub name: Memo<String>,
    /// Whether the question is open.
    pub open: RwSignal<bool>,
}

impl Deletion {
    /// The dialog, with `call` on confirmation. `impact` counts what is deleted as well.
    pub fn dialog<F>(
        self,
        impact: impl Fn() -> AnyView + Send + Sync + 'static,
        call: impl Fn() -> F + 'static,
    ) -> AnyView
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        let Self { noun, freed, list, name, open } = self;
        let typed = RwSignal::new(String::new());
        let is_named = move || name.with(|name| typed.with(|typed| typed.trim() == name.trim()));
        let toasts = Toasts::current();
        let go = use_go();
        let delete = use_submit(
            move |()| call(),
            move |()| {
                toasts.success(format!("{} deleted.", name.get_untracked()));
                go.replace(list);
            },
        );
        Effect::new(move || {
            if open.get() {
                typed.set(String::new());
                delete.reset();
            }
        });
        view! {
            <ConfirmDialog
                open
                title=Signal::derive(move || format!("Delete {}", name.get()))
                confirm=format!("Delete {noun}")
                busy=delete.busy
                disabled=Signal::derive(move || !is_named())
                error=delete.error
                on_confirm=move |()| delete.run(())
            >
                {impact()}
                <p>
                    "Its record and history stay in the database for the operator; the portal and the APIs no longer show it. "
                    {freed}
                </p>
                <Field label=format!("Type “{}” to confirm", name.get_untracked()) name="confirm_name" value=typed />
            </ConfirmDialog>
        }
        .into_any()
    }
}
