//! Parameters of queries, which [`crate::rest::scaikey::query`] reads.

use utoipa::{
    IntoParams,
    openapi::{
        Object,
        schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type},
    },
};

use crate::rest::scaikey::words::{attempt_outcome, sync_mode, user_status};

/// Which part of the list is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::rest::scaikey) struct Page {
    /// Which page, counted from 1.
    #[param(schema_with = page_number)]
    page: Option<u64>,
    /// How many items a page holds.
    #[param(minimum = 1, maximum = 100, default = 20)]
    per_page: Option<u32>,
}

/// Without a format, since no number is too large: a page behind the last one is empty.
fn page_number() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).default(Some(serde_json::Value::from(1))).build()
}

/// Which providers are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::rest::scaikey) struct AdminFilter {
    /// Those of a tenant, by identifier or slug.
    tenant_id: Option<String>,
    /// `OIDC`, `SAML` or `LDAP`, in any letter case.
    provider_type: Option<String>,
    /// A part of name, display name, slug, issuer, discovery address, client id, entity id or server address.
    search: Option<String>,
}

/// Which providers of a tenant are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::rest::scaikey) struct TenantFilter {
    /// Only return enabled IdPs
    #[param(default = false)]
    enabled_only: Option<bool>,
    /// Filter by protocol (OIDC, SAML)
    protocol: Option<String>,
}

/// Which tenants are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::rest::scaikey) struct TenantsFilter {
    /// A part of name or slug.
    search: Option<String>,
    /// `active` or `suspended`.
    status: Option<String>,
    /// Those of a partner.
    partner_id: Option<String>,
}

/// Which groups are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::rest::scaikey) struct GroupsFilter {
    /// Those of a tenant, by identifier or slug.
    tenant_id: Option<String>,
    /// A part of the name.
    search: Option<String>,
}

/// How to synchronise.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::rest::scaikey) struct SyncParameters {
    /// Whether the run stores nothing but its log.
    #[param(default = false)]
    dry_run: Option<bool>,
    /// Which entries are read: all, or those that changed since the last run.
    #[param(schema_with = sync_mode)]
    mode: Option<String>,
    /// How many users may vanish at most, whatever share of all users they are.
    #[param(schema_with = vanished)]
    confirm_vanished: Option<u64>,
}

fn vanished() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).build()
}

/// Which users are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::rest::scaikey) struct UsersFilter {
    /// Those of a tenant, by identifier or slug.
    tenant_id: Option<String>,
    /// Those that a provider knows.
    idp_id: Option<String>,
    #[param(schema_with = user_status)]
    status: Option<String>,
    /// A part of user name, email address or name.
    search: Option<String>,
}

/// Which attempts to sign in are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::rest::scaikey) struct SignInsFilter {
    /// Those of a tenant, by identifier or slug.
    tenant_id: Option<String>,
    /// Those at a provider.
    idp_id: Option<String>,
    /// Those that ended in this way.
    #[param(schema_with = attempt_outcome)]
    outcome: Option<String>,
    /// Those that began at this moment or later.
    #[param(schema_with = moment)]
    since: Option<String>,
    /// Those that began before this moment.
    #[param(schema_with = moment)]
    until: Option<String>,
}

/// For which tenant a sign-in is tested.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::rest::scaikey) struct TestParameters {
    /// A tenant, by identifier or slug; when absent, the one that owns the identity provider, or the caller's own, or the
    /// only one that it serves, or the default tenant.
    tenant_id: Option<String>,
}

fn moment() -> Object {
    let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build()
}
