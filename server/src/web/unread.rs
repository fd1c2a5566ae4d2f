//! Unread rests of request bodies.
//!
//! Over HTTP/1.1 the next request follows it on the same connection. A server that answers without reading the body has to
//! close the connection, and a client that does not know loses its next request. So a short rest is read and discarded
//! before the answer is sent; with a longer one, the answer carries `Connection: close`.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{
        HeaderValue, Version,
        header::{CONNECTION, EXPECT},
    },
    middleware::Next,
    response::Response,
};
use http_body::{Frame, SizeHint};
use tokio::time::timeout;

/// How much is read and discarded, in bytes.
const LONGEST: u64 = 256 * 1024;

/// How long that may take.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(2);

pub(super) async fn finish(request: Request, next: Next) -> Response {
    if request.version() > Version::HTTP_11 || request.body().is_end_stream() {
        return next.run(request).await;
    }
    // Such a client sends its body only after `100 Continue`, which reading would send.
    let waits = request.headers().contains_key(EXPECT);
    let (parts, body) = request.into_parts();
    let body = Shared::new(body);
    let mut response = next.run(Request::from_parts(parts, Body::new(body.clone()))).await;
    if !body.finish(waits).await {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A body that outlives the handler it is given to.
#[derive(Clone)]
struct Shared(Arc<Mutex<Reading>>);

struct Reading {
    body: Body,
    has_begun: bool,
    has_ended: bool,
    has_failed: bool,
}

impl Shared {
    fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(Reading { body, has_begun: false, has_ended: false, has_failed: false })))
    }

    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the rest. Answers false when the connection cannot be used for another request.
    async fn finish(&self, waits: bool) -> bool {
        // The handler goes on reading while its answer is sent.
        if Arc::strong_count(&self.0) > 1 {
            return true;
        }
        {
            let reading = self.reading();
            if reading.has_failed {
                return false;
            }
            if reading.has_ended || reading.body.is_end_stream() {
                return true;
            }
            if (waits && !reading.has_begun) || reading.body.size_hint().lower() > LONGEST {
                return false;
            }
        }
        timeout(DISCARD_TIMEOUT, self.discard()).await.unwrap_or(false)
    }

    async fn discard(&self) -> bool {
        let mut length = 0;
        loop {
            match poll_fn(|cx| self.reading().poll(cx)).await {
                None => return true,
                Some(Ok(frame)) => {
                    let bytes = frame.data_ref().map_or(0, Bytes::len);
                    length += u64::try_from(bytes).unwrap_or(u64::MAX);
                    if length > LONGEST {
                        return false;
                    }
                }
                Some(Err(_)) => return false,
            }
        }
    }
}

impl Reading {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.has_begun = true;
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Ready(None) => self.has_ended = true,
            Poll::Ready(Some(Err(_))) => self.has_failed = true,
            Poll::Ready(Some(Ok(_))) | Poll::Pending => {}
        }
        polled
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.reading().poll(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.reading().body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.reading().body.size_hint()
    }
}
