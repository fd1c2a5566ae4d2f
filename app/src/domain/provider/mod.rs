//! Identity providers, the central aggregate.

mod change;
pub mod detail;
mod email_domains;
mod ldap;
mod list;
mod new;
mod oidc;
mod oidc_sign_in;
mod redirects;
mod saml;
mod sign_in;
mod slug;

pub use change::{
    ConfigInput, DiscoveryDemand, NewProvider, OidcInput, OidcPatch, ProviderPatch, check_directory, check_new,
    check_patch,
};
pub use email_domains::{is_allowed_domain, parse_allowed_domain};
pub use ldap::{
    DeltaStrategy, InvalidLdapValue, LdapBind, LdapConfig, LdapEntry, LdapField, LdapFieldKind, LdapGroups, LdapInput,
    LdapLimits, LdapScope, LdapSection, LdapValue, LdapVendor, LinkExisting, MemberFormat, MissingUsers, Reactivate,
    Referrals, SyncPolicy, check_directory_mapping,
};
pub use list::{OwnerFilter, ProviderFilter, ProviderSort, ProviderSummary, SortDirection, SortKey};
pub use oidc::{OidcConfig, OidcEndpoints, OidcPromises};
pub use oidc_sign_in::{
    ClientAuthentication, OidcPrompt, OidcSignIn, OidcSignInPatch, ResponseMode, SigningAlgorithm, UserInfoUse,
};
pub use redirects::{DomainProblem, Origin, OriginProblem, normalise_domain, parse_domain};
pub use saml::{EMAIL_NAME_ID, NAME_ID, SamlCertificate, SamlConfig, SamlEndpoint, SamlInput, SamlService};
pub use sign_in::{EmailTrust, FieldUpdate, Linking, SignInPatch, SignInSettings, UpdateRules};
pub use slug::{ReservedSlugs, Slug, SlugProblem};

use serde::{Deserialize, Serialize};

use super::{
    id::{ProviderId, TenantId},
    mapping::UserMapping,
    timestamp::Timestamp,
};

/// A system with which users of a customer sign in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdentityProvider {
    /// Stable identifier; part of the callback URL.
    pub id: ProviderId,
    /// Unique short name among live providers; never changes.
    pub slug: Slug,
    /// Name, unique for its owner.
    pub name: String,
    /// Display name, where it differs.
    pub display_name: Option<String>,
    /// The tenant it belongs to; the platform's own when absent.
    pub owner: Option<TenantId>,
    /// Whether users may sign in with it.
    pub enabled: bool,
    /// What happens to users when they sign in.
    pub provisioning: Provisioning,
    /// Whom people who sign in are linked to, and what is updated.
    #[serde(default)]
    pub sign_in: SignInSettings,
    /// The protocol with its settings.
    pub config: ProviderConfig,
    /// How its claims become user fields.
    pub mapping: UserMapping,
    /// Email domains whose users may sign in; no restriction when empty. Lower case, punycode.
    pub allowed_domains: Vec<String>,
    /// Origins to which users may be sent after signing in.
    pub allowed_redirects: Vec<Origin>,
    /// Where users manage their account at the provider; empty when unknown.
    pub management_url: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed, if ever.
    pub updated_at: Option<Timestamp>,
    /// Incremented by each change, for optimistic locking.
    pub version: i64,
}

impl IdentityProvider {
    /// The display name.
    pub fn label(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.name)
    }

    /// The OIDC configuration of an OpenID provider.
    pub const fn oidc(&self) -> Option<&OidcConfig> {
        match &self.config {
            ProviderConfig::Oidc(config) => Some(config),
            ProviderConfig::Saml(_) | ProviderConfig::Ldap(_) => None,
        }
    }
}

/// What happens to users when they sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provisioning {
    /// Unknown users are created.
    pub auto_create_users: bool,
    /// Known users get the fields that the provider sends.
    pub update_user_on_login: bool,
}

impl Default for Provisioning {
    fn default() -> Self {
        Self { auto_create_users: true, update_user_on_login: true }
    }
}

/// The protocol of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// OpenID Connect.
    Oidc,
    /// SAML 2.0.
    Saml,
    /// LDAP.
    Ldap,
}

/// The text is not the name of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a protocol: expected oidc, saml or ldap")]
pub struct UnknownProtocol;

impl Protocol {
    /// Every protocol.
    pub const ALL: [Self; 3] = [Self::Oidc, Self::Saml, Self::Ldap];

    /// The protocol as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Saml => "saml",
            Self::Ldap => "ldap",
        }
    }

    /// The protocol's name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Oidc => "OpenID Connect",
            Self::Saml => "SAML 2.0",
            Self::Ldap => "LDAP",
        }
    }
}

impl std::str::FromStr for Protocol {
    type Err = UnknownProtocol;

    fn from_str(text: &str) -> Result<Self, UnknownProtocol> {
        Self::ALL.into_iter().find(|protocol| protocol.as_str().eq_ignore_ascii_case(text)).ok_or(UnknownProtocol)
    }
}

/// The protocol of a provider with its settings. Mixtures of protocols cannot be represented.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderConfig {
    /// OpenID Connect.
    Oidc(OidcConfig),
    /// SAML 2.0.
    Saml(SamlConfig),
    /// LDAP.
    Ldap(LdapConfig),
}

impl ProviderConfig {
    /// The identifier by which the provider calls itself, where the protocol has one.
    pub fn issuer(&self) -> Option<&str> {
        match self {
            Self::Oidc(config) => config.issuer.as_deref(),
            Self::Saml(config) => Some(&config.entity_id),
            Self::Ldap(_) => None,
        }
    }

    /// Whether people who sign in may come with an issuer: one of the allowed issuers, or else the provider's own.
    pub fn accepts_issuer(&self, issuer: &str) -> bool {
        match self {
            Self::Oidc(config) if !config.sign_in.allowed_issuers.is_empty() => {
                config.sign_in.allowed_issuers.iter().any(|allowed| allowed == issuer)
            }
            _ => self.issuer() == Some(issuer),
        }
    }

    /// Its protocol.
    pub const fn protocol(&self) -> Protocol {
        match self {
            Self::Oidc(_) => Protocol::Oidc,
            Self::Saml(_) => Protocol::Saml,
            Self::Ldap(_) => Protocol::Ldap,
        }
    }
}
