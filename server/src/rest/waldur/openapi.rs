//! The dialect's description in OpenAPI: what handlers say of themselves, and the shapes that they read.

#![expect(
    dead_code,
    reason = "requests are read field by field, so that every problem is told; these say what may stand in them"
)]

use std::collections::HashMap;

use utoipa::{
    IntoParams, IntoResponses, Modify, OpenApi, ToSchema,
    openapi::{
        Object, Schema, SecurityRequirement,
        schema::{ObjectBuilder, Type},
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};

use super::{discovery, providers, suggestions::FIELDS};
use crate::rest::openapi::{
    Description,
    complete::{answers, head, header, operations, path_parameters, security, word},
};

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
    modifiers(&Common),
)]
struct Document;

/// What every operation has beside what its handler says.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
            "Authorization",
            "`Token`, a space, and an API token",
        )));
        security(document, "token", scheme);
        for (path, operation) in operations(document) {
            path_parameters(path, operation, path_parameter);
            answers::<Unauthenticated>(operation);
            // The others say that they can be read without a token.
            if operation.security.is_none() {
                operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("token", [])]);
                answers::<Forbidden>(operation);
            }
            if path.contains('{') {
                answers::<NotFound>(operation);
            }
            if operation.request_body.is_some() {
                answers::<Invalid>(operation);
                answers::<TooSlow>(operation);
                answers::<TooLarge>(operation);
                answers::<UnknownMediaType>(operation);
            }
            answers::<Failed>(operation);
            answers::<Unavailable>(operation);
            header(operation, "X-Request-ID", "Names the request in the server's log");
        }
        head(
            document,
            "/api/identity-providers/",
            "identity_providers_count",
            "Tells how many providers there are, in `X-Result-Count`.",
        );
    }
}

fn path_parameter(_: &str) -> (&'static str, Object) {
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[a-z0-9][a-z0-9_-]{0,31}$")).build();
    ("The provider's key", schema)
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
            #[schema(nullable = false)]
            protected_fields: Option<Vec<String>>,
            /// Origins that users may be sent back to, without path and query.
            #[schema(inline, nullable = false)]
            allowed_redirects: Option<Vec<String>>,
            /// Whether users may sign in with it; at first they may.
            #[schema(nullable = false)]
            is_active: Option<bool>,
            /// Whether the provider's TLS certificate is checked; at first it is.
            #[schema(nullable = false)]
            verify_ssl: Option<bool>,
            /// Whether users who sign out are sent to the provider's logout page; at first they are.
            #[schema(nullable = false)]
            enable_post_logout_redirect: Option<bool>,
            /// Whether the code flow uses PKCE; at first it does not.
            #[schema(nullable = false)]
            enable_pkce: Option<bool>,
            /// Where users manage their account at the provider.
            #[schema(max_length = 200, nullable = false)]
            management_url: Option<String>,
            /// Scopes beside `openid`, separated by spaces.
            #[schema(max_length = 200)]
            extra_scope: Option<String>,
            /// The user field that identifies a user.
            #[schema(min_length = 1, max_length = 100, nullable = false)]
            user_field: Option<String>,
            /// The claim that identifies a user.
            #[schema(min_length = 1, max_length = 100, nullable = false)]
            user_claim: Option<String>,
            /// User fields, and the claims that fill them, separated by spaces.
            #[schema(schema_with = mapping)]
            attribute_mapping: Option<HashMap<String, String>>,
            /// Claims kept beside the user fields, separated by spaces.
            #[schema(max_length = 200)]
            extra_fields: Option<String>,
        }
    };
}

/// A mapping of the fields that Waldur knows.
fn mapping() -> Object {
    let claims = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1));
    let field = word(FIELDS.iter().map(|field| field.as_str()));
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .property_names(Some(field))
        .additional_properties(Some(Schema::from(claims)))
        .description(Some("User fields, and the claims that fill them, separated by spaces."))
        .build()
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
        #[schema(min_length = 1, max_length = 200, nullable = false)]
        client_id: Option<String>,
        /// The client secret.
        #[schema(min_length = 1, max_length = 200, nullable = false)]
        client_secret: Option<String>,
        /// The address of the discovery document.
        #[schema(format = "uri", max_length = 200, nullable = false)]
        discovery_url: Option<String>,
        /// The name to show.
        #[schema(min_length = 1, max_length = 200, nullable = false)]
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
    #[schema(nullable = false)]
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
    ($($(#[$doc:meta])* $name:ident { $($response:tt)* } $body:ident;)+) => {$(
        $(#[$doc])*
        #[derive(IntoResponses)]
        #[response($($response)*)]
        pub(super) struct $name($body);
    )+};
}

responses! {
    /// The input is wrong, or the discovery document could not be read
    Invalid { status = 400 } Refused;
    /// No token was sent where one is needed, or it is not valid
    Unauthenticated { status = 401, headers(("WWW-Authenticate" = String, description = "`Token`")) } Detail;
    /// The caller is not staff
    Forbidden { status = 403 } Detail;
    /// There is no such provider
    NotFound { status = 404 } Detail;
    /// There is no such page
    NoPage { status = 404 } Detail;
    /// Somebody else changed the provider meanwhile
    Conflict { status = 409 } Detail;
    /// The body did not arrive in time
    TooSlow { status = 408 } Detail;
    /// The body is larger than 256 KiB
    TooLarge { status = 413 } Detail;
    /// The body is neither JSON nor a form
    UnknownMediaType { status = 415 } Detail;
    /// Too many providers are being read at once
    Throttled { status = 429, headers(("Retry-After" = u32, description = "Seconds to wait")) } Detail;
    /// A fault of the server
    Failed { status = 500 } Detail;
    /// The server cannot answer at the moment
    Unavailable { status = 503 } Detail;
}
