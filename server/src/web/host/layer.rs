//! Feeds the extractors.

use std::task::{Context, Poll};

use axum::extract::Request;
use tower::{Layer, Service};

use super::{HostSignIn, extract::Feed};

/// Lets the handlers below it take [`SignedIn`](super::SignedIn) and [`OptionalSignedIn`](super::OptionalSignedIn).
/// [`Vestibule::sign_in_layer`](crate::Vestibule::sign_in_layer) creates it. Of several layers around a route, the innermost
/// counts.
#[derive(Debug, Clone)]
pub struct SignInLayer(HostSignIn);

impl SignInLayer {
    pub(crate) const fn new(source: HostSignIn) -> Self {
        Self(source)
    }
}

impl<S> Layer<S> for SignInLayer {
    type Service = SignInLayerService<S>;

    fn layer(&self, inner: S) -> SignInLayerService<S> {
        SignInLayerService { inner, source: self.0.clone() }
    }
}

/// A service behind [`SignInLayer`].
#[derive(Debug, Clone)]
pub struct SignInLayerService<S> {
    inner: S,
    source: HostSignIn,
}

impl<S: Service<Request>> Service<Request> for SignInLayerService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> S::Future {
        request.extensions_mut().insert(Feed::Source(self.source.clone()));
        self.inner.call(request)
    }
}
