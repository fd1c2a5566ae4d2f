//! A person whom a provider authenticated, as every protocol reports one.

use crate::domain::{
    id::{ProviderId, TenantId},
    mapping::Claims,
    timestamp::Timestamp,
};

/// A person whom a provider authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatedSubject {
    /// Who vouches for the person: an issuer, an entity ID, the directory.
    pub issuer: String,
    /// The provider's own permanent identifier of the person, such as `sub`.
    pub subject: String,
    /// Everything that the provider says about the person.
    pub claims: Claims,
    /// Whether the claims are all that the provider says. Where they are not, a missing claim means nothing.
    pub is_complete: bool,
    /// When the person authenticated, if the provider says so (`auth_time`).
    pub authenticated_at: Option<Timestamp>,
    /// How the person authenticated (`amr`).
    pub methods: Vec<String>,
    /// The authentication context class (`acr`).
    pub context: Option<String>,
    /// The provider's session (`sid`), for signing out.
    pub session: Option<String>,
}

/// What identifies a link. A person at a platform provider who signs in to two tenants has two links.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LinkKey {
    /// The tenant of the user.
    pub tenant: TenantId,
    /// The provider.
    pub provider: ProviderId,
    /// The issuer, compared exactly.
    pub issuer: String,
    /// The claim that identified the person.
    pub claim: String,
    /// Its value, compared exactly.
    pub value: String,
}
