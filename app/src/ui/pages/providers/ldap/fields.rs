//! The signals behind the inputs of a directory.

use leptos::prelude::*;

use crate::{
    domain::provider::LdapFieldKind,
    ui::pages::providers::forms::ldap::{LdapDraft, lines, text_fields},
};

/// The signal behind an input.
#[derive(Clone, Copy)]
pub(super) enum InputSignal {
    Text(RwSignal<String>),
    Switch(RwSignal<bool>),
    List(RwSignal<Vec<String>>),
}

impl InputSignal {
    fn get(self) -> String {
        match self {
            Self::Text(text) => text.get(),
            Self::Switch(is_on) => if is_on.get() { "true" } else { "false" }.to_owned(),
            Self::List(items) => items.with(|items| items.join("\n")),
        }
    }

    fn set(self, text: &str) {
        match self {
            Self::Text(signal) => signal.set(text.to_owned()),
            Self::Switch(is_on) => is_on.set(text == "true"),
            Self::List(signal) => signal.set(lines(text)),
        }
    }
}

/// The inputs of a directory, a signal for each.
#[derive(Clone, Copy)]
pub struct LdapFields {
    signals: StoredValue<Vec<(&'static str, InputSignal)>>,
    /// The bind password of a new directory.
    pub password: RwSignal<String>,
    /// A new bind password of a stored directory. `None` keeps the stored one.
    pub new_password: RwSignal<Option<String>>,
    /// Whether the directory is stored.
    pub is_stored: bool,
}

impl LdapFields {
    /// Inputs that hold a draft.
    pub fn new(draft: &LdapDraft, is_stored: bool) -> Self {
        let signal = |kind: LdapFieldKind| match kind {
            LdapFieldKind::Switch => InputSignal::Switch(RwSignal::new(false)),
            LdapFieldKind::List(_) | LdapFieldKind::ObjectClasses => InputSignal::List(RwSignal::new(Vec::new())),
            _ => InputSignal::Text(RwSignal::new(String::new())),
        };
        let signals = text_fields().map(|field| (field.name, signal(field.kind))).collect();
        let fields = Self {
            signals: StoredValue::new(signals),
            password: RwSignal::new(String::new()),
            new_password: RwSignal::new(None),
            is_stored,
        };
        fields.set(draft);
        fields
    }

    pub(super) fn signal(self, name: &str) -> Option<InputSignal> {
        self.signals.with_value(|signals| signals.iter().find(|(known, _)| *known == name).map(|(_, signal)| *signal))
    }

    /// Sets an input.
    pub fn set_text(self, name: &str, text: &str) {
        if let Some(signal) = self.signal(name) {
            signal.set(text);
        }
    }

    /// What an input holds. Tracked.
    pub fn text(self, name: &str) -> String {
        self.signal(name).map(InputSignal::get).unwrap_or_default()
    }

    /// What all of them hold. Tracked.
    pub fn get(self) -> LdapDraft {
        let signals = self.signals.get_value();
        let texts = signals.into_iter().map(|(name, signal)| (name, signal.get())).collect();
        let typed = || Some(self.password.get()).filter(|password| !password.is_empty());
        LdapDraft { texts, password: if self.is_stored { self.new_password.get() } else { typed() } }
    }

    /// Sets all of them.
    pub fn set(self, draft: &LdapDraft) {
        for (name, text) in &draft.texts {
            self.set_text(name, text);
        }
        self.new_password.set(None);
        self.password.set(String::new());
    }
}
