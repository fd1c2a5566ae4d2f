//! W3C Trace Context: `traceparent` is read from requests and passed on to identity providers.
//!
//! Without the feature `otel` Vestibule records no spans of its own that a caller could refer to, so the header is passed on
//! as it came, which the specification permits. `tracestate` is not passed on: it is for the caller's own tools, and
//! providers belong to customers.

use std::future::Future;

use http::{HeaderMap, HeaderName, HeaderValue};
use tracing::{Instrument as _, Span};

/// The header of the specification.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

tokio::task_local! {
    static CURRENT: Option<TraceContext>;
}

/// A `traceparent` that was parsed: the trace, and the caller's span in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TraceContext {
    trace: String,
    parent: String,
    is_sampled: bool,
}

impl TraceContext {
    /// The context of a request; `None` when the header is missing, repeated or malformed.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(TRACEPARENT).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => Self::parse(value.to_str().ok()?),
            _ => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut part = |length: usize| {
            let part = parts.next()?;
            // `hex` also accepts capital letters, which the W3C's specification forbids here.
            let is_hex = part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            (part.len() == length && is_hex).then_some(part)
        };
        let (version, trace, parent, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
        // Later versions may append parts, and promise that these four stay.
        let is_known = version != "ff" && (version != "00" || parts.next().is_none());
        let is_set = |id: &str| id.bytes().any(|byte| byte != b'0');
        let is_sampled = u8::from_str_radix(flags, 16).ok()? & 1 == 1;
        let context = Self { trace: trace.to_owned(), parent: parent.to_owned(), is_sampled };
        (is_known && is_set(trace) && is_set(parent)).then_some(context)
    }

    fn header(&self) -> Option<HeaderValue> {
        let Self { trace, parent, is_sampled } = self;
        HeaderValue::from_str(&format!("00-{trace}-{parent}-{:02x}", u8::from(*is_sampled))).ok()
    }

    /// Makes the span of a request part of the caller's trace.
    pub(crate) fn adopt(&self, span: &Span) {
        span.record("trace_id", self.trace.as_str());
        #[cfg(feature = "otel")]
        otel::set_parent(span, self);
    }
}

/// Runs work as part of a trace.
pub(crate) fn within<F: Future>(context: Option<TraceContext>, work: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(context, work)
}

/// Keeps work that is about to be spawned in the current trace and span.
pub(crate) fn carried<F: Future>(work: F) -> impl Future<Output = F::Output> {
    within(CURRENT.try_with(Clone::clone).unwrap_or_default(), work.in_current_span())
}

/// The `traceparent` of a request that is about to be sent.
pub(crate) fn outgoing() -> Option<HeaderValue> {
    #[cfg(feature = "otel")]
    if let Some(context) = otel::current() {
        return context.header();
    }
    CURRENT.try_with(|context| context.as_ref()?.header()).ok().flatten()
}

#[cfg(feature = "otel")]
mod otel {
    use opentelemetry::{
        Context,
        trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState},
    };
    use tracing::Span;
    use tracing_opentelemetry::OpenTelemetrySpanExt as _;

    use super::TraceContext;

    pub(super) fn set_parent(span: &Span, context: &TraceContext) {
        let (Ok(trace), Ok(parent)) = (TraceId::from_hex(&context.trace), SpanId::from_hex(&context.parent)) else {
            return;
        };
        let flags = if context.is_sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        let remote = SpanContext::new(trace, parent, flags, true, TraceState::default());
        // It fails when nothing exports; then there is no parent to set.
        let _ = span.set_parent(Context::new().with_remote_span_context(remote));
    }

    /// The context of the current span, when spans are exported.
    pub(super) fn current() -> Option<TraceContext> {
        let context = Span::current().context();
        let span = context.span().span_context().clone();
        span.is_valid().then(|| TraceContext {
            trace: span.trace_id().to_string(),
            parent: span.span_id().to_string(),
            is_sampled: span.is_sampled(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn parses_the_header_of_the_specification_and_of_later_versions() {
        let header = |text| TraceContext::parse(text).and_then(|context| context.header());
        assert_eq!(header(GIVEN).as_ref().map(HeaderValue::as_bytes), Some(GIVEN.as_bytes()));
        let later = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-holds";
        assert_eq!(header(later), header(GIVEN));
    }

    #[test]
    fn rejects_a_malformed_header() {
        for text in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(TraceContext::parse(text), None, "{text}");
        }
        let mut twice = HeaderMap::new();
        twice.append(TRACEPARENT, HeaderValue::from_static(GIVEN));
        twice.append(TRACEPARENT, HeaderValue::from_static(GIVEN));
        assert_eq!(TraceContext::of(&twice), None);
    }

    #[tokio::test]
    async fn spawned_work_stays_in_the_trace() {
        assert_eq!(outgoing(), None);
        let spawned = within(TraceContext::parse(GIVEN), async { tokio::spawn(carried(async { outgoing() })).await });
        assert_eq!(spawned.await.ok().flatten(), Some(HeaderValue::from_static(GIVEN)));
    }
}
