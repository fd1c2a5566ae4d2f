//! Every path of the portal, relative to its base, for `href`s and for navigation from code.

use crate::domain::id::{ProviderId, TenantId, UserId};

/// The sign-in page.
pub const SIGN_IN: &str = "sign-in";
/// The page that creates the first administrator.
pub const SET_UP: &str = "set-up";
/// The start page.
pub const OVERVIEW: &str = "";
/// The list of attempts to sign in.
pub const SIGN_INS: &str = "sign-ins";
/// The list of providers.
pub const PROVIDERS: &str = "providers";
/// The choice of a protocol for a new provider.
pub const NEW_PROVIDER: &str = "providers/new";
/// The steps of creating an OpenID provider.
pub const NEW_OIDC: &str = "providers/new/oidc";
/// The steps of creating a SAML provider.
pub const NEW_SAML: &str = "providers/new/saml";
/// The steps of creating a directory.
pub const NEW_LDAP: &str = "providers/new/ldap";
/// The list of tenants.
pub const TENANTS: &str = "tenants";
/// The list of users.
pub const USERS: &str = "users";
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
    /// The overview.
    Overview,
    /// The connection.
    Connection,
    /// The mapping.
    Mapping,
    /// The tenants whose users sign in with it.
    Tenants,
    /// Which of its groups map to which of a tenant.
    Groups,
    /// Who may sign in, and where users may return to.
    Access,
    /// What a sign-in does, and trying it out.
    SignIn,
    /// Users and groups of its directory.
    Sync,
    /// Connection tests.
    Test,
    /// Its history.
    Activity,
    /// Disabling and deleting.
    Danger,
}

impl ProviderTab {
    /// Every tab in order.
    pub const ALL: [Self; 11] = [
        Self::Overview,
        Self::Connection,
        Self::Mapping,
        Self::Tenants,
        Self::Groups,
        Self::Access,
        Self::SignIn,
        Self::Sync,
        Self::Test,
        Self::Activity,
        Self::Danger,
    ];

    /// The tab's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Connection => "Connection",
            Self::Mapping => "Mapping",
            Self::Tenants => "Tenants",
            Self::Groups => "Groups",
            Self::Access => "Access",
            Self::SignIn => "Sign-in",
            Self::Sync => "Directory sync",
            Self::Test => "Test",
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
            Self::Tenants => "tenants",
            Self::Groups => "groups",
            Self::Access => "access",
            Self::SignIn => "sign-in",
            Self::Sync => "sync",
            Self::Test => "test",
            Self::Activity => "activity",
            Self::Danger => "danger",
        }
    }

    /// Its path.
    pub fn path(self, id: ProviderId) -> String {
        below(provider(id), self.segment())
    }

    /// The tab at a path below a provider's, if there is one.
    pub fn at(path: &str) -> Option<Self> {
        let mut below_providers = path.split('/').filter(|segment| !segment.is_empty()).skip(1);
        let _id = below_providers.next()?;
        let segment = below_providers.next().unwrap_or_default();
        Self::ALL.into_iter().find(|tab| tab.segment() == segment)
    }

    /// Whether it changes what is entered when a provider is created; these forms share most of their code.
    pub const fn is_form(self) -> bool {
        match self {
            Self::Connection | Self::Mapping | Self::Access | Self::SignIn => true,
            Self::Overview | Self::Tenants | Self::Groups | Self::Sync | Self::Test | Self::Activity | Self::Danger => {
                false
            }
        }
    }
}

/// An attempt to sign in, by its reference.
pub fn sign_in(reference: &str) -> String {
    format!("{SIGN_INS}/{reference}")
}

/// A user's page.
pub fn user(id: UserId) -> String {
    format!("{USERS}/{id}")
}

/// A tenant's page.
pub fn tenant(id: TenantId) -> String {
    format!("{TENANTS}/{id}")
}

/// A part of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantTab {
    /// The overview.
    Overview,
    /// The providers that its users sign in with.
    Providers,
    /// Its groups.
    Groups,
    /// Deleting it.
    Danger,
}

impl TenantTab {
    /// Every tab in order.
    pub const ALL: [Self; 4] = [Self::Overview, Self::Providers, Self::Groups, Self::Danger];

    /// The tab's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Providers => "Providers",
            Self::Groups => "Groups",
            Self::Danger => "Danger zone",
        }
    }

    /// Its path.
    pub fn path(self, id: TenantId) -> String {
        let segment = match self {
            Self::Overview => "",
            Self::Providers => "providers",
            Self::Groups => "groups",
            Self::Danger => "danger",
        };
        below(tenant(id), segment)
    }
}

fn below(page: String, segment: &str) -> String {
    if segment.is_empty() { page } else { page + "/" + segment }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn finds_the_tab_at_its_path() {
        let id = ProviderId(Uuid::nil());
        for tab in ProviderTab::ALL {
            assert_eq!(ProviderTab::at(&tab.path(id)), Some(tab));
        }
        assert_eq!(ProviderTab::at("providers//7/mapping/"), Some(ProviderTab::Mapping));
        assert_eq!(ProviderTab::at("providers/7/elsewhere"), None);
        assert_eq!(ProviderTab::at("providers"), None);
    }
}
