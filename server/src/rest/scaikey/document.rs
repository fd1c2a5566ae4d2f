//! The dialect's OpenAPI document: what handlers say of themselves, completed by what all operations share. Names of
//! schemas are those of the original's document.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        Object, SecurityRequirement,
        schema::{ObjectBuilder, Type},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{
    admin, connection,
    error::{Detail, Details},
    group_mappings, groups,
    shapes::{Failed, Forbidden, Invalid, NotFound, TooLarge, TooSlow, Unauthenticated, Unavailable},
    sync, tenant_providers, tenants, users,
};
use crate::rest::openapi::{
    Description,
    complete::{answers, header, operations, path_parameters, security},
};

/// ScaiKey's API.
pub(crate) const DESCRIPTION: Description = Description { name: "scaikey", document: Document::openapi };

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
        (name = "admin", description = "Providers of the platform and of every tenant"),
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
                answers::<TooSlow>(operation);
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
