//! Logging of the binary, and with the feature `otel` the export of its spans. The library installs neither.

use std::io::IsTerminal as _;

use tracing_subscriber::{
    EnvFilter, Layer as _, Registry,
    filter::{FilterExt as _, dynamic_filter_fn},
    fmt,
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};
use url::Url;

use crate::config::LogFormat;

type Layer = Box<dyn tracing_subscriber::Layer<Registry> + Send + Sync>;

/// Exports what is left when it is dropped.
#[derive(Default)]
pub(crate) struct Telemetry {
    #[cfg(feature = "otel")]
    spans: Option<opentelemetry_sdk::trace::SdkTracerProvider>,
}

/// Installs the logger of the process, and the exporter of spans if there is a collector; only `main` does this.
///
/// # Errors
/// When the filter cannot be parsed, or the exporter cannot be set up.
pub(crate) fn install(format: LogFormat, filter: &str, collector: Option<&Url>) -> Result<Telemetry, String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("log.filter: {error}"))?;
    // Without it, what the filter always lets through is not filtered again, and an event is lost when sqlx asked just
    // before on the same thread whether its own would be logged.
    let filter = filter.and(dynamic_filter_fn(|_, _| true));
    let log = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let log: Layer = match format {
        LogFormat::Text => log.with_filter(filter).boxed(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).with_filter(filter).boxed(),
    };
    let (export, telemetry) = match collector {
        Some(collector) => {
            let (layer, telemetry) = export(collector).map_err(|error| format!("telemetry.otlp_endpoint: {error}"))?;
            (Some(layer), telemetry)
        }
        None => (None, Telemetry::default()),
    };
    let layers: Vec<Layer> = std::iter::once(log).chain(export).collect();
    tracing_subscriber::registry().with(layers).try_init().map_err(|error| error.to_string())?;
    Ok(telemetry)
}

#[cfg(not(feature = "otel"))]
fn export(_: &Url) -> Result<(Layer, Telemetry), String> {
    Err("this binary was built without the feature `otel`; remove the setting, or build with `--features otel`"
        .to_owned())
}

/// The exporter. It connects by itself, around the outbound rules: the operator names the collector, no customer does.
#[cfg(feature = "otel")]
fn export(collector: &Url) -> Result<(Layer, Telemetry), String> {
    use opentelemetry::trace::TracerProvider as _;
    use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
    use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
    use tracing_subscriber::filter::{LevelFilter, filter_fn};

    let endpoint = format!("{}/v1/traces", collector.as_str().trim_end_matches('/'));
    let exporter = SpanExporter::builder().with_http().with_endpoint(endpoint).build().map_err(|e| e.to_string())?;
    let spans = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name(env!("CARGO_PKG_NAME")).build())
        .build();
    // Spans of ours alone, whatever the log shows; events stay in the log.
    let ours = filter_fn(|metadata| metadata.is_span() && metadata.target().starts_with(env!("CARGO_CRATE_NAME")));
    let layer = tracing_opentelemetry::layer()
        .with_tracer(spans.tracer(env!("CARGO_PKG_NAME")))
        .with_filter(ours.with_max_level_hint(LevelFilter::DEBUG));
    Ok((layer.boxed(), Telemetry { spans: Some(spans) }))
}

#[cfg(feature = "otel")]
impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(spans) = &self.spans
            && let Err(error) = spans.shutdown()
        {
            tracing::warn!(%error, "the last spans were not exported");
        }
    }
}
