//! Bodies that say what a provider is to be.

use utoipa::ToSchema;

use super::{
    directory::LdapConfig,
    words::{admin_protocol, tenant_protocol},
};
use crate::rest::scaikey::write::DEFAULT_SCOPES;

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
    /// One or more PEM blocks, or one certificate in base64, of the DER form or of PEM.
    certificate: String,
    #[schema(required = false, default = true)]
    sign_requests: bool,
    #[schema(required = false, default = true)]
    want_assertions_signed: bool,
    #[schema(required = false, max_length = 255, default = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress")]
    name_id_format: String,
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
        pub(in crate::rest::scaikey) struct $name {
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
        pub(in crate::rest::scaikey) struct $name {
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
