//! How many attempts are recorded that anybody can cause: a flood of them must not fill the database.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// How many are recorded in one second, over a long time.
const PER_SECOND: f64 = 50.0;
/// How many are recorded at once.
const AT_ONCE: f64 = 2000.0;

/// The allowances of this node. A flood of opened addresses leaves room for browsers that come back.
#[derive(Default)]
pub(super) struct Allowances {
    /// For attempts behind which there is nothing but an opened address.
    pub(super) opened: Allowance,
    /// For attempts whose browser came back, in which no provider authenticated a person.
    pub(super) returned: Allowance,
}

/// A number that grows with time up to a bound, and is used up one by one.
pub(super) struct Allowance(Mutex<(f64, Instant)>);

impl Default for Allowance {
    fn default() -> Self {
        Self(Mutex::new((AT_ONCE, Instant::now())))
    }
}

impl Allowance {
    /// Uses one up; returns false when there is none.
    pub(super) fn take(&self) -> bool {
        self.take_at(Instant::now())
    }

    fn take_at(&self, now: Instant) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, at) = *held;
        let left = (left + now.saturating_duration_since(at).as_secs_f64() * PER_SECOND).min(AT_ONCE);
        let has_one = left >= 1.0;
        *held = (if has_one { left - 1.0 } else { left }, now.max(at));
        has_one
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_flood_is_recorded_in_part() {
        let allowance = Allowance::default();
        let now = Instant::now();
        let recorded = |now| (0..10_000).filter(|_| allowance.take_at(now)).count();
        assert_eq!(recorded(now), 2000);
        assert_eq!(recorded(now), 0);
        assert_eq!(recorded(now + Duration::from_secs(10)), 500);
        assert_eq!(recorded(now), 0, "a clock that is behind gives nothing");
        assert_eq!(recorded(now + Duration::from_secs(3600)), 2000);
    }
}
