//! Short messages that report success. Errors are shown where they occurred.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::components::Tone;

const SHOWN_FOR: Duration = Duration::from_secs(7);

/// A short message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// Identifies the message.
    pub id: u32,
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// The messages on screen. `Toasts::current().success("Provider saved.")`.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: RwSignal<u32>,
}

impl Toasts {
    /// Provides the messages.
    pub fn provide() -> Self {
        let toasts = Self { shown: RwSignal::new(Vec::new()), next: RwSignal::new(0) };
        provide_context(toasts);
        toasts
    }

    /// The messages of the running portal.
    pub fn current() -> Self {
        expect_context()
    }

    /// The messages on screen, oldest first. Tracked.
    pub fn shown(self) -> Vec<Toast> {
        self.shown.get()
    }

    /// Says that something worked.
    pub fn success(self, text: impl Into<String>) {
        self.show(Tone::Success, text.into());
    }

    /// Says something neutral.
    pub fn info(self, text: impl Into<String>) {
        self.show(Tone::Info, text.into());
    }

    /// Dismisses a message.
    pub fn dismiss(self, id: u32) {
        self.shown.update(|shown| shown.retain(|toast| toast.id != id));
    }

    fn show(self, tone: Tone, text: String) {
        let id = self.next.get_untracked();
        self.next.set(id.wrapping_add(1));
        self.shown.update(|shown| shown.push(Toast { id, tone, text }));
        set_timeout(move || self.dismiss(id), SHOWN_FOR);
    }
}
