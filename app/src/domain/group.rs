//! Groups of a tenant, and which groups of a provider map to them.

use serde::{Deserialize, Serialize};

use super::{
    id::{GroupId, GroupMappingId, ProviderId, TenantId},
    patch::Patch,
    problem::Problem,
    text::check_text,
    timestamp::Timestamp,
};

/// A group of a tenant's users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Stable identifier.
    pub id: GroupId,
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Name, unique within the tenant.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed, if ever.
    pub updated_at: Option<Timestamp>,
    /// Incremented by each change, for optimistic locking.
    pub version: i64,
}

/// A group to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewGroup {
    /// The tenant it belongs to.
    pub tenant: TenantId,
    /// Name, unique within the tenant; 1 to 255 characters.
    pub name: String,
    /// What it is for; at most 1000 characters.
    pub description: Option<String>,
}

/// A change of a group. Absent members stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GroupPatch {
    /// Name.
    pub name: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub description: Patch<String>,
}

/// Narrows a list of groups. Empty means all that the caller may see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GroupFilter {
    /// Only those of this tenant.
    pub tenant: Option<TenantId>,
    /// Part of the name, in any letter case.
    pub search: Option<String>,
}

/// Maps a group of a provider to a group of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupMapping {
    /// Identifies the mapping.
    pub id: GroupMappingId,
    /// The tenant it applies to.
    pub tenant: TenantId,
    /// The provider that names the group.
    pub provider: ProviderId,
    /// The claim or attribute that lists a user's groups.
    pub claim: String,
    /// The group as the provider writes it: a name, an identifier or a distinguished name.
    pub external_group_id: String,
    /// A display name, when the identifier is not readable.
    pub external_group_name: Option<String>,
    /// The tenant's group by its prefixed identifier, or any text that the application understands.
    pub internal_group_id: String,
    /// That group's name; absent when Vestibule does not know the group.
    pub internal_group_name: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A group mapping to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewGroupMapping {
    /// The claim or attribute that lists a user's groups; `groups` when absent.
    pub claim: Option<String>,
    /// The group as the provider writes it; 1 to 1024 characters.
    pub external_group_id: String,
    /// A display name; at most 255 characters.
    pub external_group_name: Option<String>,
    /// The group of the tenant; 1 to 255 characters.
    pub internal_group_id: String,
}

/// The claim that lists a user's groups, unless the mapping names another.
pub const GROUPS_CLAIM: &str = "groups";

/// Checks a new group, as far as it can be checked alone.
pub fn check_new_group(new: &NewGroup) -> Vec<Problem> {
    let NewGroup { tenant: _, name, description } = new;
    let mut problems = Vec::new();
    check_text(&mut problems, "name", name, 255, true);
    check_text(&mut problems, "description", description.as_deref().unwrap_or_default(), 1000, false);
    problems
}

/// Checks a change, as far as it can be checked alone.
pub fn check_group_patch(patch: &GroupPatch) -> Vec<Problem> {
    let GroupPatch { name, description } = patch;
    let mut problems = Vec::new();
    if let Some(name) = name {
        check_text(&mut problems, "name", name, 255, true);
    }
    let description = description.value().map(String::as_str).unwrap_or_default();
    check_text(&mut problems, "description", description, 1000, false);
    problems
}

/// Checks a new group mapping, as far as it can be checked alone.
pub fn check_new_group_mapping(new: &NewGroupMapping) -> Vec<Problem> {
    let NewGroupMapping { claim, external_group_id, external_group_name, internal_group_id } = new;
    let mut problems = Vec::new();
    check_text(&mut problems, "claim", claim.as_deref().unwrap_or(GROUPS_CLAIM), 255, true);
    check_text(&mut problems, "external_group_id", external_group_id, 1024, true);
    check_text(&mut problems, "external_group_name", external_group_name.as_deref().unwrap_or_default(), 255, false);
    check_text(&mut problems, "internal_group_id", internal_group_id, 255, true);
    problems
}
