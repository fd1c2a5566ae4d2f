//! The few pictures the portal needs, as strokes on a 16 × 16 grid. They accompany words and never replace them.

use leptos::prelude::*;

/// A picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A tick.
    Check,
    /// A circle with a stroke through it.
    Blocked,
    /// A triangle to warn.
    Warning,
    /// A circle with an i.
    Info,
    /// A cross.
    Cross,
    /// Two sheets.
    Copy,
    /// A plus.
    Plus,
    /// Points to the right.
    Next,
    /// Points to the left.
    Previous,
    /// Points up.
    Up,
    /// Points down.
    Down,
    /// A looking glass.
    Search,
    /// An arrow leaving a box.
    External,
    /// A person.
    Person,
    /// Three lines.
    Menu,
    /// A key.
    Key,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Check => "M3 8.5 6.5 12 13 4.5",
            Self::Blocked => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M4 4l8 8",
            Self::Warning => "M8 2 1.5 13.5h13zM8 6.5v3.5M8 11.8v.2",
            Self::Info => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 7.3V11M8 5v.2",
            Self::Cross => "m4 4 8 8M12 4l-8 8",
            Self::Copy => "M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Next => "m6 3.5 4.5 4.5L6 12.5",
            Self::Previous => "M10 3.5 5.5 8l4.5 4.5",
            Self::Up => "M8 13V3M4 7l4-4 4 4",
            Self::Down => "M8 3v10M4 9l4 4 4-4",
            Self::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5l3 3",
            Self::External => "M9.5 2.5h4v4M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4",
            Self::Person => {
                "M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8M2.8 13.5c.6-2.6 2.7-3.7 5.2-3.7s4.6 1.1 5.2 3.7"
            }
            Self::Menu => "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
            Self::Key => "M10.5 2.5a3 3 0 1 1-2.3 4.9L2.5 13v.5h2.5v-2h2v-2h1.2",
        }
    }
}

/// Draws a picture, hidden from assistive technology since words stand beside it.
#[component]
pub fn IconView(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}
