//! The dialect's description in OpenAPI: what handlers say of themselves, the shapes that they read, and what all of
//! them answer. Names of schemas are those of the original's document.

#![expect(
    dead_code,
    reason = "requests are read field by field, so that every problem is told; these say what may stand in them"
)]

use utoipa::{
    IntoParams, IntoResponses, Modify, OpenApi, ToSchema,
    openapi::{
        Object, SecurityRequirement,
        schema::{ObjectBuilder, Type},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};
use vestibule_app::domain::{
    connection::StepStatus,
    sync::{EntryAction, EntryObject, LinkState, SyncMode, SyncStatus, SyncTrigger},
};

use super::{
    admin,
    answer::{One, Several, Whole},
    connection, dto,
    error::{Detail, Details},
    group_mappings, groups, sync, tenant_providers, tenants, users,
    write::{
        ADMIN_PROTOCOLS, BINDS, DEFAULT_SCOPES, FORMATS, LINKS, MISSING, REACTIVATE, REFERRALS, SCOPES, STRATEGIES,
        TENANT_PROTOCOLS, VENDORS,
    },
};
use crate::rest::openapi::{
    Description,
    complete::{answers, header, operations, path_parameters, security, word},
};

/// ScaiKey's API.
pub const DESCRIPTION: Description = Description { name: "scaikey", document: Document::openapi };

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ScaiKey identity providers",
        version = "1",
        description = "Providers of every protocol, in ScaiKey's words: an administration over all that the caller may \
            see, and operations within a tenant.\n\nCallers send `Authorization: Bearer …` with an API token, or with \
            a JSON Web Token of the issuer that this server trusts. Collections end with a slash, everything else does \
            not; the other spelling answers 307.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        admin::list,
        admin::create,
        admin::retrieve,
        admin::update,
        admin::destroy,
        sync::start,
        sync::list,
        sync::retrieve,
        connection::test,
        tenant_providers::list,
        tenant_providers::create,
        tenant_providers::retrieve,
        tenant_providers::update,
        tenant_providers::destroy,
        group_mappings::list,
        group_mappings::create,
        group_mappings::destroy,
        connection::test_for_tenant,
        tenants::list,
        tenants::create,
        tenants::retrieve,
        tenants::update,
        tenants::destroy,
        groups::list,
        groups::create,
        groups::retrieve,
        groups::update,
        groups::destroy,
        users::list,
        users::retrieve,
        users::update,
    ),
    components(schemas(Detail, Details)),
    tags(
        (name = "admin", description = "Providers, whoever they belong to"),
        (name = "tenant", description = "The providers that a tenant's users sign in with"),
        (name = "tenants", description = "Tenants"),
        (name = "groups", description = "Groups of tenants"),
        (name = "users", description = "Users of tenants, as directories make them known"),
    ),
    modifiers(&Common),
)]
struct Document;

/// What every operation has beside what its handler says.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        security(document, "bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        for (path, operation) in operations(document) {
            operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]);
            path_parameters(path, operation, path_parameter);
            answers::<Unauthenticated>(operation);
            answers::<Forbidden>(operation);
            if path.contains('{') {
                answers::<NotFound>(operation);
            }
            if operation.request_body.is_some() {
                answers::<TooLarge>(operation);
            }
            answers::<Invalid>(operation);
            answers::<Failed>(operation);
            answers::<Unavailable>(operation);
            header(operation, "X-Request-ID", "Names the request in the server's log");
        }
    }
}

fn path_parameter(name: &str) -> (&'static str, Object) {
    let description = match name {
        "tenant_id" => "A tenant: its identifier, with or without the prefix `tnt_`, or its slug",
        "idp_id" => "A provider's identifier, with or without the prefix `idp_`",
        "group_id" => "A group's identifier, with or without the prefix `grp_`",
        "mapping_id" => "A group mapping's identifier, with or without the prefix `igm_`",
        "user_id" => "A user's identifier, with or without the prefix `usr_`",
        _ => "A sync log's identifier, with or without the prefix `slg_`",
    };
    (description, ObjectBuilder::new().schema_type(Type::String).build())
}

// Answers with their envelopes.

pub(super) type AdminProviderAnswer = One<'static, dto::AdminProvider<'static>>;
pub(super) type AdminProviderPage = Several<'static, dto::AdminProvider<'static>>;
pub(super) type ProviderAnswer = One<'static, dto::Provider<'static>>;
pub(super) type ProviderPage = Several<'static, dto::ListItem<'static>>;
pub(super) type SyncAnswer = One<'static, dto::SyncSummary<'static>>;
pub(super) type SyncDetailAnswer = One<'static, dto::SyncDetail<'static>>;
pub(super) type SyncPage = Several<'static, dto::SyncSummary<'static>>;
pub(super) type UserAnswer = One<'static, dto::WholeUser<'static>>;
pub(super) type UserPage = Several<'static, dto::User<'static>>;
pub(super) type TestAnswer = One<'static, dto::TestResult<'static>>;
pub(super) type GroupMappingAnswer = One<'static, dto::GroupMapping<'static>>;
pub(super) type GroupMappingList = Whole<'static, dto::GroupMapping<'static>>;
pub(super) type TenantAnswer = One<'static, dto::Tenant<'static>>;
pub(super) type TenantPage = Several<'static, dto::Tenant<'static>>;
pub(super) type GroupAnswer = One<'static, dto::Group<'static>>;
pub(super) type GroupPage = Several<'static, dto::Group<'static>>;

macro_rules! responses {
    ($($(#[$doc:meta])* $name:ident { $($response:tt)* } $body:ty;)+) => {$(
        $(#[$doc])*
        #[derive(IntoResponses)]
        #[response($($response)*)]
        pub(super) struct $name($body);
    )+};
}

type Sentence = Detail<'static>;

responses! {
    /// The request makes no sense for this object
    BadRequest { status = 400 } Sentence;
    /// No token was sent, or it is not valid
    Unauthenticated { status = 401, headers(("WWW-Authenticate" = String, description = "`Bearer`")) } Sentence;
    /// The caller's role, or the token's scope, does not allow it
    Forbidden { status = 403 } Sentence;
    /// There is no such object within the caller's reach
    NotFound { status = 404 } Sentence;
    /// There is something like it already, or somebody else changed it meanwhile
    Conflict { status = 409 } Sentence;
    /// The body is larger than 256 KiB
    TooLarge { status = 413 } Sentence;
    /// Validation error
    Invalid { status = 422 } Details;
    /// Too many connection tests at once
    Throttled { status = 429, headers(("Retry-After" = u32, description = "Seconds to wait")) } Sentence;
    /// A fault of the server
    Failed { status = 500 } Sentence;
    /// The server cannot answer at the moment
    Unavailable { status = 503 } Sentence;
}

// Words.

pub(super) fn admin_protocol() -> Object {
    word(ADMIN_PROTOCOLS.map(|(name, _)| name))
}

/// A tenant creates providers of two protocols, and sees those of any.
pub(super) fn protocol() -> Object {
    admin_protocol()
}

fn tenant_protocol() -> Object {
    word(TENANT_PROTOCOLS.map(|(name, _)| name))
}

pub(super) fn ldap_vendor() -> Object {
    word(VENDORS.map(|(name, _)| name))
}

pub(super) fn ldap_bind() -> Object {
    word(BINDS.map(|(name, _)| name))
}

pub(super) fn ldap_scope() -> Object {
    word(SCOPES.map(|(name, _)| name))
}

pub(super) fn member_format() -> Object {
    word(FORMATS.map(|(name, _)| name))
}

pub(super) fn referrals() -> Object {
    word(REFERRALS.map(|(name, _)| name))
}

pub(super) fn delta_strategy() -> Object {
    word(STRATEGIES.map(|(name, _)| name))
}

pub(super) fn missing_users() -> Object {
    word(MISSING.map(|(name, _)| name))
}

pub(super) fn reactivate() -> Object {
    word(REACTIVATE.map(|(name, _)| name))
}

pub(super) fn link_existing() -> Object {
    word(LINKS.map(|(name, _)| name))
}

pub(super) fn tenant_status() -> Object {
    word(tenants::STATUSES.map(|(name, _)| name))
}

pub(super) fn step_status() -> Object {
    word(StepStatus::ALL.map(StepStatus::as_str))
}

pub(super) fn user_status() -> Object {
    word(users::STATUSES)
}

pub(super) fn link_state() -> Object {
    word(LinkState::ALL.iter().map(|state| state.as_str()))
}

pub(super) fn sync_status() -> Object {
    word(SyncStatus::ALL.iter().map(|status| status.as_str()))
}

pub(super) fn ran_mode() -> Object {
    word(SyncMode::ALL.iter().map(|mode| mode.as_str()))
}

pub(super) fn sync_trigger() -> Object {
    word(SyncTrigger::ALL.iter().map(|trigger| trigger.as_str()))
}

pub(super) fn entry_object() -> Object {
    word(EntryObject::ALL.iter().map(|object| object.as_str()))
}

pub(super) fn entry_action() -> Object {
    word(EntryAction::ALL.iter().map(|action| action.as_str()))
}

/// Numbers of things, by what became of them.
fn counts<const N: usize>(names: [&str; N]) -> Object {
    let count = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).build();
    let all = names.into_iter().fold(ObjectBuilder::new().schema_type(Type::Object), |all, name| {
        all.property(name, count.clone()).required(name)
    });
    all.build()
}

pub(super) fn user_counts() -> Object {
    counts([
        "seen",
        "created",
        "updated",
        "unchanged",
        "reactivated",
        "disabled",
        "skipped",
        "failed",
        "deactivated",
        "deleted",
    ])
}

pub(super) fn group_counts() -> Object {
    counts(["seen", "created", "updated", "unchanged", "removed", "failed"])
}

pub(super) fn membership_counts() -> Object {
    counts(["added", "removed"])
}

// Queries.

/// Which part of the list is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// Which page, counted from 1.
    #[param(schema_with = page_number)]
    page: Option<u64>,
    /// How many items a page holds.
    #[param(minimum = 1, maximum = 100, default = 20)]
    per_page: Option<u32>,
}

/// Without a format, since there is no number that is too large: such a page is empty.
fn page_number() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).default(Some(serde_json::Value::from(1))).build()
}

/// Which providers are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AdminFilter {
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
pub(super) struct TenantFilter {
    /// Only return enabled IdPs
    #[param(default = false)]
    enabled_only: Option<bool>,
    /// Filter by protocol (OIDC, SAML)
    protocol: Option<String>,
}

/// Which tenants are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TenantsFilter {
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
pub(super) struct GroupsFilter {
    /// Those of a tenant, by identifier or slug.
    tenant_id: Option<String>,
    /// A part of the name.
    search: Option<String>,
}

/// How to synchronise.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SyncWish {
    /// Whether nothing is to be stored but the log.
    #[param(default = false)]
    dry_run: Option<bool>,
    /// Everything, or what changed since the last time.
    #[param(schema_with = sync_mode)]
    mode: Option<String>,
    /// Up to how many users may vanish, whatever share of all they are.
    #[param(schema_with = vanished)]
    confirm_vanished: Option<u64>,
}

fn vanished() -> Object {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).build()
}

/// Which users are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UsersFilter {
    /// Those of a tenant, by identifier or slug.
    tenant_id: Option<String>,
    /// Those that a provider knows.
    idp_id: Option<String>,
    #[param(schema_with = user_status)]
    status: Option<String>,
    /// A part of user name, e-mail address or name.
    search: Option<String>,
}

fn sync_mode() -> Object {
    word(sync::MODES)
}

// Bodies.

/// OIDC Identity Provider configuration.
#[derive(ToSchema)]
#[schema(as = IdPOIDCConfig)]
struct OidcConfig {
    /// The issuer, or the address of its discovery document.
    #[schema(format = "uri", max_length = 2000)]
    issuer: String,
    #[schema(min_length = 1, max_length = 255)]
    client_id: String,
    /// In a change, null and absent keep the stored one, and an empty text removes it.
    client_secret: Option<String>,
    /// Wins over what is discovered.
    authorization_endpoint: Option<String>,
    /// Wins over what is discovered.
    token_endpoint: Option<String>,
    /// Wins over what is discovered.
    userinfo_endpoint: Option<String>,
    /// Wins over what is discovered.
    jwks_uri: Option<String>,
    #[schema(required = false, default = default_scopes)]
    scopes: Vec<String>,
}

fn default_scopes() -> serde_json::Value {
    DEFAULT_SCOPES.into_iter().collect()
}

/// SAML Identity Provider configuration.
#[derive(ToSchema)]
#[schema(as = IdPSAMLConfig)]
struct SamlConfig {
    #[schema(min_length = 1, max_length = 1024)]
    entity_id: String,
    #[schema(format = "uri")]
    sso_url: String,
    slo_url: Option<String>,
    /// One or more PEM blocks, or one certificate in bare base64.
    certificate: String,
    #[schema(required = false, default = true)]
    sign_requests: bool,
    #[schema(required = false, default = true)]
    want_assertions_signed: bool,
    #[schema(required = false, max_length = 255, default = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")]
    name_id_format: String,
}

/// LDAP Identity Provider configuration.
#[derive(ToSchema)]
#[schema(as = IdPLDAPConfig)]
struct LdapConfig {
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

/// Attribute mapping from IdP claims to ScaiKey user fields.
#[derive(ToSchema)]
#[schema(as = IdPAttributeMapping)]
struct AttributeMapping {
    #[schema(required = false, default = "email")]
    email: String,
    #[schema(required = false, default = "given_name")]
    first_name: String,
    #[schema(required = false, default = "family_name")]
    last_name: String,
    #[schema(default = "name")]
    display_name: Option<String>,
    #[schema(default = "groups")]
    groups: Option<String>,
}

/// The members of a body that says what a provider is to be.
macro_rules! new_provider {
    ($(#[$doc:meta])* $name:ident as $schema:ident { $($more:tt)* }) => {
        $(#[$doc])*
        #[derive(ToSchema)]
        #[schema(as = $schema)]
        pub(super) struct $name {
            #[schema(min_length = 1, max_length = 255)]
            name: String,
            #[schema(max_length = 255)]
            display_name: Option<String>,
            #[schema(required = false, default = true)]
            enabled: bool,
            #[schema(required = false, default = true)]
            auto_create_users: bool,
            #[schema(required = false, default = true)]
            update_user_on_login: bool,
            oidc_config: Option<OidcConfig>,
            saml_config: Option<SamlConfig>,
            attribute_mapping: Option<AttributeMapping>,
            allowed_domains: Option<Vec<String>>,
            $($more)*
        }
    };
}

new_provider! {
    /// Request to create an Identity Provider.
    CreatedProvider as IdPCreate {
        /// OIDC or SAML
        #[schema(schema_with = tenant_protocol)]
        protocol: String,
    }
}

new_provider! {
    /// Request of the administration to create an Identity Provider.
    CreatedAdminProvider as AdminIdPCreate {
        /// In any letter case. `protocol` is accepted in its place.
        #[schema(schema_with = admin_protocol)]
        provider_type: String,
        /// The tenant it belongs to, by identifier or slug; null for the platform.
        tenant_id: Option<String>,
        ldap_config: Option<LdapConfig>,
    }
}

/// The members of a body that says what is to change. What is left out stays.
macro_rules! changed_provider {
    ($(#[$doc:meta])* $name:ident as $schema:ident { $($more:tt)* }) => {
        $(#[$doc])*
        #[derive(ToSchema)]
        #[schema(as = $schema)]
        pub(super) struct $name {
            /// Null changes nothing.
            #[schema(min_length = 1, max_length = 255)]
            name: Option<String>,
            #[schema(max_length = 255)]
            display_name: Option<String>,
            /// Null changes nothing.
            enabled: Option<bool>,
            /// Null changes nothing.
            auto_create_users: Option<bool>,
            /// Null changes nothing.
            update_user_on_login: Option<bool>,
            /// Replaces the settings as a whole, but for secrets.
            oidc_config: Option<OidcConfig>,
            /// Replaces the settings as a whole.
            saml_config: Option<SamlConfig>,
            /// Null brings the defaults back.
            attribute_mapping: Option<AttributeMapping>,
            allowed_domains: Option<Vec<String>>,
            $($more)*
        }
    };
}

changed_provider! {
    /// Request to update an Identity Provider.
    ChangedProvider as IdPUpdate {}
}

changed_provider! {
    /// Request of the administration to update an Identity Provider.
    ChangedAdminProvider as AdminIdPUpdate {
        /// Cannot be changed; what it is may be repeated.
        #[schema(required = false, schema_with = admin_protocol)]
        provider_type: String,
        /// Cannot be changed; what it is may be repeated.
        tenant_id: Option<String>,
        /// Replaces the settings as a whole, but for secrets.
        ldap_config: Option<LdapConfig>,
    }
}

/// Request to create a group mapping.
#[derive(ToSchema)]
#[schema(as = GroupMappingCreate)]
pub(super) struct CreatedGroupMapping {
    #[schema(min_length = 1, max_length = 1024)]
    external_group_id: String,
    #[schema(max_length = 255)]
    external_group_name: Option<String>,
    #[schema(min_length = 1, max_length = 255)]
    internal_group_id: String,
}

/// Request to create a tenant.
#[derive(ToSchema)]
#[schema(as = TenantCreate)]
pub(super) struct CreatedTenant {
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Made from the name when it is left out.
    slug: Option<String>,
    partner_id: Option<String>,
    #[schema(required = false, schema_with = tenant_status)]
    status: String,
}

/// Request to update a tenant.
#[derive(ToSchema)]
#[schema(as = TenantUpdate)]
pub(super) struct ChangedTenant {
    /// Null changes nothing.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    /// Cannot be changed; what it is may be repeated.
    slug: Option<String>,
    partner_id: Option<String>,
    #[schema(required = false, schema_with = tenant_status)]
    status: String,
}

/// Request to create a group.
#[derive(ToSchema)]
#[schema(as = GroupCreate)]
pub(super) struct CreatedGroup {
    /// The tenant it belongs to, by identifier or slug.
    tenant_id: String,
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    #[schema(max_length = 1000)]
    description: Option<String>,
}

/// Request to update a group.
#[derive(ToSchema)]
#[schema(as = GroupUpdate)]
pub(super) struct ChangedGroup {
    /// Cannot be changed; what it is may be repeated.
    tenant_id: Option<String>,
    /// Null changes nothing.
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    #[schema(max_length = 1000)]
    description: Option<String>,
}

/// Request to block or unblock a user.
#[derive(ToSchema)]
#[schema(as = UserUpdate)]
pub(super) struct ChangedUser {
    /// Whether an administrator keeps the user out. Null changes nothing.
    blocked: Option<bool>,
}
