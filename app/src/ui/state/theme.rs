//! The theme: light, dark, or the system's.

use leptos::prelude::*;

const KEY: &str = "vestibule-theme";

/// How the portal looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The theme as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    fn stored() -> Self {
        let text = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        Self::ALL.into_iter().find(|theme| Some(theme.as_str()) == text.as_deref()).unwrap_or_default()
    }

    fn apply(self) {
        let Some(root) = document().document_element() else { return };
        let _ = match self {
            Self::System => root.remove_attribute("data-theme"),
            Self::Light | Self::Dark => root.set_attribute("data-theme", self.as_str()),
        };
    }
}

/// The chosen theme. Storage may be forbidden; then the choice lasts until the page is left.
#[derive(Clone, Copy)]
pub struct ThemeState(RwSignal<Theme>);

impl ThemeState {
    /// Reads the stored choice, applies and provides it.
    pub fn provide() -> Self {
        let theme = Theme::stored();
        theme.apply();
        let state = Self(RwSignal::new(theme));
        provide_context(state);
        state
    }

    /// The chosen theme. Tracked.
    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// Chooses a theme.
    pub fn set(self, theme: Theme) {
        theme.apply();
        if let Some(storage) = storage() {
            let _ = storage.set_item(KEY, theme.as_str());
        }
        self.0.set(theme);
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
