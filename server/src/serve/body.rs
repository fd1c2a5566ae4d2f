//! Request bodies with a deadline, and answers that mark the end of their request.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    BoxError,
    body::{Body, Bytes},
};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use super::activity::Running;
use crate::request::BodyTooSlow;

/// The body of a request with a deadline.
pub(super) struct Timed<B> {
    body: B,
    deadline: Instant,
    /// Made at the first wait: most bodies arrive together with their header.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<B> Timed<B> {
    pub(super) fn new(body: B, limit: Duration) -> Self {
        Self { body, deadline: Instant::now() + limit, waiting: None }
    }
}

impl<B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Unpin> HttpBody for Timed<B> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let deadline = self.deadline;
        ready!(self.waiting.get_or_insert_with(|| Box::pin(sleep_until(deadline))).as_mut().poll(cx));
        Poll::Ready(Some(Err(BodyTooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The most that is handed over at once over HTTP/2, in bytes: as much as a frame carries by default. Smaller parts show
/// that a slow client takes its answer.
const PART: usize = 16 * 1024;

/// The body of an answer; its request runs until it has been handed over.
pub(super) struct Answer {
    body: Body,
    /// What is left of a part that was too large.
    rest: Bytes,
    running: Running,
}

impl Answer {
    pub(super) fn new(body: Body, mut running: Running) -> Self {
        // The body may never be asked for: a client over HTTP/2 decides how much it takes.
        running.handed_over();
        Self { body, rest: Bytes::new(), running }
    }

    fn part_of(&mut self, frame: Frame<Bytes>) -> Frame<Bytes> {
        match frame.into_data() {
            Ok(mut data) if self.running.is_http2() && data.len() > PART => {
                self.rest = data.split_off(PART);
                Frame::data(data)
            }
            Ok(data) => Frame::data(data),
            Err(other) => other,
        }
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, axum::Error>>> {
        let rest = mem::take(&mut self.rest);
        let frame = if rest.is_empty() {
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => frame,
                Poll::Pending => {
                    self.running.waits_for_handler();
                    return Poll::Pending;
                }
                ended => return ended,
            }
        } else {
            Frame::data(rest)
        };
        self.running.handed_over();
        Poll::Ready(Some(Ok(self.part_of(frame))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, body) = (u64::try_from(self.rest.len()).unwrap_or(u64::MAX), self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower().saturating_add(rest));
        if let Some(upper) = body.upper().and_then(|upper| upper.checked_add(rest)) {
            hint.set_upper(upper);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, sync::Arc};

    use axum::http::Version;

    use super::{super::activity::Activity, *};

    /// The length of an answer as it is announced before each part, and the parts.
    async fn parts(version: Version, body: Vec<u8>) -> (Vec<Option<u64>>, Vec<Bytes>) {
        let running = Running::begin(Arc::new(Activity::new()), Arc::default(), version);
        let mut answer = Answer::new(Body::from(body), running);
        let (mut lengths, mut parts) = (Vec::new(), Vec::new());
        while !answer.is_end_stream() {
            lengths.push(answer.size_hint().exact());
            let frame = poll_fn(|cx| Pin::new(&mut answer).poll_frame(cx)).await.expect("a part");
            parts.push(frame.expect("no error").into_data().expect("data"));
        }
        (lengths, parts)
    }

    #[tokio::test]
    async fn an_answer_is_handed_over_in_parts_where_the_client_decides_how_much_it_takes() {
        let body: Vec<u8> = (0..=u8::MAX).cycle().take(2 * PART + 1).collect();
        let whole = u64::try_from(body.len()).expect("small");
        let part = u64::try_from(PART).expect("small");
        let (lengths, parts_taken) = parts(Version::HTTP_2, body.clone()).await;
        assert_eq!(lengths, [Some(whole), Some(whole - part), Some(1)]);
        assert_eq!(parts_taken.iter().map(Bytes::len).collect::<Vec<_>>(), [PART, PART, 1]);
        assert_eq!(parts_taken.concat(), body);
        assert_eq!(parts(Version::HTTP_11, body.clone()).await.1, [body]);
    }
}
