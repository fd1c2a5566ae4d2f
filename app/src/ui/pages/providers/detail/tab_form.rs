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
    /// What the inputs are reset to when it is loaded; `None` keeps the input.
    awaited: RwSignal<Option<Awaited>>,
}

type Inputs = Arc<dyn TabInputs>;

/// Which version of the provider the inputs are reset to: this one or a later one, since a response can be of before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaited {
    /// The version with the form's own change.
    Saved(i64),
    /// The same, after loading it failed.
    Unread(i64),
    /// The version with somebody else's change.
    Theirs(i64),
}

impl Awaited {
    const fn least(self) -> i64 {
        match self {
            Self::Saved(version) | Self::Unread(version) | Self::Theirs(version) => version,
        }
    }
}

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
                awaited.set(Some(Awaited::Saved(to)));
            },
        );
        // What is stored may differ from the input (a domain in punycode), so the inputs are reset to it.
        Effect::new(move || {
            let failure = state.last_failure();
            untrack(|| {
                let Some(wanted) = awaited.get() else { return };
                match (failure, state.detail()) {
                    (Some(failure), _) => {
                        error.set(Some(failure));
                        awaited.set(match wanted {
                            Awaited::Saved(to) | Awaited::Unread(to) => Some(Awaited::Unread(to)),
                            Awaited::Theirs(_) => None,
                        });
                    }
                    (None, Some(detail)) if detail.provider.version >= wanted.least() => {
                        error.set(None);
                        inputs.get_value().reset(&detail);
                        version.set(detail.provider.version);
                        awaited.set(None);
                    }
                    // A response from before the change; the one after it follows.
                    (None, _) => {}
                }
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
        let is_dirty = Memo::new(move |_| {
            let is_saved = matches!(awaited.get(), Some(Awaited::Saved(_) | Awaited::Unread(_)));
            !is_saved && inputs.get_value().change() != ProviderChange::default()
        });
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
        self.awaited.update(|awaited| {
            *awaited = Some(match *awaited {
                Some(Awaited::Saved(to) | Awaited::Unread(to)) => Awaited::Saved(to),
                Some(Awaited::Theirs(_)) | None => Awaited::Theirs(self.version.get_untracked() + 1),
            });
        });
        self.state.reload();
    }

    /// Whether the change is stored and could not be loaded again. Tracked.
    fn is_unread(self) -> bool {
        matches!(self.awaited.get(), Some(Awaited::Unread(_)))
    }

    /// Whether a change is being saved or read back. Tracked.
    fn is_busy(self) -> bool {
        self.save.busy.get() || matches!(self.awaited.get(), Some(Awaited::Saved(_) | Awaited::Theirs(_)))
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
    // One memo: a view that reads two of which one follows from the other can miss a change.
    let reload_reason = Memo::new(move |_| {
        let is_conflict = error.with(|error| matches!(error, Some(ApiError::Service(ServiceError::Conflict { .. }))));
        match (form.is_unread(), is_conflict) {
            (true, _) => Some("Your changes are saved, and could not be loaded again."),
            (false, true) => Some("Your changes stay on this page until you reload."),
            (false, false) => None,
        }
    });
    view! {
        <UnsavedGuard dirty=is_dirty />
        <Show when=move || !may_edit.get()>
            <Callout tone=Tone::Info title="You can view these settings but not change them.">
                <p>"Your role is read-only."</p>
            </Callout>
        </Show>
        <Form error on_submit=move |()| form.submit() label=label.to_owned()>
            {move || {
                reload_reason
                    .get()
                    .map(|reason| {
                        view! {
                            <div class="conflict">
                                <p>{reason}</p>
                                <Button on_click=move |()| form.reload()>"Reload provider"</Button>
                            </div>
                        }
                    })
            }}
            <fieldset class="plain-fieldset" disabled=move || !may_edit.get() || form.is_unread()>
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
