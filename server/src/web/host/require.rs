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
    extract::{FromRequestParts as _, OriginalUri, RawPathParams, Request},
    http::{
        HeaderMap, HeaderValue, Method,
        header::{ACCEPT, CACHE_CONTROL},
        request::Parts,
    },
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;
use tower::{Layer, Service};
use vestibule_app::{domain::id::TenantId, service::SignedInUser};

use super::{HostSignIn, SignInRejection, extract::Feed};

/// Lets only signed-in users through, and their handlers take [`SignedIn`](super::SignedIn).
/// [`Vestibule::require_sign_in`](crate::Vestibule::require_sign_in) creates it.
///
/// Pages (GET, `Accept: text/html`) are redirected to `{mount}/login`, and come back after the sign-in. Other requests are
/// answered with 401, in JSON where they accept it. What is let through gets `Cache-Control: private, no-cache`, unless it has
/// its own.
#[derive(Debug, Clone)]
pub struct RequireSignIn {
    source: HostSignIn,
    demanded: Demanded,
}

/// Whose users are let through.
#[derive(Debug, Clone)]
enum Demanded {
    AnyTenant,
    Tenant(Arc<str>),
    /// The tenant that a parameter of the path names.
    TenantInPath(Arc<str>),
}

impl RequireSignIn {
    pub(crate) const fn new(source: HostSignIn) -> Self {
        Self { source, demanded: Demanded::AnyTenant }
    }

    /// Lets only users of this tenant through, named by its slug or identifier. Users of other tenants sign in again, to this
    /// one.
    #[must_use]
    pub fn tenant(mut self, tenant: impl Into<Arc<str>>) -> Self {
        self.demanded = Demanded::Tenant(tenant.into());
        self
    }

    /// Lets only users of the tenant through that a parameter of the path names, such as `tenant` in `/{tenant}/orders`.
    #[must_use]
    pub fn tenant_in_path(mut self, parameter: impl Into<Arc<str>>) -> Self {
        self.demanded = Demanded::TenantInPath(parameter.into());
        self
    }

    /// The request with its user, or the response.
    async fn check(&self, request: Request) -> Result<Request, Response> {
        let (mut parts, body) = request.into_parts();
        let tenant = self.tenant_of(&mut parts).await.map_err(|problem| refuse(&parts, problem))?;
        match self.source.user(&parts.headers).await {
            Ok(Some(user)) if tenant.as_deref().is_none_or(|tenant| is_of(&user, tenant)) => {
                parts.extensions.insert(Feed::Read(Some(Box::new(user))));
                Ok(Request::from_parts(parts, body))
            }
            Ok(_) if parts.method == Method::GET && accepts(&parts.headers, "text/html") => {
                // The path as the browser knows it, not what nesting leaves of it.
                let whole = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri);
                let wanted = whole.path_and_query().map_or("/", |path| path.as_str());
                Err(uncached(Redirect::to(&self.source.login(tenant.as_deref(), wanted)).into_response()))
            }
            Ok(_) => Err(refuse(&parts, SignInRejection::NotSignedIn)),
            Err(_) => Err(refuse(&parts, SignInRejection::Unavailable)),
        }
    }

    /// The tenant whose users are let through.
    async fn tenant_of(&self, parts: &mut Parts) -> Result<Option<Arc<str>>, SignInRejection> {
        let parameter = match &self.demanded {
            Demanded::AnyTenant => return Ok(None),
            Demanded::Tenant(tenant) => return Ok(Some(tenant.clone())),
            Demanded::TenantInPath(parameter) => parameter,
        };
        let parameters = RawPathParams::from_request_parts(parts, &()).await;
        let named = parameters.iter().flatten().find(|(name, _)| **name == **parameter);
        named.map(|(_, tenant)| Some(tenant.into())).ok_or(SignInRejection::NoTenant)
    }
}

/// Whether a user belongs to a tenant, named by its slug or identifier.
fn is_of(user: &SignedInUser, tenant: &str) -> bool {
    match tenant.parse::<TenantId>() {
        Ok(id) => id == user.tenant,
        Err(_) => tenant == user.tenant_slug,
    }
}

fn refuse(parts: &Parts, rejection: SignInRejection) -> Response {
    if accepts(&parts.headers, "application/json") {
        let detail = rejection.to_string();
        let status = rejection.into_response().status();
        return uncached((status, Json(json!({ "detail": detail }))).into_response());
    }
    rejection.into_response()
}

fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn accepts(headers: &HeaderMap, what: &str) -> bool {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|range| range.split(';').next().is_some_and(|t| t.trim() == what))
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
