//! A secret that can be replaced and never read.

use leptos::prelude::*;

use super::{Button, Field, FieldKind, RelativeTime, Variant};
use crate::{
    api::wire::SecretInput,
    domain::{patch::Patch, timestamp::Timestamp},
};

/// Whether a secret is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecretState {
    /// No secret is stored.
    #[default]
    NotSet,
    /// There is one.
    Set {
        /// When it was stored, when known.
        changed_at: Option<Timestamp>,
    },
}

impl SecretState {
    /// The state from a provider's settings.
    pub const fn new(is_set: bool, changed_at: Option<Timestamp>) -> Self {
        if is_set { Self::Set { changed_at } } else { Self::NotSet }
    }

    /// The state as text; `none` is the text without a secret.
    pub fn words(self, none: &'static str) -> AnyView {
        match self {
            Self::NotSet => none.into_any(),
            Self::Set { changed_at: None } => "••••••••  Set".into_any(),
            Self::Set { changed_at: Some(at) } => {
                view! { "••••••••  Set, last changed " <RelativeTime at /> }.into_any()
            }
        }
    }
}

/// Shows whether a secret is set, and an input after "Replace secret".
#[component]
pub fn SecretField(
    /// The label: "Client secret".
    #[prop(into)]
    label: String,
    /// The field's name in the domain.
    #[prop(into)]
    name: String,
    /// What is stored.
    #[prop(into)]
    state: Signal<SecretState>,
    /// What happens to the stored secret: this input keeps or replaces it.
    value: RwSignal<Patch<SecretInput>>,
    /// What the secret is, or where to find it.
    #[prop(optional, into)]
    help: String,
    /// Whether it can be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let replacing = Memo::new(move |_| value.with(|value| value.value().is_some()));
    Effect::new(move || {
        let text = typed.get();
        if replacing.get_untracked() {
            value.set(Patch::Set(SecretInput(text)));
        }
    });
    let replace = move |()| {
        typed.set(String::new());
        value.set(Patch::Set(SecretInput::default()));
    };
    move || {
        if replacing.get() {
            let (label, name, help) = (label.clone(), name.clone(), help.clone());
            view! {
                <div class="secret-field">
                    <Field label name help value=typed kind=FieldKind::Password autocomplete="new-password" monospace=true />
                    <Button variant=Variant::Quiet on_click=move |()| value.set(Patch::Keep)>
                        "Keep the stored secret"
                    </Button>
                </div>
            }
            .into_any()
        } else {
            let state = state.get();
            let action = if state == SecretState::NotSet { "Set secret" } else { "Replace secret" };
            view! {
                <div class="field secret-field">
                    <p class="field-label">{label.clone()}</p>
                    <p class="secret-state">{state.words("Not set")}</p>
                    <Button disabled=disabled on_click=replace>{action}</Button>
                </div>
            }
            .into_any()
        }
    }
}
