//! The dialect's OpenAPI document: what handlers say of themselves, completed by what all operations share.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        Object, SecurityRequirement,
        schema::{ObjectBuilder, Type},
        security::{ApiKey, ApiKeyValue, SecurityScheme},
    },
};

use super::{
    discovery,
    error::Detail,
    fields::KEY_PATTERN,
    providers,
    shapes::{
        Failed, Forbidden, Invalid, NotFound, Refused, TooLarge, TooSlow, Unauthenticated, Unavailable,
        UnknownMediaType,
    },
};
use crate::rest::openapi::{
    Description,
    complete::{answers, head, header, operations, path_parameters, security},
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
    components(schemas(Refused, Detail<'static>)),
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
            "Counts the providers, in `X-Result-Count`.",
        );
    }
}

fn path_parameter(_: &str) -> (&'static str, Object) {
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some(KEY_PATTERN)).build();
    ("The provider's key", schema)
}
