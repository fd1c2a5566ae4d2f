//! The body of a directory's settings.

use utoipa::ToSchema;

use super::words::{
    delta_strategy, ldap_bind, ldap_scope, ldap_vendor, link_existing, member_format, missing_users, reactivate,
    referrals,
};

/// LDAP Identity Provider configuration.
#[derive(ToSchema)]
#[schema(as = IdPLDAPConfig)]
pub(super) struct LdapConfig {
    #[schema(required = false, schema_with = ldap_vendor)]
    vendor: String,
    /// Tried in order. `url`, or `host` with `port` and `use_ssl`, are accepted in its place.
    #[schema(required = false, min_items = 1, max_items = 8)]
    urls: Vec<String>,
    #[schema(required = false)]
    url: String,
    #[schema(required = false)]
    host: String,
    #[schema(required = false, minimum = 1, maximum = 65535)]
    port: u16,
    #[schema(required = false, default = false)]
    use_ssl: bool,
    /// Not with `ldaps://`.
    #[schema(required = false, default = false)]
    start_tls: bool,
    #[schema(required = false, default = true)]
    tls_verify: bool,
    /// Authorities of the servers, in PEM.
    ca_certificate: Option<String>,
    /// In PEM.
    client_certificate: Option<String>,
    /// In PEM. In a change, null and absent keep the stored one.
    client_key: Option<String>,
    #[schema(required = false, schema_with = ldap_bind)]
    bind_type: String,
    /// Required for `simple`.
    bind_dn: Option<String>,
    /// In a change, null and absent keep the stored one.
    #[schema(min_length = 1)]
    bind_password: Option<String>,
    #[schema(min_length = 1, max_length = 1024)]
    base_dn: String,
    user_base_dn: Option<String>,
    #[schema(required = false, schema_with = ldap_scope)]
    user_search_scope: String,
    #[schema(required = false)]
    user_object_classes: Vec<String>,
    user_filter: Option<String>,
    username_attribute: Option<String>,
    external_id_attribute: Option<String>,
    disabled_filter: Option<String>,
    #[schema(required = false, default = false)]
    sync_groups: bool,
    group_base_dn: Option<String>,
    #[schema(required = false, schema_with = ldap_scope)]
    group_search_scope: String,
    #[schema(required = false)]
    group_object_classes: Vec<String>,
    group_filter: Option<String>,
    #[schema(required = false, default = "cn")]
    group_name_attribute: String,
    #[schema(required = false, default = "member")]
    group_member_attribute: String,
    #[schema(required = false, schema_with = member_format)]
    group_member_format: String,
    #[schema(required = false, default = false)]
    nested_groups: bool,
    /// 0 asks for everything at once.
    #[schema(required = false, minimum = 0, maximum = 1000, default = 500)]
    page_size: u16,
    #[schema(required = false, minimum = 1, maximum = 60, default = 5)]
    connect_timeout_seconds: u16,
    #[schema(required = false, minimum = 1, maximum = 300, default = 30)]
    operation_timeout_seconds: u16,
    #[schema(required = false, minimum = 30, maximum = 86400, default = 900)]
    sync_timeout_seconds: u32,
    #[schema(required = false, minimum = 1, maximum = 10000000, default = 200000)]
    max_entries: u32,
    #[schema(required = false, schema_with = referrals)]
    referrals: String,
    #[schema(required = false, default = false)]
    sync_enabled: bool,
    #[schema(required = false, minimum = 5, maximum = 10080, default = 60)]
    sync_interval_minutes: u32,
    #[schema(required = false, minimum = 1, maximum = 8760, default = 24)]
    full_sync_interval_hours: u32,
    #[schema(required = false, schema_with = delta_strategy)]
    delta_strategy: String,
    #[schema(required = false, minimum = 0, maximum = 86400, default = 300)]
    clock_skew_seconds: u32,
    #[schema(required = false, schema_with = missing_users)]
    missing_users: String,
    #[schema(required = false, schema_with = reactivate)]
    reactivate: String,
    #[schema(required = false, minimum = 0, maximum = 100, default = 20)]
    max_deactivation_percent: u8,
    #[schema(required = false, schema_with = link_existing)]
    link_existing: String,
    #[schema(required = false, default = false)]
    trust_email: bool,
}
