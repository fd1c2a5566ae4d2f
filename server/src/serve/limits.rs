//! The limits of a server.

use std::time::Duration;

use rustix::process::{Resource, getrlimit};

/// Limits of [`serve`](super::serve). The defaults suit a server behind a proxy or on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeLimits {
    /// How long the header of a request may take, counted from the opening of a connection, and on a kept connection from
    /// the header's first byte. 10 s.
    pub header: Duration,
    /// How long a request's body may take as a whole, counted from the header. 30 s.
    pub body: Duration,
    /// How long an idle connection is kept. 75 s, which is longer than proxies keep theirs: they close first.
    pub idle: Duration,
    /// How long a client may go without taking anything of its answers, be it that it does not read or that it opens no
    /// window over HTTP/2. 30 s.
    pub stall: Duration,
    /// How long running requests have to end when the server stops. 10 s.
    pub drain: Duration,
    /// How many connections are open at once; more wait until one ends. See [`Self::connections_of_process`].
    pub connections: usize,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            body: Duration::from_secs(30),
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
            drain: Duration::from_secs(10),
            connections: Self::connections_of_process(),
        }
    }
}

/// More connections than one process serves well.
const MOST: u64 = 10_000;

/// Descriptors that are left for the database, outbound requests and files.
const RESERVED: u64 = 64;

impl ServeLimits {
    /// As many connections as the process's limit of open files (`ulimit -n`) leaves room for beside the database and
    /// outbound requests, and 10,000 at most.
    pub fn connections_of_process() -> usize {
        connections_within(getrlimit(Resource::Nofile).current)
    }
}

/// A quarter of the descriptors, 64 at least, is for everything that is no connection of a client.
fn connections_within(descriptors: Option<u64>) -> usize {
    let descriptors = descriptors.unwrap_or(u64::MAX);
    let left = descriptors.saturating_sub(RESERVED.max(descriptors / 4));
    // With too few descriptors for both, half of them keeps the server reachable.
    usize::try_from(left.max(descriptors / 2).clamp(1, MOST)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_everything_else() {
        for (descriptors, connections) in [
            (Some(256), 192),
            (Some(1024), 768),
            (Some(1_048_576), 10_000),
            (None, 10_000),
            (Some(64), 32),
            (Some(1), 1),
        ] {
            assert_eq!(connections_within(descriptors), connections, "{descriptors:?}");
        }
    }
}
