//! Users of tenants.

use serde::Serialize;
use serde_json::{Map, Value};
use vestibule_app::domain::{
    id::ProviderId,
    sync::LinkState,
    user::{self, DirectoryLink, Profile, UserDetail, UserDirectoryGroup, UserGroup, UserStatus},
};

use super::super::date::rfc3339;

/// A user as lists show one.
#[derive(Serialize)]
pub(in crate::rest::scaikey) struct User<'a> {
    id: String,
    tenant_id: String,
    username: &'a str,
    email: Option<&'a str>,
    email_verified: bool,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    display_name: Option<&'a str>,
    /// The provider that made the user known first.
    idp_id: Option<String>,
    status: UserStatus,
    active: bool,
    blocked: bool,
    blocked_at: Option<String>,
    blocked_by: Option<&'a str>,
    created_at: String,
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
#[derive(Serialize)]
pub(in crate::rest::scaikey) struct WholeUser<'a> {
    #[serde(flatten)]
    user: User<'a>,
    attributes: &'a Map<String, Value>,
    links: Vec<Link<'a>>,
    groups: Vec<Named<'a>>,
    directory_groups: Vec<DirectoryGroup<'a>>,
}

#[derive(Serialize)]
struct Link<'a> {
    idp_id: String,
    external_id: &'a str,
    dn: &'a str,
    state: LinkState,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
struct Named<'a> {
    id: String,
    name: &'a str,
}

#[derive(Serialize)]
struct DirectoryGroup<'a> {
    id: String,
    idp_id: String,
    name: &'a str,
    dn: &'a str,
}

impl<'a> WholeUser<'a> {
    pub(in crate::rest::scaikey) fn of(detail: &'a UserDetail) -> Self {
        let UserDetail { user, links, groups, directory_groups } = detail;
        let link = |link: &'a DirectoryLink| {
            let DirectoryLink { provider, provider_name: _, external_id, dn, state, created_at, updated_at } = link;
            Link {
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
