//! The OpenAPI document of the traces.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        Object, SecurityRequirement,
        schema::{ObjectBuilder, Type},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{
    super::{
        error::{Detail, Details},
        shapes::{Failed, Forbidden, Invalid, NotFound, Unauthenticated, Unavailable},
    },
    handlers,
};
use crate::rest::openapi::{
    Description,
    complete::{answers, header, operations, path_parameters, security},
};

/// Traces of sign-ins.
pub(crate) const DESCRIPTION: Description = Description { name: "sign-ins", document: Document::openapi };

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sign-ins",
        version = "1",
        description = "What happened in each attempt to sign in: the steps, the check that failed, and what to do about \
            it.\n\nCallers send `Authorization: Bearer …` with an API token, or with a JSON Web Token of the issuer that \
            this server trusts.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(handlers::list, handlers::retrieve, handlers::admit, handlers::test),
    components(schemas(Detail, Details)),
    tags((name = "sign-ins", description = "Attempts to sign in")),
    modifiers(&Common),
)]
struct Document;

/// What both operations have beside what their handlers say.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        security(document, "bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        for (path, operation) in operations(document) {
            operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]);
            path_parameters(path, operation, |name| (if name == "idp_id" { PROVIDER } else { REFERENCE }, text()));
            answers::<Unauthenticated>(operation);
            answers::<Forbidden>(operation);
            if path.contains('{') {
                answers::<NotFound>(operation);
            }
            answers::<Invalid>(operation);
            answers::<Failed>(operation);
            answers::<Unavailable>(operation);
            header(operation, "X-Request-ID", "Names the request in the server's log");
        }
    }
}

const PROVIDER: &str = "The identity provider, by its identifier";
const REFERENCE: &str = "The reference that the person was shown, in any letter case";

fn text() -> Object {
    ObjectBuilder::new().schema_type(Type::String).build()
}
