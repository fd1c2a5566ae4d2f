//! Exports spans to the operator's collector. It never delays a request: spans that the collector does not accept are lost.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SdkTracerProvider, SpanData},
};
use tracing_subscriber::{
    Layer, Registry,
    filter::{LevelFilter, filter_fn},
};
use url::Url;

/// How long the end of the process waits for the last export.
const FLUSH: Duration = Duration::from_secs(3);

/// Exports the remaining spans when it is dropped.
pub(super) struct Export {
    spans: SdkTracerProvider,
}

impl Export {
    /// The exporter connects by itself, outside of the outbound policy: the operator names the collector, no customer
    /// does.
    pub(super) fn start(collector: &Url) -> Result<(impl Layer<Registry> + Send + Sync + use<>, Self), String> {
        let endpoint = format!("{}/v1/traces", collector.as_str().trim_end_matches('/'));
        let exporter =
            SpanExporter::builder().with_http().with_endpoint(endpoint).build().map_err(|e| e.to_string())?;
        let spans = SdkTracerProvider::builder()
            .with_batch_exporter(LoggedExporter { exporter, is_failing: AtomicBool::new(false) })
            .with_resource(Resource::builder().with_service_name(env!("CARGO_PKG_NAME")).build())
            .build();
        // Only this crate's spans, whatever the log shows; events stay in the log.
        let ours = filter_fn(|metadata| metadata.is_span() && metadata.target().starts_with(env!("CARGO_CRATE_NAME")));
        let layer = tracing_opentelemetry::layer()
            .with_tracer(spans.tracer(env!("CARGO_PKG_NAME")))
            .with_filter(ours.with_max_level_hint(LevelFilter::DEBUG));
        Ok((layer, Self { spans }))
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        if let Err(error) = self.spans.shutdown_with_timeout(FLUSH) {
            tracing::warn!(%error, "the last spans were not exported");
        }
    }
}

/// Logs when the collector stops accepting spans, and when it accepts them again; the SDK logs neither.
#[derive(Debug)]
struct LoggedExporter {
    exporter: SpanExporter,
    is_failing: AtomicBool,
}

impl opentelemetry_sdk::trace::SpanExporter for LoggedExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let result = self.exporter.export(batch).await;
        let was_failing = self.is_failing.swap(result.is_err(), Ordering::Relaxed);
        match &result {
            Err(error) if !was_failing => {
                tracing::warn!(%error, "the collector does not accept spans; they are lost until it does");
            }
            Ok(()) if was_failing => tracing::info!("the collector accepts spans again"),
            _ => {}
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
