//! Tenants: the customers of the application whose users sign in.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{
    id::TenantId,
    patch::Patch,
    problem::{Problem, ProblemCode},
    provider::Slug,
    text::check_text,
    timestamp::Timestamp,
};

/// A customer with its own users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Stable identifier.
    pub id: TenantId,
    /// Unique short name for URLs; never changes.
    pub slug: String,
    /// Display name.
    pub name: String,
    /// The partner that manages the tenant, if any.
    pub partner: Option<String>,
    /// Whether its users may sign in.
    pub status: TenantStatus,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed, if ever.
    pub updated_at: Option<Timestamp>,
    /// Incremented by each change, for optimistic locking.
    pub version: i64,
}

/// Whether a tenant's users may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantStatus {
    /// Users may sign in.
    Active,
    /// Users may not sign in; all data is kept.
    #[default]
    Suspended,
}

/// The text is not the name of a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a tenant status: expected active or suspended")]
pub struct UnknownTenantStatus;

impl TenantStatus {
    /// The status as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

impl FromStr for TenantStatus {
    type Err = UnknownTenantStatus;

    fn from_str(text: &str) -> Result<Self, UnknownTenantStatus> {
        match text {
            "active" => Ok(Self::Active),
            "suspended" => Ok(Self::Suspended),
            _ => Err(UnknownTenantStatus),
        }
    }
}

/// A tenant to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTenant {
    /// The slug, as [`super::provider::Slug::platform`] parses it; made from the name when absent.
    pub slug: Option<String>,
    /// Name; 1 to 255 characters.
    pub name: String,
    /// The partner that manages it; at most 255 characters.
    pub partner: Option<String>,
    /// Whether its users may sign in.
    pub status: TenantStatus,
}

/// A change of a tenant. Absent members stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TenantPatch {
    /// Name.
    pub name: Option<String>,
    /// The partner that manages it.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub partner: Patch<String>,
    /// Whether its users may sign in.
    pub status: Option<TenantStatus>,
}

/// Narrows a list of tenants. Empty means all that the caller may see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TenantFilter {
    /// Part of name or slug, in any letter case.
    pub search: Option<String>,
    /// Only those with this status.
    pub status: Option<TenantStatus>,
    /// Only those of this partner.
    pub partner: Option<String>,
}

/// A tenant with what its page shows beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantDetail {
    /// The tenant.
    pub tenant: Tenant,
    /// Whether it is the default tenant, which cannot be deleted.
    pub is_default: bool,
    /// What suspending or deleting it affects.
    pub impact: TenantImpact,
}

/// What suspending or deleting a tenant affects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantImpact {
    /// Providers that belong to it; they are deleted with it.
    pub owned_providers: u64,
    /// Providers of the platform that its users sign in with; they are unlinked.
    pub shared_providers: u64,
    /// Its groups; they are deleted with it.
    pub groups: u64,
    /// Administrators with a role in this tenant; they are removed with it.
    pub administrators: u64,
    /// API tokens with a role in this tenant; they are revoked with it.
    pub tokens: u64,
}

/// Checks a new tenant, as far as it can be checked alone.
pub fn check_new_tenant(new: &NewTenant) -> Vec<Problem> {
    let NewTenant { slug, name, partner, status: _ } = new;
    let mut problems = Vec::new();
    check_text(&mut problems, "name", name, 255, true);
    check_partner(&mut problems, partner.as_deref());
    let error = match slug.as_deref().map(|slug| (slug, Slug::platform(slug))) {
        Some((_, Err(problem))) => Some(format!("Invalid slug: {problem}.")),
        Some((slug, Ok(_))) if is_identifier(slug) => {
            Some("Invalid slug: it would be taken for an identifier.".to_owned())
        }
        _ => None,
    };
    problems.extend(error.map(|message| Problem::new("slug", ProblemCode::Malformed, message)));
    problems
}

/// Whether a slug would be parsed as an identifier where callers name a tenant.
pub fn is_identifier(slug: &str) -> bool {
    slug.parse::<TenantId>().is_ok()
}

/// Checks a change, as far as it can be checked alone.
pub fn check_tenant_patch(patch: &TenantPatch) -> Vec<Problem> {
    let TenantPatch { name, partner, status: _ } = patch;
    let mut problems = Vec::new();
    if let Some(name) = name {
        check_text(&mut problems, "name", name, 255, true);
    }
    check_partner(&mut problems, partner.value().map(String::as_str));
    problems
}

fn check_partner(problems: &mut Vec<Problem>, partner: Option<&str>) {
    let Some(partner) = partner else { return };
    if partner.trim().is_empty() {
        problems.push(Problem::new("partner", ProblemCode::Blank, "Leave the partner out or name one."));
    } else {
        check_text(problems, "partner", partner, 255, true);
    }
}
