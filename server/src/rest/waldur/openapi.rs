//! The dialect's description in OpenAPI: what handlers say of themselves, and the shapes that they read.

#![expect(
    dead_code,
    reason = "requests are read field by field, so that every problem is told; these say what may stand in them"
)]

use std::collections::HashMap;

use utoipa::{
    IntoParams, IntoResponses, Modify, OpenApi, ToSchema,
    openapi::security::{ApiKey, ApiKeyValue, SecurityScheme},
};

use super::{discovery, providers};
use crate::rest::openapi::Description;

/// Waldur's API.
pub const DESCRIPTION: Description = Description { name: "waldur", document: Document::openapi };

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Waldur identity providers",
        version = "8.1.3",
        description = "The platform-wide OpenID providers, as Waldur's API shows them.\n\nCallers send an API token as \
            `Authorization: Token …`. Tokens of platform administrators count as staff.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        providers::list,
        providers::create,
        providers::retrieve,
        providers::update,
        providers::partial_update,
        providers::destroy,
        discovery::discover_metadata,
        discovery::generate_mapping,
    ),
    components(schemas(Refused, Detail)),
    tags((name = "identity-providers", description = "Providers that users sign in with")),
    modifiers(&Security),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
            "Authorization",
            "`Token`, a space, and an API token",
        )));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// Which part of the list is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// Which page, counted from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<u32>,
    /// How many providers a page holds; unusable values mean 10.
    #[param(minimum = 1, maximum = 300, default = 10)]
    page_size: Option<u32>,
}

macro_rules! provider_fields {
    ($(#[$doc:meta])* $name:ident { $($required:tt)* }) => {
        $(#[$doc])*
        #[derive(ToSchema)]
        pub(super) struct $name {
            $($required)*
            /// User fields that users of this provider cannot edit.
            protected_fields: Option<Vec<String>>,
            /// Origins that users may be sent back to, without path and query.
            #[schema(inline)]
            allowed_redirects: Option<Vec<String>>,
            /// Whether users may sign in with it; at first they may.
            is_active: Option<bool>,
            /// Whether the provider's TLS certificate is checked; at first it is.
            verify_ssl: Option<bool>,
            /// Whether users who sign out are sent to the provider's logout page; at first they are.
            enable_post_logout_redirect: Option<bool>,
            /// Whether the code flow uses PKCE; at first it does not.
            enable_pkce: Option<bool>,
            /// Where users manage their account at the provider.
            #[schema(max_length = 200)]
            management_url: Option<String>,
            /// Scopes beside `openid`, separated by spaces.
            #[schema(max_length = 200)]
            extra_scope: Option<String>,
            /// The user field that identifies a user.
            #[schema(max_length = 100)]
            user_field: Option<String>,
            /// The claim that identifies a user.
            #[schema(max_length = 100)]
            user_claim: Option<String>,
            /// User fields, and the claims that fill them, separated by spaces.
            attribute_mapping: Option<HashMap<String, String>>,
            /// Claims kept beside the user fields, separated by spaces.
            #[schema(max_length = 200)]
            extra_fields: Option<String>,
        }
    };
}

provider_fields! {
    /// A provider to create.
    NewProvider {
        /// The provider's key.
        #[schema(max_length = 32, pattern = "^[a-z0-9][a-z0-9_-]{0,31}$")]
        provider: String,
        /// The client identifier registered at the provider.
        #[schema(min_length = 1, max_length = 200)]
        client_id: String,
        /// The client secret.
        #[schema(min_length = 1, max_length = 200)]
        client_secret: String,
        /// The address of the discovery document.
        #[schema(format = "uri", max_length = 200)]
        discovery_url: String,
        /// The name to show.
        #[schema(min_length = 1, max_length = 200)]
        label: String,
    }
}

provider_fields! {
    /// A provider to replace. Its key stays.
    ReplacedProvider {
        /// The client identifier registered at the provider.
        #[schema(min_length = 1, max_length = 200)]
        client_id: String,
        /// The client secret.
        #[schema(min_length = 1, max_length = 200)]
        client_secret: String,
        /// The address of the discovery document.
        #[schema(format = "uri", max_length = 200)]
        discovery_url: String,
        /// The name to show.
        #[schema(min_length = 1, max_length = 200)]
        label: String,
    }
}

provider_fields! {
    /// A change of a provider. What is left out stays.
    ChangedProvider {
        /// The client identifier registered at the provider.
        #[schema(min_length = 1, max_length = 200)]
        client_id: Option<String>,
        /// The client secret.
        #[schema(min_length = 1, max_length = 200)]
        client_secret: Option<String>,
        /// The address of the discovery document.
        #[schema(format = "uri", max_length = 200)]
        discovery_url: Option<String>,
        /// The name to show.
        #[schema(min_length = 1, max_length = 200)]
        label: Option<String>,
    }
}

/// Which document to read.
#[derive(ToSchema)]
pub(super) struct DiscoveryRequest {
    /// The address of the discovery document.
    #[schema(format = "uri", max_length = 2000)]
    discovery_url: String,
    /// Whether the provider's TLS certificate is checked; it is unless this is false.
    verify_ssl: Option<bool>,
}

/// What is wrong, in one sentence.
#[derive(ToSchema)]
pub(super) struct Detail {
    /// The sentence.
    detail: String,
}

/// Problems by field; `{"detail": …}` for a body that cannot be read; a list of sentences when discovery fails while
/// saving.
#[derive(ToSchema)]
#[serde(untagged)]
pub(super) enum Refused {
    /// By field.
    Fields(HashMap<String, serde_json::Value>),
    /// When discovery failed while saving.
    Sentences(Vec<String>),
}

macro_rules! responses {
    ($($(#[$doc:meta])* $name:ident $status:literal $body:ident;)+) => {$(
        $(#[$doc])*
        #[derive(IntoResponses)]
        #[response(status = $status)]
        pub(super) struct $name($body);
    )+};
}

responses! {
    /// The input is wrong, or the discovery document could not be read
    Invalid 400 Refused;
    /// No token was sent where one is needed, or it is not valid
    Unauthenticated 401 Detail;
    /// The caller is not staff
    Forbidden 403 Detail;
    /// There is no such provider
    NotFound 404 Detail;
    /// There is no such page
    NoPage 404 Detail;
    /// The body is larger than 256 KiB
    TooLarge 413 Detail;
    /// The body is neither JSON nor a form
    UnknownMediaType 415 Detail;
}
