//! The dialect's OpenAPI document: what handlers say of themselves, completed by what all operations share.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        Object, SecurityRequirement,
        schema::{ObjectBuilder, Type},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{
    error::Body,
    providers,
    shapes::{Failed, Forbidden, NotFound, Unauthenticated, Unavailable},
    tenants,
};
use crate::rest::openapi::{
    Description,
    complete::{answers, head, header, operations, path_parameters, security},
};

/// AVEVA's API.
pub const DESCRIPTION: Description = Description { name: "aveva", document: Document::openapi };

#[derive(OpenApi)]
#[openapi(
    info(
        title = "AVEVA identity providers",
        version = "2019-02-20",
        description = "Which providers there are, and which of them the users of a tenant sign in with, as OSIsoft \
            Cloud Services described it.\n\nCallers send `Authorization: Bearer …` with an API token, or with a JSON \
            Web Token of the issuer that this server trusts. The fixed parts of a path may be written in any letter \
            case, with or without a slash at the end.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(
        providers::list,
        providers::by_scheme,
        providers::retrieve,
        tenants::list,
        tenants::retrieve,
        tenants::add,
        tenants::remove,
    ),
    components(schemas(Body)),
    tags((name = "IdentityProvider", description = "Providers that users sign in with")),
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
            answers::<Failed>(operation);
            answers::<Unavailable>(operation);
            header(operation, "Operation-Id", "Names the operation, as `OperationId` in the body of a refusal");
            header(operation, "X-Request-ID", "Names the request in the server's log");
        }
        head(document, "/api/IdentityProvider/", "CountIdentityProviders", "Counts the providers, in `Total-Count`");
        head(
            document,
            "/api/Tenants/{tenantId}/IdentityProvider/",
            "CountTenantIdentityProviders",
            "Counts the providers of a tenant, in `Total-Count`",
        );
    }
}

fn path_parameter(name: &str) -> (&'static str, Object) {
    let description = match name {
        "tenantId" => "A tenant: its identifier, hyphenated or prefixed, or its slug",
        "identityProviderId" => "A provider's identifier, hyphenated or prefixed",
        _ => "A provider's scheme",
    };
    (description, ObjectBuilder::new().schema_type(Type::String).build())
}
