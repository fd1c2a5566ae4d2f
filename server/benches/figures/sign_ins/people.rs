//! People who sign in at a server, and their browsers.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;
use vestibule::{domain::actor::Actor, service::TenantRef};

use crate::{
    client::{Answer, Connection, Request},
    database::Instance,
    openid::callback,
};

/// How many people there are.
pub(super) const PEOPLE: u64 = 240;

/// How long people go on.
#[derive(Clone, Copy)]
pub(super) enum Until {
    /// So many sign-ins in all.
    SignedIn(u64),
    /// So long.
    Passed(Duration),
}

/// People who sign in at one server, each with one provider.
pub(super) struct People {
    server: SocketAddr,
    /// The slugs of the providers.
    providers: Vec<String>,
    /// The shortest time between two sign-ins of one browser.
    pace: Duration,
}

impl People {
    /// People of the default tenant, with the providers of an instance whose secrets open.
    pub(super) async fn of(instance: &Instance, server: SocketAddr) -> Arc<Self> {
        let default = TenantRef::Slug("default".to_owned());
        for provider in &instance.made {
            instance.services.assignments.link(&Actor::operator(), &default, provider.id).await.expect("a link");
        }
        let providers = instance.made.iter().map(|provider| provider.slug.to_string()).collect();
        Self::with(server, providers, Duration::ZERO)
    }

    /// People with these providers, which serve the default tenant; each browser signs in at most once in `pace`.
    pub(super) fn with(server: SocketAddr, providers: Vec<String>, pace: Duration) -> Arc<Self> {
        Arc::new(Self { server, providers, pace })
    }

    /// Lets each person sign in once: from then on they are users.
    pub(super) async fn sign_in_each_once(self: &Arc<Self>, at_once: usize) {
        self.sign_in(at_once, Until::SignedIn(PEOPLE)).await;
    }

    /// Signs people in over so many kept connections; returns how long each sign-in took.
    pub(super) async fn sign_in(self: &Arc<Self>, at_once: usize, until: Until) -> Vec<Duration> {
        let (number, begun) = (Arc::new(AtomicU64::new(0)), Instant::now());
        let mut browsers = JoinSet::new();
        for _ in 0..at_once {
            let (this, number) = (self.clone(), number.clone());
            let mut connection = Connection::open(self.server).await;
            browsers.spawn(async move {
                let mut taken = Vec::new();
                let mut timer = (!this.pace.is_zero()).then(|| tokio::time::interval(this.pace));
                loop {
                    if let Some(timer) = &mut timer {
                        timer.tick().await;
                    }
                    let person = number.fetch_add(1, Ordering::Relaxed);
                    match until {
                        Until::SignedIn(most) if person >= most => return taken,
                        Until::Passed(time) if begun.elapsed() >= time => return taken,
                        _ => {}
                    }
                    let started = Instant::now();
                    let answer = this.come_back(&mut connection, person % PEOPLE).await;
                    this.land(&mut connection, &answer).await;
                    taken.push(started.elapsed());
                }
            });
        }
        browsers.join_all().await.concat()
    }

    /// Begins a sign-in, authenticates at the provider, and comes back; returns what the server answers then.
    pub(super) async fn come_back(&self, connection: &mut Connection, person: u64) -> Answer {
        let provider = &self.providers[person as usize % self.providers.len()];
        let path = format!("/login?provider={provider}&return_to=/healthz");
        let answer = connection.answer(&Request::get(self.server, &path, &[])).await;
        let (location, start) = redirect(&answer);
        let path = callback(location, &format!("person-{person}"));
        connection.answer(&Request::get(self.server, &path, &[("cookie", start), ("user-agent", "figures")])).await
    }

    async fn land(&self, connection: &mut Connection, answer: &Answer) {
        let (location, session) = redirect(answer);
        connection.ask(&Request::get(self.server, location, &[("cookie", session)])).await;
    }
}

/// Where an answer sends the browser, and the first cookie that it sets.
fn redirect(answer: &Answer) -> (&str, &str) {
    assert_eq!(answer.status, 303, "{answer:?}");
    let cookie = answer.headers("set-cookie").next().and_then(|cookie| cookie.split(';').next());
    (answer.header("location").expect("an address"), cookie.expect("a cookie"))
}
