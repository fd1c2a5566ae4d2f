//! Slows down repeated attempts to sign in. It never locks an account: a user at another address than the attacker
//! waits a few seconds at most.

use std::net::IpAddr;

use vestibule_app::domain::timestamp::Timestamp;

use super::random::sha256_hex;
use crate::store::{
    Conn, StoreResult,
    access::attempts::{self as rows, Attempts},
};

/// Seconds without an attempt after which the count restarts.
const FORGET_AFTER: i64 = 60 * 60;

/// How long attempts at one subject have to wait.
#[derive(Debug, Clone, Copy)]
struct Rule {
    /// Attempts without a wait.
    free: i64,
    /// The longest wait, in seconds.
    longest: i64,
}

/// One account from one address: where guessing a password happens.
const PAIR: Rule = Rule { free: 4, longest: 15 * 60 };
/// One account from any address: guessing from many addresses. Short, since the owner waits too.
const ACCOUNT: Rule = Rule { free: 20, longest: 5 };
/// One address for any account: trying one password everywhere.
const ADDRESS: Rule = Rule { free: 30, longest: 15 * 60 };

/// The subjects that an attempt counts for.
pub(super) struct Subjects {
    all: Vec<(String, Rule)>,
    /// Cleared when the attempt succeeds. The address is not: it may have failed at other accounts.
    cleared_by_success: Vec<String>,
}

impl Subjects {
    pub(super) fn new(email: &str, address: Option<IpAddr>) -> Self {
        let address = address.map(|address| address.to_string()).unwrap_or_default();
        let account = sha256_hex(&format!("account\0{email}"));
        let pair = sha256_hex(&format!("pair\0{email}\0{address}"));
        let from = sha256_hex(&format!("address\0{address}"));
        Self {
            cleared_by_success: vec![pair.clone(), account.clone()],
            all: vec![(pair, PAIR), (account, ACCOUNT), (from, ADDRESS)],
        }
    }

    /// Counts the attempt, or returns for how many seconds a subject has to wait. Counting comes before checking the
    /// password, so that concurrent attempts do not slip through. The caller commits in both cases: a wait that began
    /// under a clock that was ahead, perhaps on another node, ends in time only if the correction is stored.
    ///
    /// Rows are written in the order of the subjects here and in [`Self::succeeded`], so that concurrent attempts
    /// cannot deadlock.
    pub(super) async fn admit(&self, conn: &mut Conn<'_>, now: Timestamp) -> StoreResult<Option<u32>> {
        let mut wait = 0;
        let mut ahead = Vec::new();
        for (subject, rule) in &self.all {
            if let Some(attempts) = rows::find(conn, subject).await? {
                wait = wait.max(rule.wait(attempts, now));
                if attempts.last_at > now {
                    ahead.push(subject);
                }
            }
        }
        if wait > 0 {
            for subject in ahead {
                rows::bring_back(conn, subject, now).await?;
            }
            return Ok(Some(u32::try_from(wait).unwrap_or(u32::MAX)));
        }
        for (subject, _) in &self.all {
            rows::count(conn, subject, now, now.plus_seconds(-FORGET_AFTER)).await?;
        }
        Ok(None)
    }

    /// Clears the account's failures after a success.
    pub(super) async fn succeeded(&self, conn: &mut Conn<'_>) -> StoreResult<()> {
        for subject in &self.cleared_by_success {
            rows::clear(conn, subject).await?;
        }
        Ok(())
    }
}

impl Rule {
    /// Seconds left to wait. The wait doubles with each attempt beyond the free ones and begins at the last attempt.
    fn wait(self, attempts: Attempts, now: Timestamp) -> i64 {
        let since = now.elapsed_since(attempts.last_at);
        if since >= FORGET_AFTER || attempts.failures < self.free {
            return 0;
        }
        let doublings = u32::try_from(attempts.failures - self.free).unwrap_or(u32::MAX).min(20);
        let wait = 2_i64.saturating_pow(doublings).min(self.longest);
        (wait - since).max(0)
    }
}

/// Removes counters that have expired.
pub(super) async fn purge(conn: &mut Conn<'_>, now: Timestamp) -> StoreResult<u64> {
    rows::bring_all_back(conn, now).await?;
    rows::purge_before(conn, now.plus_seconds(-FORGET_AFTER)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(failures: i64, seconds_ago: i64) -> i64 {
        let now = Timestamp(10_000_000_000);
        PAIR.wait(Attempts { failures, last_at: now.plus_seconds(-seconds_ago) }, now)
    }

    #[test]
    fn the_first_attempts_are_free_and_then_the_wait_doubles_to_a_limit() {
        assert_eq!([wait(3, 0), wait(4, 0), wait(5, 0), wait(6, 0)], [0, 1, 2, 4]);
        assert_eq!(wait(60, 0), 15 * 60);
        assert_eq!(wait(6, 3), 1);
    }

    #[test]
    fn a_clock_that_was_ahead_makes_no_wait_longer_than_the_longest() {
        assert_eq!([wait(3, -31_536_000), wait(5, -31_536_000), wait(60, -31_536_000)], [0, 2, 15 * 60]);
    }

    #[test]
    fn attempts_are_forgotten_after_an_hour() {
        assert_eq!(wait(60, 60 * 60), 0);
    }
}
