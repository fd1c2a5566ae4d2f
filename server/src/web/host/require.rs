//! Routes for signed-in users alone.

use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Json,
    extract::{OriginalUri, Request},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CACHE_CONTROL},
    },
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;
use tower::{Layer, Service};
use vestibule_app::{domain::id::TenantId, service::SignedInUser};

use super::{HostSignIn, extract::Feed};

/// Lets only signed-in users through, and their handlers take [`SignedIn`](super::SignedIn).
/// [`Vestibule::require_sign_in`](crate::Vestibule::require_sign_in) creates it.
///
/// Pages (GET, `Accept: text/html`) are redirected to `{mount}/login`, and come back after the sign-in. Other requests are
/// answered with 401, in JSON where they accept it. What is let through gets `Cache-Control: private, no-cache`, unless it has
/// its own.
#[derive(Debug, Clone)]
pub struct RequireSignIn {
    source: HostSignIn,
    tenant: Option<Arc<str>>,
}

impl RequireSignIn {
    pub(crate) const fn new(source: HostSignIn) -> Self {
        Self { source, tenant: None }
    }

    /// Lets only users of this tenant through, named by its slug or identifier. Users of other tenants sign in again, to this
    /// one.
    #[must_use]
    pub fn tenant(mut self, tenant: impl Into<Arc<str>>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// The request with its user, or the response.
    async fn check(&self, mut request: Request) -> Result<Request, Response> {
        match self.source.user(request.headers()).await {
            Ok(Some(user)) if self.admits(&user) => {
                request.extensions_mut().insert(Feed::Read(Some(user)));
                Ok(request)
            }
            Ok(_) => Err(self.refuse(&request)),
            Err(_) => {
                let message = "Signing in is not possible at the moment. Try again shortly.";
                Err(uncached(problem(request.headers(), StatusCode::SERVICE_UNAVAILABLE, message)))
            }
        }
    }

    fn admits(&self, user: &SignedInUser) -> bool {
        self.tenant.as_deref().is_none_or(|tenant| match tenant.parse::<TenantId>() {
            Ok(id) => id == user.tenant,
            Err(_) => tenant == user.tenant_slug,
        })
    }

    fn refuse(&self, request: &Request) -> Response {
        uncached(if request.method() == Method::GET && accepts(request.headers(), "text/html") {
            // The path as the browser knows it, not what nesting leaves of it.
            let whole = request.extensions().get::<OriginalUri>().map_or_else(|| request.uri(), |OriginalUri(uri)| uri);
            let wanted = whole.path_and_query().map_or("/", |path| path.as_str());
            Redirect::to(&self.source.login(self.tenant.as_deref(), wanted)).into_response()
        } else {
            problem(request.headers(), StatusCode::UNAUTHORIZED, "Sign in first.")
        })
    }
}

fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn accepts(headers: &HeaderMap, what: &str) -> bool {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|range| range.split(';').next().is_some_and(|t| t.trim() == what))
}

fn problem(headers: &HeaderMap, status: StatusCode, message: &str) -> Response {
    if accepts(headers, "application/json") {
        (status, Json(json!({ "detail": message }))).into_response()
    } else {
        (status, message.to_owned()).into_response()
    }
}

impl<S> Layer<S> for RequireSignIn {
    type Service = RequireSignInService<S>;

    fn layer(&self, inner: S) -> RequireSignInService<S> {
        RequireSignInService { inner, require: self.clone() }
    }
}

/// A service behind [`RequireSignIn`].
#[derive(Debug, Clone)]
pub struct RequireSignInService<S> {
    inner: S,
    require: RequireSignIn,
}

impl<S> Service<Request> for RequireSignInService<S>
where
    S: Service<Request, Response = Response> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let require = self.require.clone();
        // The service that is ready; its clone may not be.
        let ready = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, ready);
        Box::pin(async move {
            match require.check(request).await {
                Ok(request) => {
                    let mut response = inner.call(request).await?;
                    // No cache shows it to others, nor to the same person after signing out.
                    let for_one = HeaderValue::from_static("private, no-cache");
                    response.headers_mut().entry(CACHE_CONTROL).or_insert(for_one);
                    Ok(response)
                }
                Err(response) => Ok(response),
            }
        })
    }
}
