//! The dialect's description in OpenAPI: what handlers say of themselves, and what all of them answer.

use utoipa::{
    IntoParams, IntoResponses, Modify, OpenApi,
    openapi::{
        Object, SecurityRequirement,
        schema::{ObjectBuilder, Type},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{error::Body, providers, tenants};
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
        head(
            document,
            "/api/IdentityProvider/",
            "CountIdentityProviders",
            "Tells how many providers there are, in `Total-Count`",
        );
        head(
            document,
            "/api/Tenants/{tenantId}/IdentityProvider/",
            "CountTenantIdentityProviders",
            "Tells how many providers a tenant has, in `Total-Count`",
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

/// Which part of the list is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the query is read by hand; this says what may stand in it")]
pub(super) struct Page {
    /// Accepted, and without a meaning.
    #[param(default = "")]
    query: Option<String>,
    /// How many are skipped.
    #[param(minimum = 0, maximum = 2147483647, default = 0)]
    skip: Option<i32>,
    /// How many are returned at most.
    #[param(minimum = 0, maximum = 1000, default = 100)]
    count: Option<i32>,
}

macro_rules! responses {
    ($($(#[$doc:meta])* $name:ident { $($response:tt)* };)+) => {$(
        $(#[$doc])*
        #[derive(IntoResponses)]
        #[response($($response)*)]
        #[expect(dead_code, reason = "describes an answer")]
        pub(super) struct $name(Body);
    )+};
}

responses! {
    /// Missing or invalid inputs
    Invalid { status = 400 };
    /// No token was sent, or it is not valid
    Unauthenticated { status = 401, headers(("WWW-Authenticate" = String, description = "`Bearer`")) };
    /// The caller holds none of the roles
    Forbidden { status = 403 };
    /// There is no such provider or tenant
    NotFound { status = 404 };
    /// Internal server error
    Failed { status = 500 };
    /// The server cannot answer at the moment
    Unavailable { status = 503 };
}
