//! How a server stops.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use axum::{Router, routing::get};
use tokio::sync::Notify;
use vestibule::{CutOff, ServeLimits};

use super::{SHORT, Served, patient};

/// A router whose requests wait until they are released, and report that they began.
fn waiting() -> (Router, Arc<Notify>, Arc<Notify>) {
    let (began, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (began.clone(), go.clone());
    let handler = move || async move {
        tell.notify_one();
        wait.notified().await;
        "done"
    };
    (Router::new().route("/", get(handler)), began, go)
}

#[tokio::test]
async fn what_runs_is_answered_and_idle_connections_keep_nobody_waiting() {
    let (router, began, go) = waiting();
    let served = Served::start(router, ServeLimits { header: SHORT * 20, ..patient() }).await;
    let (mut asking, mut half) = (served.connect().await, served.connect().await);
    let silent = served.connect().await;
    half.send("GET / HT").await;
    asking.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    began.notified().await;
    let stopping = tokio::spawn(served.stop());
    assert_eq!(half.rest().await, "");
    assert_eq!(silent.rest().await, "");
    go.notify_one();
    let answer = asking.receive().await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "done"));
    assert_eq!(asking.rest().await, "");
    assert_eq!(stopping.await.expect("no panic"), CutOff::default());
}

#[tokio::test]
async fn what_does_not_end_in_time_is_cut_off_and_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    // The test's only thread is the server's too.
    let _guard = tracing::subscriber::set_default(subscriber);
    let (router, began, _go) = waiting();
    let served = Served::start(router, ServeLimits { drain: SHORT, ..patient() }).await;
    let mut clients = [served.connect().await, served.connect().await];
    for client in &mut clients {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        began.notified().await;
    }
    assert_eq!(served.stop().await, CutOff { connections: 2, requests: 2 });
    for client in clients {
        assert_eq!(client.rest().await, "");
    }
    let log = log.text();
    assert!(log.contains("did not end in time") && log.contains("connections=2 requests=2"), "{log}");
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("text")
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
