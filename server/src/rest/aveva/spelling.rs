//! The spellings of paths: any letter case of the fixed segments, and a slash at the end or none.
//!
//! The original's framework is indifferent to both and axum to neither, so paths are rewritten before they are routed.
//! Only paths with `IdentityProvider` in its place are rewritten; all others belong to other parts of the server.

use axum::{
    Router,
    extract::Request,
    http::{Uri, uri::PathAndQuery},
    middleware,
};

/// Lets a router that holds the dialect's routes be reached by every spelling of their paths.
pub(crate) fn in_any_spelling(router: Router) -> Router {
    // Layers of a router run after it has routed; this one has nothing to route.
    Router::new().fallback_service(router).layer(middleware::map_request(respell))
}

async fn respell(mut request: Request) -> Request {
    let uri = request.uri();
    if let Some(path) = canonical(uri.path())
        && path != uri.path()
    {
        let target = uri.query().map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
        let mut parts = uri.clone().into_parts();
        if let Ok(target) = PathAndQuery::try_from(target) {
            parts.path_and_query = Some(target);
            if let Ok(uri) = Uri::from_parts(parts) {
                *request.uri_mut() = uri;
            }
        }
    }
    request
}

/// The path as the routes spell it; nothing for a path that is not the dialect's.
fn canonical(path: &str) -> Option<String> {
    let mut segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
    // A slash at the end leaves an empty segment.
    segments.pop_if(|last| last.is_empty());
    let is = |segment: &str, name: &str| segment.eq_ignore_ascii_case(name);
    match segments.as_slice() {
        [api, provider, schemes, scheme @ ..]
            if is(api, "api") && is(provider, "IdentityProvider") && is(schemes, "schemes") && !scheme.is_empty() =>
        {
            Some(format!("/api/IdentityProvider/schemes/{}", scheme.join("/")))
        }
        [api, provider, below @ ..] if is(api, "api") && is(provider, "IdentityProvider") => {
            Some(format!("/api/IdentityProvider/{}", below.join("/")))
        }
        [api, tenants, tenant, provider, below @ ..]
            if is(api, "api") && is(tenants, "Tenants") && is(provider, "IdentityProvider") =>
        {
            Some(format!("/api/Tenants/{tenant}/IdentityProvider/{}", below.join("/")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn every_spelling_leads_to_the_route() {
        for (spelling, route) in [
            ("/api/IdentityProvider", "/api/IdentityProvider/"),
            ("/API/identityprovider/", "/api/IdentityProvider/"),
            ("/Api/IDENTITYPROVIDER/AbC", "/api/IdentityProvider/AbC"),
            ("/api/IdentityProvider/AbC/", "/api/IdentityProvider/AbC"),
            ("/api/identityProvider/Schemes/AAD", "/api/IdentityProvider/schemes/AAD"),
            ("/api/identityProvider/SCHEMES/AAD/", "/api/IdentityProvider/schemes/AAD"),
            ("/api/IdentityProvider/schemes/", "/api/IdentityProvider/schemes"),
            ("/api/identityprovider/a/b", "/api/IdentityProvider/a/b"),
            ("/api/tenants/AcMe/identityprovider", "/api/Tenants/AcMe/IdentityProvider/"),
            ("/API/TENANTS/AcMe/IDENTITYPROVIDER/", "/api/Tenants/AcMe/IdentityProvider/"),
            ("/api/Tenants/AcMe/identityProvider/iD/", "/api/Tenants/AcMe/IdentityProvider/iD"),
            // A tenant and a provider may be called like a segment.
            (
                "/api/tenants/IDENTITYPROVIDER/identityprovider/SCHEMES/x",
                "/api/Tenants/IDENTITYPROVIDER/IdentityProvider/SCHEMES/x",
            ),
        ] {
            assert_eq!(canonical(spelling).as_deref(), Some(route), "{spelling}");
        }
    }

    #[test]
    fn what_the_routes_spell_stays() {
        for route in [
            "/api/IdentityProvider/",
            "/api/IdentityProvider/0b6c",
            "/api/IdentityProvider/schemes/okta",
            "/api/Tenants/acme/IdentityProvider/",
            "/api/Tenants/acme/IdentityProvider/0b6c",
        ] {
            assert_eq!(canonical(route).as_deref(), Some(route));
        }
    }

    #[test]
    fn paths_of_others_are_left_alone() {
        for path in [
            "/",
            "",
            "/api",
            "/api/identity-providers",
            "/api/identity-providers/okta/",
            "/API/Identity-Providers/",
            "/api/v1/tenants/acme/identity-providers/",
            "/api/v1/Tenants/acme/IdentityProvider/",
            "/api/Tenants",
            "/api/Tenants/acme",
            "/api/Tenants/acme/Users",
            "/api/IdentityProviders/",
            "/tenants/acme",
            "/providers/IdentityProvider",
            "/x/api/IdentityProvider",
        ] {
            assert_eq!(canonical(path), None, "{path}");
        }
    }
}
