//! How something is meant: shared by callouts, badges and toasts.

use super::Icon;

/// How something is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Plain.
    #[default]
    Neutral,
    /// Good to know.
    Info,
    /// It worked.
    Success,
    /// Look at this.
    Warning,
    /// It failed, or something will be lost.
    Danger,
}

impl Tone {
    /// The word in class names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// The picture that goes with it, so that colour is not all.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Neutral => Icon::Blocked,
            Self::Info => Icon::Info,
            Self::Success => Icon::Check,
            Self::Warning => Icon::Warning,
            Self::Danger => Icon::Cross,
        }
    }
}
