//! The dialect's description in OpenAPI: what handlers say of themselves, the shapes that they read, and what all of
//! them answer. Names of schemas are those of the original's document.

#![expect(
    dead_code,
    reason = "requests are read field by field, so that every problem is told; these say what may stand in them"
)]

mod answers;
mod directory;
mod providers;
mod queries;
mod records;
mod words;

use super::{
    admin, connection,
    error::{Detail, Details},
    group_mappings, groups, sync, tenant_providers, tenants, users,
};
use crate::rest::openapi::{
    Description,
    complete::{self, header, operations, path_parameters, security},
};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Object, SecurityRequirement,
        schema::{ObjectBuilder, Type},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

pub(super) use self::{answers::*, providers::*, queries::*, records::*, words::*};

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
            complete::answers::<Unauthenticated>(operation);
            complete::answers::<Forbidden>(operation);
            if path.contains('{') {
                complete::answers::<NotFound>(operation);
            }
            if operation.request_body.is_some() {
                complete::answers::<TooSlow>(operation);
                complete::answers::<TooLarge>(operation);
            }
            complete::answers::<Invalid>(operation);
            complete::answers::<Failed>(operation);
            complete::answers::<Unavailable>(operation);
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
