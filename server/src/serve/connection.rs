//! One connection: its requests, its time limits, and its end.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, header::CONNECTION},
};
use hyper::{
    body::{Body as _, Incoming},
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    net::TcpStream,
    sync::{OwnedSemaphorePermit, watch},
    time::{Instant, sleep_until},
};

use super::{
    activity::{Activity, Running, look_again},
    body::{Answer, Timed},
    limits::ServeLimits,
    socket::Socket,
};

/// How often the other side of an HTTP/2 connection is asked whether it is still there, and how long it may take.
const PING_EVERY: Duration = Duration::from_secs(20);

pub(super) struct Connection {
    pub(super) router: TowerToHyperService<Router>,
    pub(super) limits: Arc<ServeLimits>,
    pub(super) peer: SocketAddr,
    /// The requests of all connections that run.
    pub(super) requests: Arc<AtomicUsize>,
    /// Whether the server stops.
    pub(super) stopped: watch::Receiver<bool>,
    pub(super) activity: Arc<Activity>,
}

impl Connection {
    pub(super) async fn serve(self, stream: TcpStream, permit: OwnedSemaphorePermit) {
        let Self { router, limits, peer, requests, mut stopped, activity } = self;
        let socket = Socket::new(stream, permit, activity.clone(), limits.stall);
        let service = service_fn(|request: Request<Incoming>| {
            let running = Running::begin(activity.clone(), requests.clone(), request.version());
            let mut request = request.map(|body| match body.is_end_stream() {
                true => Body::empty(),
                false => Body::new(Timed::new(body, limits.body)),
            });
            request.extensions_mut().insert(ConnectInfo(peer));
            let (answering, activity) = (router.call(request), activity.clone());
            async move {
                let answer = answering.await?;
                if answer.headers().get(CONNECTION).is_some_and(|value| value == "close") {
                    activity.linger();
                }
                Ok::<_, Infallible>(answer.map(|body| Answer::new(body, running)))
            }
        });
        let mut builder = auto::Builder::new(TokioExecutor::new());
        // Without hyper's own limit for headers, which would count idle connections of proxies as well.
        builder.http1().timer(TokioTimer::new()).header_read_timeout(None);
        builder.http2().timer(TokioTimer::new()).keep_alive_interval(PING_EVERY).keep_alive_timeout(PING_EVERY);
        let mut serving = std::pin::pin!(builder.serve_connection_with_upgrades(TokioIo::new(socket), service));
        let mut ending: Option<Instant> = None;
        loop {
            let look = Instant::now() + look_again(&limits, ending);
            let deadline = activity.deadline(&limits, ending).map_or(look, |deadline| deadline.at.min(look));
            tokio::select! {
                // What the client has sent in time counts, however late it is looked at.
                biased;
                // Whether it ended well is the client's business.
                _ = serving.as_mut() => return,
                _ = stopped.wait_for(|stops| *stops), if ending.is_none() => {}
                can = activity.asked_for_room(), if ending.is_none() => if !can {
                    continue;
                },
                () = sleep_until(deadline) => match activity.deadline(&limits, ending) {
                    Some(deadline) if deadline.at > Instant::now() => continue,
                    Some(deadline) if deadline.is_abrupt => return,
                    Some(_) => {}
                    None => continue,
                },
            }
            serving.as_mut().graceful_shutdown();
            ending = Some(Instant::now());
        }
    }
}
