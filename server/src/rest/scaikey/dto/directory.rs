//! `ldap_config` as it is shown: without secrets, every setting by a name of its own.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_app::domain::provider::{
    DeltaStrategy, LdapBind, LdapConfig, LdapGroups, LdapLimits, LdapScope, LdapVendor, LinkExisting, MemberFormat,
    MissingUsers, Reactivate, Referrals, SyncPolicy,
};

use super::super::openapi;

/// `ldap_config`.
#[derive(Serialize, ToSchema)]
#[schema(as = IdPLDAPConfigResponse)]
pub(super) struct Ldap<'a> {
    #[schema(schema_with = openapi::ldap_vendor)]
    vendor: LdapVendor,
    urls: &'a [String],
    start_tls: bool,
    tls_verify: bool,
    #[schema(required)]
    ca_certificate: Option<&'a str>,
    #[schema(required)]
    client_certificate: Option<&'a str>,
    /// Whether there is a key; it is never shown.
    client_key_set: bool,
    #[schema(schema_with = openapi::ldap_bind)]
    bind_type: LdapBind,
    #[schema(required)]
    bind_dn: Option<&'a str>,
    /// Whether there is a password for the bind; it is never shown.
    bind_password_set: bool,
    base_dn: &'a str,
    #[schema(required)]
    user_base_dn: Option<&'a str>,
    #[schema(schema_with = openapi::ldap_scope)]
    user_search_scope: LdapScope,
    user_object_classes: &'a [String],
    #[schema(required)]
    user_filter: Option<&'a str>,
    #[schema(required)]
    username_attribute: Option<&'a str>,
    #[schema(required)]
    external_id_attribute: Option<&'a str>,
    #[schema(required)]
    disabled_filter: Option<&'a str>,
    #[serde(flatten)]
    groups: Groups<'a>,
    #[serde(flatten)]
    limits: Limits,
    #[serde(flatten)]
    sync: Sync,
}

/// Which groups are read.
#[derive(Serialize, ToSchema)]
#[schema(as = IdPLDAPGroups)]
struct Groups<'a> {
    sync_groups: bool,
    #[schema(required)]
    group_base_dn: Option<&'a str>,
    #[schema(schema_with = openapi::ldap_scope)]
    group_search_scope: LdapScope,
    group_object_classes: &'a [String],
    #[schema(required)]
    group_filter: Option<&'a str>,
    group_name_attribute: &'a str,
    group_member_attribute: &'a str,
    #[schema(schema_with = openapi::member_format)]
    group_member_format: MemberFormat,
    nested_groups: bool,
}

/// Sizes and times.
#[derive(Serialize, ToSchema)]
#[schema(as = IdPLDAPLimits)]
struct Limits {
    page_size: u16,
    connect_timeout_seconds: u16,
    operation_timeout_seconds: u16,
    sync_timeout_seconds: u32,
    max_entries: u32,
    #[schema(schema_with = openapi::referrals)]
    referrals: Referrals,
}

/// What a synchronisation does.
#[derive(Serialize, ToSchema)]
#[schema(as = IdPLDAPSync)]
struct Sync {
    sync_enabled: bool,
    sync_interval_minutes: u32,
    full_sync_interval_hours: u32,
    #[schema(schema_with = openapi::delta_strategy)]
    delta_strategy: DeltaStrategy,
    clock_skew_seconds: u32,
    #[schema(schema_with = openapi::missing_users)]
    missing_users: MissingUsers,
    #[schema(schema_with = openapi::reactivate)]
    reactivate: Reactivate,
    max_deactivation_percent: u8,
    #[schema(schema_with = openapi::link_existing)]
    link_existing: LinkExisting,
    trust_email: bool,
}

impl<'a> Ldap<'a> {
    pub(super) fn of(config: &'a LdapConfig) -> Self {
        let LdapConfig {
            vendor,
            urls,
            start_tls,
            tls_verify,
            ca_certificate,
            client_certificate,
            client_key: _,
            has_client_key,
            bind_type,
            bind_dn,
            bind_password: _,
            has_bind_password,
            bind_password_changed_at: _,
            base_dn,
            user_base_dn,
            user_search_scope,
            user_object_classes,
            user_filter,
            username_attribute,
            external_id_attribute,
            disabled_filter,
            groups,
            limits,
            sync,
        } = config;
        Self {
            vendor: *vendor,
            urls,
            start_tls: *start_tls,
            tls_verify: *tls_verify,
            ca_certificate: ca_certificate.as_deref(),
            client_certificate: client_certificate.as_deref(),
            client_key_set: *has_client_key,
            bind_type: *bind_type,
            bind_dn: bind_dn.as_deref(),
            bind_password_set: *has_bind_password,
            base_dn,
            user_base_dn: user_base_dn.as_deref(),
            user_search_scope: *user_search_scope,
            user_object_classes,
            user_filter: user_filter.as_deref(),
            username_attribute: username_attribute.as_deref(),
            external_id_attribute: external_id_attribute.as_deref(),
            disabled_filter: disabled_filter.as_deref(),
            groups: Groups::of(groups),
            limits: Limits::of(limits),
            sync: Sync::of(sync),
        }
    }
}

impl<'a> Groups<'a> {
    fn of(groups: &'a LdapGroups) -> Self {
        let LdapGroups {
            enabled,
            base_dn,
            search_scope,
            object_classes,
            filter,
            name_attribute,
            member_attribute,
            member_format,
            nested,
        } = groups;
        Self {
            sync_groups: *enabled,
            group_base_dn: base_dn.as_deref(),
            group_search_scope: *search_scope,
            group_object_classes: object_classes,
            group_filter: filter.as_deref(),
            group_name_attribute: name_attribute,
            group_member_attribute: member_attribute,
            group_member_format: *member_format,
            nested_groups: *nested,
        }
    }
}

impl Limits {
    fn of(limits: &LdapLimits) -> Self {
        let LdapLimits {
            page_size,
            connect_timeout_seconds,
            operation_timeout_seconds,
            sync_timeout_seconds,
            max_entries,
            referrals,
        } = *limits;
        Self {
            page_size,
            connect_timeout_seconds,
            operation_timeout_seconds,
            sync_timeout_seconds,
            max_entries,
            referrals,
        }
    }
}

impl Sync {
    fn of(sync: &SyncPolicy) -> Self {
        let SyncPolicy {
            enabled,
            interval_minutes,
            full_interval_hours,
            delta_strategy,
            clock_skew_seconds,
            missing_users,
            reactivate,
            max_deactivation_percent,
            link_existing,
            trust_email,
        } = *sync;
        Self {
            sync_enabled: enabled,
            sync_interval_minutes: interval_minutes,
            full_sync_interval_hours: full_interval_hours,
            delta_strategy,
            clock_skew_seconds,
            missing_users,
            reactivate,
            max_deactivation_percent,
            link_existing,
            trust_email,
        }
    }
}
