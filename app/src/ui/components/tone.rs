//! Tones, shared by callouts, badges and toasts.

use super::Icon;

/// How something is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Neutral.
    #[default]
    Neutral,
    /// Information.
    Info,
    /// Success.
    Success,
    /// Something to check.
    Warning,
    /// Failure, or data will be lost.
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

    /// The icon, so that colour is not the only signal.
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
