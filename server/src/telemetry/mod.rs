//! Logging of the binary, and with the feature `otel` the export of its spans. The library installs neither.

#[cfg(feature = "otel")]
mod export;

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

/// Exports the remaining spans when it is dropped.
#[derive(Default)]
pub(crate) struct Telemetry {
    #[cfg(feature = "otel")]
    _export: Option<export::Export>,
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
    let log: Layer = match format {
        LogFormat::Text => {
            let text = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
            text.with_filter(filter).boxed()
        }
        LogFormat::Json => json_lines(std::io::stderr).with_filter(filter).boxed(),
    };
    let (export, telemetry) = match collector {
        Some(collector) => {
            let (layer, telemetry) =
                exporting(collector).map_err(|error| format!("telemetry.otlp_endpoint: {error}"))?;
            (Some(layer), telemetry)
        }
        None => (None, Telemetry::default()),
    };
    let layers: Vec<Layer> = std::iter::once(log).chain(export).collect();
    tracing_subscriber::registry().with(layers).try_init().map_err(|error| error.to_string())?;
    Ok(telemetry)
}

/// Lines of JSON with the list of all spans and not the innermost one alone: `request_id` is a field of the outermost.
fn json_lines<W>(writer: W) -> impl tracing_subscriber::Layer<Registry> + Send + Sync
where
    W: for<'a> fmt::MakeWriter<'a> + Send + Sync + 'static,
{
    fmt::layer().with_writer(writer).json().flatten_event(true).with_span_list(true).with_current_span(false)
}

#[cfg(feature = "otel")]
fn exporting(collector: &Url) -> Result<(Layer, Telemetry), String> {
    let (layer, export) = export::Export::start(collector)?;
    Ok((layer.boxed(), Telemetry { _export: Some(export) }))
}

#[cfg(not(feature = "otel"))]
fn exporting(_: &Url) -> Result<(Layer, Telemetry), String> {
    Err("this binary was built without the feature `otel`; remove the setting, or build with `--features otel`"
        .to_owned())
}

#[cfg(test)]
mod tests {
    use std::{fs::File, sync::Arc};

    use super::*;

    #[test]
    fn a_line_of_json_names_the_request_beside_the_operation() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log");
        let file = Arc::new(File::create(&path).expect("a file"));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(json_lines(file)), || {
            tracing::info_span!("http.request", request_id = "r1").in_scope(|| {
                tracing::debug_span!("store.provider.find").in_scope(|| tracing::info!("found"));
            });
        });
        let line = std::fs::read_to_string(&path).expect("a line");
        let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(line["spans"][0]["request_id"], "r1");
        assert_eq!(line["spans"][1]["name"], "store.provider.find");
    }
}
