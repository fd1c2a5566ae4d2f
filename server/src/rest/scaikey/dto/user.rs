//! Users of tenants.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use vestibule_app::domain::{
    id::ProviderId,
    sync::LinkState,
    user::{self, DirectoryLink, Profile, UserDetail, UserDirectoryGroup, UserGroup, UserStatus},
};

use super::super::{date::rfc3339, words};

/// A user as lists show one.
#[derive(Serialize, ToSchema)]
#[schema(as = UserListItem)]
pub(in crate::rest::scaikey) struct User<'a> {
    id: String,
    tenant_id: String,
    username: &'a str,
    #[schema(required)]
    email: Option<&'a str>,
    email_verified: bool,
    #[schema(required)]
    first_name: Option<&'a str>,
    #[schema(required)]
    last_name: Option<&'a str>,
    #[schema(required)]
    display_name: Option<&'a str>,
    /// The provider that made the user known first.
    #[schema(required)]
    idp_id: Option<String>,
    #[schema(schema_with = words::user_status)]
    status: UserStatus,
    active: bool,
    blocked: bool,
    #[schema(format = DateTime, required)]
    blocked_at: Option<String>,
    #[schema(required)]
    blocked_by: Option<&'a str>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime, required)]
    updated_at: Option<String>,
}

impl<'a> User<'a> {
    pub(in crate::rest::scaikey) fn of(user: &'a user::User) -> Self {
        let status = user.status();
        let user::User {
            id,
            tenant,
            profile,
            email_verified,
            origin,
            active,
            deactivated_by: _,
            blocked,
            created_at,
            updated_at,
            version: _,
        } = user;
        let Profile { username, email, first_name, last_name, display_name, fields: _ } = profile;
        Self {
            id: id.prefixed(),
            tenant_id: tenant.prefixed(),
            username,
            email: email.as_deref(),
            email_verified: *email_verified,
            first_name: first_name.as_deref(),
            last_name: last_name.as_deref(),
            display_name: display_name.as_deref(),
            idp_id: origin.map(ProviderId::prefixed),
            status,
            active: *active,
            blocked: blocked.is_some(),
            blocked_at: blocked.as_ref().map(|block| rfc3339(block.at)),
            blocked_by: blocked.as_ref().map(|block| block.by.as_str()),
            created_at: rfc3339(*created_at),
            updated_at: updated_at.map(rfc3339),
        }
    }
}

/// A user with what stands around them.
#[derive(Serialize, ToSchema)]
#[schema(as = UserResponse)]
pub(in crate::rest::scaikey) struct WholeUser<'a> {
    #[serde(flatten)]
    user: User<'a>,
    /// Further mapped fields by their names.
    #[schema(value_type = Object)]
    attributes: &'a Map<String, Value>,
    links: Vec<ReportedLink<'a>>,
    groups: Vec<Named<'a>>,
    directory_groups: Vec<DirectoryGroup<'a>>,
}

/// Where a directory has a user.
#[derive(Serialize, ToSchema)]
#[schema(as = UserLink)]
struct ReportedLink<'a> {
    idp_id: String,
    external_id: &'a str,
    dn: &'a str,
    #[schema(schema_with = words::link_state)]
    state: LinkState,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

/// A group of the tenant.
#[derive(Serialize, ToSchema)]
#[schema(as = UserGroup)]
struct Named<'a> {
    id: String,
    name: &'a str,
}

/// A group of a directory.
#[derive(Serialize, ToSchema)]
#[schema(as = UserDirectoryGroup)]
struct DirectoryGroup<'a> {
    id: String,
    idp_id: String,
    name: &'a str,
    dn: &'a str,
}

impl<'a> WholeUser<'a> {
    pub(in crate::rest::scaikey) fn of(detail: &'a UserDetail) -> Self {
        let UserDetail { user, tenant_name: _, origin_name: _, links, groups, directory_groups } = detail;
        let link = |link: &'a DirectoryLink| {
            let DirectoryLink {
                provider,
                provider_name: _,
                external_id,
                dn,
                state,
                seen_at: _,
                created_at,
                updated_at,
            } = link;
            ReportedLink {
                idp_id: provider.prefixed(),
                external_id,
                dn,
                state: *state,
                created_at: rfc3339(*created_at),
                updated_at: rfc3339(*updated_at),
            }
        };
        let group = |UserDirectoryGroup { id, provider, name, dn }: &'a UserDirectoryGroup| DirectoryGroup {
            id: id.prefixed(),
            idp_id: provider.prefixed(),
            name,
            dn,
        };
        Self {
            user: User::of(user),
            attributes: &user.profile.fields,
            links: links.iter().map(link).collect(),
            groups: groups.iter().map(|UserGroup { id, name }| Named { id: id.prefixed(), name }).collect(),
            directory_groups: directory_groups.iter().map(group).collect(),
        }
    }
}
