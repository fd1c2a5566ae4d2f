//! Every path of the portal, relative to its base: what `href`s and navigation from code are written with.

use crate::domain::id::ProviderId;

/// Where one signs in.
pub const SIGN_IN: &str = "sign-in";
/// Where the first administrator is made.
pub const SET_UP: &str = "set-up";
/// The list of providers.
pub const PROVIDERS: &str = "providers";
/// The choice of a protocol for a new provider.
pub const NEW_PROVIDER: &str = "providers/new";
/// The steps of creating an OpenID provider.
pub const NEW_OIDC: &str = "providers/new/oidc";
/// The audit log.
pub const AUDIT: &str = "audit";
/// Password, theme and sessions of the signed-in person.
pub const ACCOUNT: &str = "settings/account";
/// The API tokens.
pub const TOKENS: &str = "settings/tokens";
/// The administrators.
pub const ADMINISTRATORS: &str = "settings/administrators";

/// A provider's page.
pub fn provider(id: ProviderId) -> String {
    format!("{PROVIDERS}/{id}")
}

/// A part of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderTab {
    /// What there is to know at a glance.
    Overview,
    /// How to talk to it.
    Connection,
    /// How its claims become user fields.
    Mapping,
    /// Who may sign in, and from where.
    Access,
    /// What was done to it.
    Activity,
    /// Disabling and deleting.
    Danger,
}

impl ProviderTab {
    /// Every tab in order.
    pub const ALL: [Self; 6] =
        [Self::Overview, Self::Connection, Self::Mapping, Self::Access, Self::Activity, Self::Danger];

    /// The tab in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Connection => "Connection",
            Self::Mapping => "Mapping",
            Self::Access => "Access",
            Self::Activity => "Activity",
            Self::Danger => "Danger zone",
        }
    }

    /// The last part of its path; none for the first tab.
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Connection => "connection",
            Self::Mapping => "mapping",
            Self::Access => "access",
            Self::Activity => "activity",
            Self::Danger => "danger",
        }
    }

    /// Where it is.
    pub fn path(self, id: ProviderId) -> String {
        format!("{}/{}", provider(id), self.segment()).trim_end_matches('/').to_owned()
    }
}
