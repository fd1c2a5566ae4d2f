//! The portal: its files, which the build embeds, and its server functions.

mod assets;
mod connection_tests;
mod files;
mod headers;
mod index;
mod server_fns;

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{get, post},
};
use url::Url;
use vestibule_app::{api, service::Services};

use self::{headers::PageHeaders, index::Index, server_fns::ServerFns};
use crate::auth::{Authenticator, OriginCheck, PortalCallers, SessionCookie};

/// What the portal's routes need.
pub(crate) struct PortalParts {
    pub(crate) services: Services,
    /// The public address with the mount path.
    pub(crate) base_url: Url,
    pub(crate) host: Option<Arc<dyn Authenticator>>,
    /// Where that signs users in.
    pub(crate) sign_in_url: Option<Arc<str>>,
}

/// The portal, which answers every path that is not another router's.
pub(crate) fn router(parts: PortalParts) -> Router {
    let PortalParts { services, base_url, host, sign_in_url } = parts;
    let cookie = SessionCookie::new(&base_url);
    let index = Arc::new(Index::new(base_url.path()));
    let page_headers = PageHeaders::new(&index);
    let server_fns = ServerFns {
        origin: OriginCheck::new(&base_url),
        callers: PortalCallers { services, cookie, host },
        sign_in_url,
    };
    Router::new()
        .route(&format!("{}/{{*name}}", api::PREFIX), post(server_fns::handle))
        .route("/_ui/connection-tests", post(connection_tests::stream))
        .with_state(server_fns)
        .fallback_service(get(assets::serve).fallback(assets::refuse_method).with_state(index))
        .layer(middleware::from_fn_with_state(page_headers, headers::add))
}
