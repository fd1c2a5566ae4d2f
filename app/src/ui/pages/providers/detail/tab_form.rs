//! The form of a tab: sends only what was edited, with the version it is based on, and keeps input after a conflict.

use std::sync::Arc;

use leptos::prelude::*;

use super::state::{OwnWrite, ProviderState};
use crate::{
    api::{ApiError, provider_form::ProviderChange, providers::update_provider},
    domain::{problem::ServiceError, provider::detail::ProviderDetail},
    ui::{
        components::{Button, ButtonKind, Callout, Form, Tone, UnsavedGuard, Variant},
        pages::providers::forms::problems::Problems,
        state::{Submit, use_change},
    },
};

/// The inputs of a tab's form.
pub trait TabInputs: Send + Sync + 'static {
    /// The change from what the form started with. Tracked.
    fn change(&self) -> ProviderChange;
    /// What is wrong with the input.
    fn check(&self) -> Problems;
    /// Resets the inputs to what is stored.
    fn reset(&self, detail: &ProviderDetail);
    /// A server's answer with its problems at the fields and rows of the screen.
    fn at_page_fields(&self, error: ApiError) -> ApiError;
}

/// The form of a tab, whatever its inputs are.
#[derive(Clone, Copy)]
pub struct TabForm {
    inputs: StoredValue<Inputs>,
    state: ProviderState,
    version: RwSignal<i64>,
    error: RwSignal<Option<ApiError>>,
    is_dirty: Memo<bool>,
    save: Submit<(i64, ProviderChange)>,
    /// The lowest version of the provider that the inputs are reset to when it is loaded; `None` keeps the input.
    awaited: RwSignal<Option<i64>>,
}

type Inputs = Arc<dyn TabInputs>;

/// Below every version.
const ANY_VERSION: i64 = 0;

impl TabForm {
    /// A form over inputs that hold what is stored.
    pub fn new(state: ProviderState, inputs: impl TabInputs) -> Self {
        Self::over(state, StoredValue::new(Arc::new(inputs)))
    }

    fn over(state: ProviderState, inputs: StoredValue<Inputs>) -> Self {
        let version = RwSignal::new(state.version());
        let error = RwSignal::new(None);
        let awaited = RwSignal::new(None);
        let save = use_change(
            // The tab may be left by the time of the response, while the page and the forms of its other tabs continue.
            move |(from, change)| async move {
                update_provider(state.id, from, change).await.inspect(|&to| state.wrote(from, to))
            },
            |_| "Changes saved.",
            move |to| {
                version.set(to);
                awaited.set(Some(to));
            },
        );
        // What is stored may differ from the input (a domain in punycode), so the inputs are reset to it.
        Effect::new(move || {
            let failure = state.last_failure();
            untrack(|| {
                let Some(least) = awaited.get() else { return };
                match (failure, state.detail()) {
                    (Some(failure), _) => error.set(Some(failure)),
                    (None, Some(detail)) if detail.provider.version >= least => {
                        error.set(None);
                        inputs.get_value().reset(&detail);
                        version.set(detail.provider.version);
                    }
                    // A response from before the change; the one after it follows.
                    (None, _) => return,
                }
                awaited.set(None);
            });
        });
        Effect::new(move || {
            if let Some(OwnWrite { from, to }) = state.own_write()
                && version.get_untracked() == from
            {
                version.set(to);
            }
        });
        Effect::new(move || {
            error.set(save.error.get().map(|error| untrack(|| inputs.get_value().at_page_fields(error))))
        });
        let is_dirty = Memo::new(move |_| inputs.get_value().change() != ProviderChange::default());
        Self { inputs, state, version, error, is_dirty, save, awaited }
    }

    fn submit(self) {
        if untrack(|| self.is_busy()) {
            return;
        }
        let inputs = self.inputs.get_value();
        let (problems, change) = untrack(|| (inputs.check(), inputs.change()));
        if !problems.is_empty() {
            self.error.set(problems.into_error());
        } else if change != ProviderChange::default() {
            self.error.set(None);
            self.save.run((self.version.get_untracked(), change));
        }
    }

    /// Discards the input without a call to the server.
    fn discard(self) {
        self.error.set(None);
        if let Some(detail) = untrack(|| self.state.detail()) {
            self.inputs.get_value().reset(&detail);
            self.version.set(detail.provider.version);
        }
    }

    /// Loads what is stored now.
    fn reload(self) {
        self.awaited.set(Some(ANY_VERSION));
        self.state.reload();
    }

    /// Whether a change is being saved or read back. Tracked.
    fn is_busy(self) -> bool {
        self.save.busy.get() || self.awaited.with(Option::is_some)
    }
}

/// The form around a tab's inputs: problems, conflict, buttons, and the question before leaving.
#[component]
pub fn TabFormFrame(
    /// The form.
    form: TabForm,
    /// Its name for assistive technology.
    label: &'static str,
    /// The inputs.
    children: Children,
) -> impl IntoView {
    let TabForm { state, error, is_dirty, .. } = form;
    let may_edit = Memo::new(move |_| state.may_edit());
    let is_conflict =
        move || error.with(|error| matches!(error, Some(ApiError::Service(ServiceError::Conflict { .. }))));
    view! {
        <UnsavedGuard dirty=is_dirty />
        <Show when=move || !may_edit.get()>
            <Callout tone=Tone::Info title="You can view these settings but not change them.">
                <p>"Your role is read-only."</p>
            </Callout>
        </Show>
        <Form error on_submit=move |()| form.submit() label=label.to_owned()>
            <Show when=is_conflict>
                <div class="conflict">
                    <p>"Your changes stay on this page until you reload."</p>
                    <Button on_click=move |()| form.reload()>"Reload provider"</Button>
                </div>
            </Show>
            <fieldset class="plain-fieldset" disabled=move || !may_edit.get()>
                <legend class="visually-hidden">{label}</legend>
                {children()}
            </fieldset>
            <Show when=move || may_edit.get()>
                <div class="form-actions save-bar">
                    <Button variant=Variant::Primary kind=ButtonKind::Submit busy=Signal::derive(move || form.is_busy()) disabled=Signal::derive(move || !is_dirty.get())>
                        "Save changes"
                    </Button>
                    <Show when=move || is_dirty.get()>
                        <Button on_click=move |()| form.discard()>"Discard changes"</Button>
                    </Show>
                    <span class="save-state" role="status">
                        {move || if is_dirty.get() { "You have unsaved changes." } else { "" }}
                    </span>
                </div>
            </Show>
        </Form>
    }
}
