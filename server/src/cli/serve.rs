//! `vestibule serve`

use std::{sync::OnceLock, time::Duration};

use anyhow::Context as _;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::{Instant, timeout_at},
};

use super::metrics::{self, Metrics};
use crate::{config::Config, serve::ServeLimits};

/// How long stopping may take. Requests have `ServeLimits::drain` of it; synchronisations, which write a few hundred entries
/// in one transaction, have all of it.
const ENDING: Duration = Duration::from_secs(15);

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    // First, so that signals during start-up stop the server too.
    let stopped = stop()?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}; is another server running there?", config.listen))?;
    let address = listener.local_addr()?;
    let metrics = Metrics::bind(&config.metrics).await?;
    let vestibule = super::instance::build(&config, &format!("http://{address}")).await?;
    let base_url = config.base_url.as_ref().map_or_else(|| format!("http://{address}"), ToString::to_string);
    eprintln!("Vestibule {} is at {base_url}", env!("CARGO_PKG_VERSION"));
    if let Some(link) = vestibule.set_up_link().await? {
        // Printed and not logged: anyone with the link becomes administrator.
        eprintln!("Create the first administrator within the hour:\n\n    {}\n", link.expose());
    }
    let mut router = vestibule.router();
    let (stop_metrics, metrics_stopped) = tokio::sync::oneshot::channel::<()>();
    match metrics {
        Metrics::Off => {}
        Metrics::Beside(token) => router = router.merge(metrics::router(&vestibule, Some(token))),
        Metrics::Apart(listener, token) => {
            eprintln!("Metrics are at http://{}/metrics", listener.local_addr()?);
            let metrics = metrics::router(&vestibule, token);
            let stopped = async { drop(metrics_stopped.await) };
            tokio::spawn(crate::serve(
                listener,
                metrics,
                ServeLimits { connections: 16, ..config.limits.clone() },
                stopped,
            ));
        }
    }
    let vestibule = std::sync::Arc::new(vestibule);
    let housekeeping = tokio::spawn({
        let days = config.audit_retention_days;
        let held = vestibule.clone();
        async move { held.housekeeping(days).await }
    });
    let tests = tokio::spawn({
        let held = vestibule.clone();
        async move { held.connection_tests().await }
    });
    let syncs = tokio::spawn({
        let held = vestibule.clone();
        async move { held.syncs().await }
    });
    let deadline = OnceLock::new();
    let stopping = {
        let (held, deadline) = (vestibule.clone(), &deadline);
        async move {
            stopped.await;
            deadline.get_or_init(|| Instant::now() + ENDING);
            // At once, so that runs stop while requests are still being answered.
            tokio::spawn(async move { held.end_syncs().await });
        }
    };
    crate::serve(listener, router, config.limits, stopping).await;
    let deadline = *deadline.get_or_init(|| Instant::now() + ENDING);
    if timeout_at(deadline, vestibule.end_syncs()).await.is_err() {
        tracing::warn!("a synchronisation did not end in time; its log is closed after the next start");
    }
    drop(stop_metrics);
    housekeeping.abort();
    tests.abort();
    syncs.abort();
    if timeout_at(deadline, vestibule.close()).await.is_err() {
        tracing::warn!("the database was not closed in time");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Completes with SIGTERM or SIGINT.
fn stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: answering running requests");
    })
}
