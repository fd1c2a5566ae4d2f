//! Who calls, and what they may do. Only this module decides about roles.

use std::{net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};

use super::id::{AdministratorId, SessionId, TenantId, TokenId};

/// What a caller may do, however they signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    PlatformAdmin,
    /// Reads everything, changes nothing.
    PlatformReader,
    /// Looks up single providers for support; sees no list of the platform.
    PlatformSupport,
    /// Manages the tenants of one partner.
    PartnerAdmin,
    /// Manages one tenant.
    TenantAdmin,
    /// Belongs to a tenant and manages nothing.
    TenantMember,
}

/// The text is not the name of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a role: expected platform_admin, platform_reader, platform_support, partner_admin, tenant_admin or \
     tenant_member"
)]
pub struct UnknownRole;

impl Role {
    /// Every role, the most powerful first.
    pub const ALL: [Self; 6] = [
        Self::PlatformAdmin,
        Self::PlatformReader,
        Self::PlatformSupport,
        Self::PartnerAdmin,
        Self::TenantAdmin,
        Self::TenantMember,
    ];

    /// The role as the command line and the database write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PlatformAdmin => "platform_admin",
            Self::PlatformReader => "platform_reader",
            Self::PlatformSupport => "platform_support",
            Self::PartnerAdmin => "partner_admin",
            Self::TenantAdmin => "tenant_admin",
            Self::TenantMember => "tenant_member",
        }
    }

    /// The role for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::PlatformAdmin => "Platform administrator",
            Self::PlatformReader => "Platform reader",
            Self::PlatformSupport => "Platform support",
            Self::PartnerAdmin => "Partner administrator",
            Self::TenantAdmin => "Tenant administrator",
            Self::TenantMember => "Tenant member",
        }
    }

    /// Which scope a grant of this role needs.
    pub const fn needs(self) -> RoleNeeds {
        match self {
            Self::PlatformAdmin | Self::PlatformReader | Self::PlatformSupport => RoleNeeds::Nothing,
            Self::PartnerAdmin => RoleNeeds::Partner,
            Self::TenantAdmin | Self::TenantMember => RoleNeeds::Tenant,
        }
    }
}

/// The scope that a grant of a role needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleNeeds {
    /// The role holds for the platform.
    Nothing,
    /// The role holds for a tenant.
    Tenant,
    /// The role holds for a partner's tenants.
    Partner,
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

/// A role and its scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The tenant of tenant roles.
    pub tenant: Option<TenantId>,
    /// The partner of a partner administrator.
    pub partner: Option<String>,
}

impl Grant {
    /// A grant that holds for the whole platform.
    pub const fn platform(role: Role) -> Self {
        Self { role, tenant: None, partner: None }
    }
}

/// How a caller proved who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// They did not.
    Anonymous,
    /// With an API token.
    Token {
        /// Which one.
        id: TokenId,
        /// Its name.
        name: String,
    },
    /// As an administrator who is signed in to the portal.
    Administrator {
        /// The administrator.
        id: AdministratorId,
        /// Their email address.
        email: String,
        /// The session.
        session: SessionId,
    },
    /// With a token of the issuer that the operator trusts.
    Subject {
        /// The token's `sub`, or its `client_id`.
        name: String,
    },
    /// Through the host application.
    Host {
        /// The name the application gave.
        name: String,
    },
    /// By running the command line on the machine itself.
    Operator,
}

/// The caller of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// How they proved who they are.
    pub identity: Identity,
    /// Their role; `None` for anonymous callers.
    pub grant: Option<Grant>,
    /// The client's address, as the trusted proxies report it.
    pub address: Option<IpAddr>,
}

impl Actor {
    /// A caller without credentials.
    pub const fn anonymous(address: Option<IpAddr>) -> Self {
        Self { identity: Identity::Anonymous, grant: None, address }
    }

    /// The operator at the command line.
    pub const fn operator() -> Self {
        Self { identity: Identity::Operator, grant: Some(Grant::platform(Role::PlatformAdmin)), address: None }
    }

    /// A host application that manages providers in code, with the rights of a platform administrator. `name` is what
    /// the audit log shows: say which part of the application it is.
    pub fn host(name: impl Into<String>) -> Self {
        let identity = Identity::Host { name: name.into() };
        Self { identity, grant: Some(Grant::platform(Role::PlatformAdmin)), address: None }
    }

    /// The name that the audit log shows.
    pub fn name(&self) -> String {
        match &self.identity {
            Identity::Anonymous => "anonymous".to_owned(),
            Identity::Token { name, .. } => format!("token {name}"),
            Identity::Administrator { email, .. } => email.clone(),
            // The prefix keeps the issuer's names apart from those of tokens and administrators.
            Identity::Subject { name } => format!("subject {name}"),
            Identity::Host { name } => name.clone(),
            Identity::Operator => "operator".to_owned(),
        }
    }

    /// Whether the caller has not signed in.
    pub const fn is_anonymous(&self) -> bool {
        matches!(self.identity, Identity::Anonymous)
    }

    /// The caller's role.
    pub fn role(&self) -> Option<Role> {
        self.grant.as_ref().map(|grant| grant.role)
    }

    /// Decides whether this caller may do `permission` to some object at all; [`Reach`] limits which ones.
    pub fn decide_anywhere(&self, permission: Permission) -> Decision {
        let Some(grant) = &self.grant else { return self.decide(permission, Owner::Platform) };
        let owner = match (grant.tenant, grant.partner.as_deref()) {
            (Some(id), partner) => Owner::Tenant { id, partner },
            // Every tenant of the partner is within reach, so any stands for them.
            (None, Some(partner)) => Owner::Tenant { id: TenantId(uuid::Uuid::nil()), partner: Some(partner) },
            (None, None) => Owner::Platform,
        };
        self.decide(permission, owner)
    }

    /// Decides whether this caller may do `permission` to an object of `owner`.
    pub fn decide(&self, permission: Permission, owner: Owner<'_>) -> Decision {
        let Some(grant) = &self.grant else {
            return if self.is_anonymous() { Decision::Unauthenticated } else { Decision::Denied };
        };
        let within_reach = match (grant.role, owner) {
            (Role::PlatformAdmin | Role::PlatformReader | Role::PlatformSupport, _) => true,
            (Role::TenantAdmin, Owner::Tenant { id, .. }) => grant.tenant == Some(id),
            (Role::PartnerAdmin, Owner::Tenant { partner, .. }) => {
                partner.is_some() && grant.partner.as_deref() == partner
            }
            // Tenants sign in with the platform's providers, so their administrators may see what those are called.
            (Role::TenantAdmin | Role::PartnerAdmin, Owner::Platform) => permission == Permission::LookUpProvider,
            (Role::TenantMember, _) => false,
        };
        let permitted = match grant.role {
            Role::PlatformAdmin => true,
            Role::PlatformReader => permission.is_read(),
            Role::PlatformSupport => matches!(
                permission,
                Permission::ViewProvider
                    | Permission::LookUpProvider
                    | Permission::ViewAssignments
                    | Permission::ViewSignIn
            ),
            Role::PartnerAdmin | Role::TenantAdmin => permission.is_within_a_tenant(),
            Role::TenantMember => false,
        };
        match (permitted, within_reach) {
            (true, true) => Decision::Allowed,
            // Another tenant's object must look as if it did not exist.
            (true, false) => Decision::Hidden,
            (false, _) => Decision::Denied,
        }
    }
}

/// Who owns an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// The platform's own.
    Platform,
    /// A tenant's.
    Tenant {
        /// The tenant.
        id: TenantId,
        /// Its partner.
        partner: Option<&'a str>,
    },
}

/// What a caller wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// See lists of providers.
    ListProviders,
    /// See one provider, without its secrets.
    ViewProvider,
    /// Create, change or delete a provider; discover endpoints, since that makes the server call out.
    ManageProviders,
    /// Read a client secret in clear, as the Waldur dialect shows it to staff.
    RevealSecrets,
    /// See what identifies a provider: its id, name, slug and the claim that identifies a user.
    LookUpProvider,
    /// See tenants.
    ViewTenants,
    /// Create, change or delete tenants.
    ManageTenants,
    /// See which providers a tenant's users sign in with.
    ViewAssignments,
    /// Link a provider to a tenant, or unlink it.
    ManageAssignments,
    /// See groups and group mappings.
    ViewGroups,
    /// Create, change or delete groups and group mappings.
    ManageGroups,
    /// See users.
    ViewUsers,
    /// Block and unblock users, and delete those who are in no directory any longer.
    ManageUsers,
    /// See and manage API tokens.
    ManageTokens,
    /// See and manage administrators.
    ManageAdministrators,
    /// Read the audit log.
    ViewAudit,
    /// See lists of attempts to sign in.
    ListSignIns,
    /// See one attempt to sign in with its steps; what its claims say takes [`Self::ViewUsers`].
    ViewSignIn,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 18] = [
        Self::ListProviders,
        Self::ViewProvider,
        Self::ManageProviders,
        Self::RevealSecrets,
        Self::LookUpProvider,
        Self::ViewTenants,
        Self::ManageTenants,
        Self::ViewAssignments,
        Self::ManageAssignments,
        Self::ViewGroups,
        Self::ManageGroups,
        Self::ViewUsers,
        Self::ManageUsers,
        Self::ManageTokens,
        Self::ManageAdministrators,
        Self::ViewAudit,
        Self::ListSignIns,
        Self::ViewSignIn,
    ];

    const fn is_read(self) -> bool {
        match self {
            Self::ListProviders
            | Self::ViewProvider
            | Self::LookUpProvider
            | Self::ViewTenants
            | Self::ViewAssignments
            | Self::ViewGroups
            | Self::ViewUsers
            | Self::ViewAudit
            | Self::ListSignIns
            | Self::ViewSignIn => true,
            Self::ManageProviders
            | Self::RevealSecrets
            | Self::ManageTenants
            | Self::ManageAssignments
            | Self::ManageGroups
            | Self::ManageUsers
            | Self::ManageTokens
            | Self::ManageAdministrators => false,
        }
    }

    const fn is_within_a_tenant(self) -> bool {
        match self {
            Self::ListProviders
            | Self::ViewProvider
            | Self::LookUpProvider
            | Self::ManageProviders
            | Self::ViewTenants
            | Self::ViewAssignments
            | Self::ManageAssignments
            | Self::ViewGroups
            | Self::ManageGroups
            | Self::ViewUsers
            | Self::ManageUsers
            | Self::ViewAudit
            | Self::ListSignIns
            | Self::ViewSignIn => true,
            Self::RevealSecrets | Self::ManageTenants | Self::ManageTokens | Self::ManageAdministrators => false,
        }
    }
}

/// Whether a caller may do something, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is allowed.
    Allowed,
    /// The caller has not signed in.
    Unauthenticated,
    /// The role does not allow it.
    Denied,
    /// The object belongs to another tenant: answer as if it did not exist.
    Hidden,
}

/// Which providers a list may show to a caller.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reach {
    /// All of them.
    Everything,
    /// Those of one tenant.
    Tenant(TenantId),
    /// Those of the tenants of one partner.
    Partner(String),
    /// None.
    Nothing,
}

impl Actor {
    /// Which providers a list may show to this caller.
    pub fn reach(&self) -> Reach {
        match &self.grant {
            Some(Grant { role: Role::PlatformAdmin | Role::PlatformReader, .. }) => Reach::Everything,
            Some(Grant { role: Role::TenantAdmin, tenant: Some(tenant), .. }) => Reach::Tenant(*tenant),
            Some(Grant { role: Role::PartnerAdmin, partner: Some(partner), .. }) => Reach::Partner(partner.clone()),
            _ => Reach::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn actor(role: Role, tenant: Option<u128>, partner: Option<&str>) -> Actor {
        let grant =
            Grant { role, tenant: tenant.map(|id| TenantId(Uuid::from_u128(id))), partner: partner.map(str::to_owned) };
        Actor { identity: Identity::Host { name: "test".to_owned() }, grant: Some(grant), address: None }
    }

    const MINE: Owner<'_> = Owner::Tenant { id: TenantId(Uuid::from_u128(1)), partner: Some("acme") };
    const FOREIGN: Owner<'_> = Owner::Tenant { id: TenantId(Uuid::from_u128(2)), partner: None };

    #[test]
    fn a_platform_administrator_may_do_everything() {
        for permission in Permission::ALL {
            for owner in [Owner::Platform, MINE, FOREIGN] {
                assert_eq!(actor(Role::PlatformAdmin, None, None).decide(permission, owner), Decision::Allowed);
            }
        }
    }

    #[test]
    fn a_reader_changes_nothing_and_sees_no_secret() {
        let reader = actor(Role::PlatformReader, None, None);
        assert_eq!(reader.decide(Permission::ViewProvider, MINE), Decision::Allowed);
        for permission in [Permission::ManageProviders, Permission::RevealSecrets, Permission::ManageTokens] {
            assert_eq!(reader.decide(permission, Owner::Platform), Decision::Denied);
        }
    }

    #[test]
    fn a_foreign_tenants_object_is_hidden_and_not_merely_denied() {
        for caller in [actor(Role::TenantAdmin, Some(1), None), actor(Role::PartnerAdmin, None, Some("acme"))] {
            assert_eq!(caller.decide(Permission::ManageProviders, MINE), Decision::Allowed);
            assert_eq!(caller.decide(Permission::ManageProviders, FOREIGN), Decision::Hidden);
            assert_eq!(caller.decide(Permission::ManageProviders, Owner::Platform), Decision::Hidden);
            assert_eq!(caller.decide(Permission::ManageTokens, MINE), Decision::Denied);
        }
    }

    #[test]
    fn a_partner_administrator_without_partner_reaches_nothing() {
        let caller = actor(Role::PartnerAdmin, None, None);
        assert_eq!(caller.decide(Permission::ViewProvider, FOREIGN), Decision::Hidden);
        assert_eq!(caller.reach(), Reach::Nothing);
    }

    #[test]
    fn nobody_is_asked_to_sign_in_and_a_member_is_refused() {
        assert_eq!(Actor::anonymous(None).decide(Permission::ViewProvider, MINE), Decision::Unauthenticated);
        assert_eq!(actor(Role::TenantMember, Some(1), None).decide(Permission::ViewProvider, MINE), Decision::Denied);
    }

    #[test]
    fn every_role_is_read_back_from_its_name() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
    }
}
