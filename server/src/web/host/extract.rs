//! The extractors.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header::CACHE_CONTROL, request::Parts},
    response::{IntoResponse, Response},
};
use vestibule_app::service::SignedInUser;

use super::HostSignIn;

/// The user who is signed in. Without one, the request is answered with 401.
///
/// ```no_run
/// # use vestibule::SignedIn;
/// async fn projects(SignedIn(user): SignedIn) -> String {
///     format!("The projects of {}, tenant {}", user.user.profile.label(), user.tenant_slug)
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SignedIn(pub SignedInUser);

/// The user who is signed in, if there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionalSignedIn(pub Option<SignedInUser>);

/// Why a handler gets no user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInRejection {
    /// No user is signed in.
    #[error("Sign in first.")]
    NotSignedIn,
    /// The database cannot be read.
    #[error("Signing in is not possible at the moment. Try again shortly.")]
    Unavailable,
    /// The route has neither [`SignInLayer`](super::SignInLayer) nor [`RequireSignIn`](super::RequireSignIn) around it.
    #[error("This page is not set up for signing in.")]
    NoLayer,
    /// The path of the route has no parameter that names the tenant
    /// ([`RequireSignIn::tenant_in_path`](super::RequireSignIn::tenant_in_path)).
    #[error("This page is not set up for signing in.")]
    NoTenant,
}

impl IntoResponse for SignInRejection {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoLayer => {
                tracing::error!("a handler takes a signed-in user, and no layer of Vestibule is around its route");
                StatusCode::INTERNAL_SERVER_ERROR
            }
            Self::NoTenant => {
                tracing::error!("a route requires the tenant that its path names, and its path names none");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        (status, [(CACHE_CONTROL, "no-store")], self.to_string()).into_response()
    }
}

/// What a layer puts into the extensions of a request.
#[derive(Debug, Clone)]
pub(super) enum Feed {
    /// Where the user is read, if a handler wants to know.
    Source(HostSignIn),
    /// The user, who was read already.
    Read(Option<Box<SignedInUser>>),
}

impl<S: Send + Sync> FromRequestParts<S> for OptionalSignedIn {
    type Rejection = SignInRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SignInRejection> {
        let source = match parts.extensions.get::<Feed>() {
            Some(Feed::Read(user)) => return Ok(Self(user.as_deref().cloned())),
            Some(Feed::Source(source)) => source,
            None => return Err(SignInRejection::NoLayer),
        };
        let user = source.user(&parts.headers).await.map_err(|_| SignInRejection::Unavailable)?;
        parts.extensions.insert(Feed::Read(user.clone().map(Box::new)));
        Ok(Self(user))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = SignInRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, SignInRejection> {
        let OptionalSignedIn(user) = OptionalSignedIn::from_request_parts(parts, state).await?;
        user.map(Self).ok_or(SignInRejection::NotSignedIn)
    }
}
