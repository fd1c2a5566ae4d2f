//! The signals behind the inputs of a directory.

use leptos::prelude::*;

use crate::{
    api::wire::SecretInput,
    domain::{
        patch::Patch,
        provider::{LdapConfig, LdapEntry, LdapFieldKind},
    },
    ui::pages::providers::forms::ldap::{LdapDraft, entry_fields},
};

/// The signal behind an input.
#[derive(Clone, Copy)]
pub(super) enum InputSignal {
    Text(RwSignal<String>),
    Switch(RwSignal<bool>),
    List(RwSignal<Vec<String>>),
}

impl InputSignal {
    /// An input for a setting of this kind.
    fn new(kind: LdapFieldKind) -> Self {
        match kind {
            LdapFieldKind::Switch => Self::Switch(RwSignal::new(false)),
            LdapFieldKind::List(_) | LdapFieldKind::ObjectClasses => Self::List(RwSignal::new(Vec::new())),
            _ => Self::Text(RwSignal::new(String::new())),
        }
    }

    fn get(self) -> LdapEntry {
        match self {
            Self::Text(text) => LdapEntry::Text(text.get()),
            Self::Switch(is_on) => LdapEntry::Switch(is_on.get()),
            Self::List(rows) => LdapEntry::List(rows.get()),
        }
    }

    fn set(self, entry: &LdapEntry) {
        match (self, entry) {
            (Self::Text(signal), LdapEntry::Text(text)) => signal.set(text.clone()),
            (Self::Switch(signal), LdapEntry::Switch(is_on)) => signal.set(*is_on),
            (Self::List(signal), LdapEntry::List(rows)) => signal.set(rows.clone()),
            _ => {}
        }
    }
}

/// The inputs of a directory, a signal for each.
#[derive(Clone, Copy)]
pub struct LdapFields {
    signals: StoredValue<Vec<(&'static str, InputSignal)>>,
    /// The bind password of a new directory.
    pub password: RwSignal<String>,
    /// What happens to the bind password of a stored directory.
    pub new_password: RwSignal<Patch<SecretInput>>,
    /// Whether the directory is stored.
    pub is_stored: bool,
}

impl LdapFields {
    /// Inputs that hold a draft.
    pub fn new(draft: &LdapDraft, is_stored: bool) -> Self {
        let signals = entry_fields().map(|field| (field.name, InputSignal::new(field.kind))).collect();
        let fields = Self {
            signals: StoredValue::new(signals),
            password: RwSignal::new(String::new()),
            new_password: RwSignal::new(Patch::Keep),
            is_stored,
        };
        fields.set(draft);
        fields
    }

    pub(super) fn signal(self, name: &str) -> Option<InputSignal> {
        self.signals.with_value(|signals| signals.iter().find(|(known, _)| *known == name).map(|(_, signal)| *signal))
    }

    /// Sets the input of a text.
    pub fn set_text(self, name: &str, text: &str) {
        self.set_entry(name, &LdapEntry::Text(text.to_owned()));
    }

    fn set_entry(self, name: &str, entry: &LdapEntry) {
        if let Some(signal) = self.signal(name) {
            signal.set(entry);
        }
    }

    /// The settings that all inputs describe. Tracked.
    pub fn config(self) -> LdapConfig {
        self.get().config()
    }

    /// What all of them hold. Tracked.
    pub fn get(self) -> LdapDraft {
        let signals = self.signals.get_value();
        let entries = signals.into_iter().map(|(name, signal)| (name, signal.get())).collect();
        let typed = || match self.password.get() {
            nothing if nothing.is_empty() => Patch::Keep,
            password => Patch::Set(SecretInput(password)),
        };
        let password = if self.is_stored { self.new_password.get() } else { typed() };
        LdapDraft { entries, password }
    }

    /// Sets all of them.
    pub fn set(self, draft: &LdapDraft) {
        for (name, entry) in &draft.entries {
            self.set_entry(name, entry);
        }
        self.new_password.set(Patch::Keep);
        self.password.set(String::new());
    }
}
