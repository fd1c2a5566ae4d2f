//! The signals behind the inputs of a directory.

use leptos::prelude::*;

use crate::ui::pages::providers::forms::ldap::{Input, LdapDraft, SETTINGS, rows};

/// The signal behind an input.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    Text(RwSignal<String>),
    Flag(RwSignal<bool>),
    Rows(RwSignal<Vec<String>>),
}

impl Slot {
    fn get(self) -> String {
        match self {
            Self::Text(text) => text.get(),
            Self::Flag(flag) => if flag.get() { "true" } else { "false" }.to_owned(),
            Self::Rows(rows) => rows.with(|rows| rows.join("\n")),
        }
    }

    fn set(self, text: &str) {
        match self {
            Self::Text(signal) => signal.set(text.to_owned()),
            Self::Flag(flag) => flag.set(text == "true"),
            Self::Rows(signal) => signal.set(rows(text)),
        }
    }
}

/// The inputs of a directory.
#[derive(Clone, Copy)]
pub struct LdapFields {
    slots: StoredValue<Vec<(&'static str, Slot)>>,
    /// The bind password of a new directory.
    pub password: RwSignal<String>,
    /// A new bind password of a stored directory; `None` keeps the stored one.
    pub new_password: RwSignal<Option<String>>,
    /// Whether the directory is stored.
    pub is_stored: bool,
}

impl LdapFields {
    /// Inputs that hold this.
    pub fn new(draft: &LdapDraft, is_stored: bool) -> Self {
        let slot = |input: Input| match input {
            Input::Flag => Slot::Flag(RwSignal::new(false)),
            Input::Rows(..) => Slot::Rows(RwSignal::new(Vec::new())),
            Input::Text(_) | Input::Number | Input::Lines | Input::Choice(_) => {
                Slot::Text(RwSignal::new(String::new()))
            }
        };
        let slots = SETTINGS.iter().map(|setting| (setting.name, slot(setting.input))).collect();
        let fields = Self {
            slots: StoredValue::new(slots),
            password: RwSignal::new(String::new()),
            new_password: RwSignal::new(None),
            is_stored,
        };
        fields.set(draft);
        fields
    }

    pub(super) fn slot(self, name: &str) -> Option<Slot> {
        self.slots.with_value(|slots| slots.iter().find(|(known, _)| *known == name).map(|(_, slot)| *slot))
    }

    /// Puts this into an input.
    pub fn put(self, name: &str, text: &str) {
        if let Some(slot) = self.slot(name) {
            slot.set(text);
        }
    }

    /// What an input holds. Tracked.
    pub fn text(self, name: &str) -> String {
        self.slot(name).map(Slot::get).unwrap_or_default()
    }

    /// What all of them hold. Tracked.
    pub fn get(self) -> LdapDraft {
        let slots = self.slots.get_value();
        let texts = slots.into_iter().map(|(name, slot)| (name, slot.get())).collect();
        let typed = || Some(self.password.get()).filter(|password| !password.is_empty());
        LdapDraft { texts, password: if self.is_stored { self.new_password.get() } else { typed() } }
    }

    /// Puts this into them.
    pub fn set(self, draft: &LdapDraft) {
        for (name, text) in &draft.texts {
            self.put(name, text);
        }
        self.new_password.set(None);
        self.password.set(String::new());
    }
}
