//! Name resolution from a script.

use std::io;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use vestibule::testing::protocol::http::Lookup;

/// Answers every name with the next line of the script; the last line repeats.
pub(crate) struct Script {
    lines: Vec<Vec<IpAddr>>,
    asked: Mutex<Vec<String>>,
}

impl Script {
    /// A script of answers, each a list of addresses.
    pub(crate) fn new(lines: &[&[&str]]) -> Self {
        let address = |text: &&str| text.parse().expect("scripts hold addresses");
        Self { lines: lines.iter().map(|line| line.iter().map(address).collect()).collect(), asked: Mutex::default() }
    }

    /// The names asked for so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Lookup for Script {
    async fn lookup(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = asked.len().min(self.lines.len().saturating_sub(1));
        asked.push(host.to_owned());
        self.lines.get(turn).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
