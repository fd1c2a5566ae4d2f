//! How sign-ins ended over time.

use serde::{Deserialize, Serialize};

use super::attempt::AttemptOutcome;
use crate::domain::{
    id::{ProviderId, TenantId},
    named::named,
    problem::{Problem, ProblemCode},
    timestamp::Timestamp,
};

/// The most periods that are counted at once: a year of days, or two weeks of hours.
pub const MAX_PERIODS: i64 = 366;

named! {
    /// How long a period is.
    PeriodLength, UnknownPeriodLength {
        /// An hour.
        Hour = "hour" / "Hour",
        /// A day in UTC.
        Day = "day" / "Day",
    }
}

impl PeriodLength {
    /// In seconds.
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
        }
    }
}

/// Which sign-ins are counted, and in which periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatisticsFilter {
    /// Those of a tenant.
    pub tenant: Option<TenantId>,
    /// Those at a provider.
    pub provider: Option<ProviderId>,
    /// Those that began at this moment or later.
    pub since: Timestamp,
    /// Those that began before this moment.
    pub until: Timestamp,
    /// How long a period is.
    pub period: PeriodLength,
}

impl StatisticsFilter {
    /// What is wrong with the filter.
    pub fn problems(&self) -> Vec<Problem> {
        let Self { since, until, period, .. } = self;
        if since >= until {
            let message = "The end must be later than the beginning.";
            return vec![Problem::new("until", ProblemCode::NotAllowed, message)];
        }
        if until.0.saturating_sub(since.0) / 1_000_000 / period.seconds() >= MAX_PERIODS {
            let message = format!("More than {MAX_PERIODS} periods: choose a later beginning, or longer periods.");
            return vec![Problem::new("since", ProblemCode::NotAllowed, message)];
        }
        Vec::new()
    }
}

/// How sign-ins ended over time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInStatistics {
    /// Every period that lies at least partly between the two moments, the earliest first.
    pub periods: Vec<SignInPeriod>,
    /// Why sign-ins were refused or failed, the most frequent reason first.
    pub reasons: Vec<ReasonCount>,
}

/// How the sign-ins of a period ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInPeriod {
    /// When the period begins.
    pub start: Timestamp,
    /// How many are under way.
    pub started: u64,
    /// How many people signed in.
    pub signed_in: u64,
    /// How many were refused.
    pub refused: u64,
    /// How many failed.
    pub failed: u64,
    /// How many did not come back.
    pub abandoned: u64,
}

/// How often a reason occurred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonCount {
    /// How those sign-ins ended.
    pub outcome: AttemptOutcome,
    /// The reason in one word.
    pub reason: String,
    /// How many there were.
    pub count: u64,
}

/// How many sign-ins of a period ended in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeCount {
    /// When the period begins.
    pub start: Timestamp,
    /// How they ended.
    pub outcome: AttemptOutcome,
    /// Why, in one word.
    pub reason: Option<String>,
    /// How many there were.
    pub count: u64,
}

impl SignInStatistics {
    /// Adds the counts up, and fills periods in which there were none.
    pub fn of(filter: &StatisticsFilter, counts: &[OutcomeCount]) -> Self {
        let length = filter.period.seconds().saturating_mul(1_000_000);
        let first = filter.since.0.div_euclid(length) * length;
        let mut periods: Vec<_> = (0..=MAX_PERIODS)
            .map(|number| Timestamp(first.saturating_add(number * length)))
            .take_while(|start| *start < filter.until)
            .map(SignInPeriod::empty)
            .collect();
        let mut reasons: Vec<ReasonCount> = Vec::new();
        for OutcomeCount { start, outcome, reason, count } in counts {
            if let Some(period) = periods.iter_mut().find(|period| period.start == *start) {
                *period.count_mut(*outcome) += count;
            }
            let (Some(reason), true) = (reason, outcome.has_reason()) else { continue };
            match reasons.iter_mut().find(|known| known.outcome == *outcome && known.reason == *reason) {
                Some(known) => known.count += count,
                None => reasons.push(ReasonCount { outcome: *outcome, reason: reason.clone(), count: *count }),
            }
        }
        reasons.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.reason.cmp(&other.reason)));
        Self { periods, reasons }
    }
}

impl SignInPeriod {
    const fn empty(start: Timestamp) -> Self {
        Self { start, started: 0, signed_in: 0, refused: 0, failed: 0, abandoned: 0 }
    }

    const fn count_mut(&mut self, outcome: AttemptOutcome) -> &mut u64 {
        match outcome {
            AttemptOutcome::Started => &mut self.started,
            // Tests are not counted at all.
            AttemptOutcome::SignedIn | AttemptOutcome::Tested => &mut self.signed_in,
            AttemptOutcome::Refused => &mut self.refused,
            AttemptOutcome::Failed => &mut self.failed,
            AttemptOutcome::Abandoned => &mut self.abandoned,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn filter(since: i64, until: i64, period: PeriodLength) -> StatisticsFilter {
        StatisticsFilter { tenant: None, provider: None, since: Timestamp(since), until: Timestamp(until), period }
    }

    #[test]
    fn periods_without_sign_ins_are_there_too() {
        let count = |hour: i64, outcome, reason: Option<&str>, count| OutcomeCount {
            start: Timestamp(hour * HOUR),
            outcome,
            reason: reason.map(str::to_owned),
            count,
        };
        let counts = [
            count(1, AttemptOutcome::SignedIn, None, 3),
            count(3, AttemptOutcome::Failed, Some("token_check"), 1),
            count(1, AttemptOutcome::Refused, Some("blocked"), 2),
            count(3, AttemptOutcome::Refused, Some("blocked"), 1),
        ];
        let statistics = SignInStatistics::of(&filter(HOUR + 1, 3 * HOUR + 1, PeriodLength::Hour), &counts);
        let found: Vec<_> = statistics
            .periods
            .iter()
            .map(|period| (period.start.0 / HOUR, period.signed_in, period.refused, period.failed))
            .collect();
        assert_eq!(found, [(1, 3, 2, 0), (2, 0, 0, 0), (3, 0, 1, 1)]);
        let reasons: Vec<_> = statistics.reasons.iter().map(|one| (one.reason.as_str(), one.count)).collect();
        assert_eq!(reasons, [("blocked", 3), ("token_check", 1)]);
    }

    #[test]
    fn what_would_count_too_much_is_refused() {
        assert!(filter(0, 300 * 24 * HOUR, PeriodLength::Day).problems().is_empty());
        assert!(filter(5, 5 + 365 * HOUR, PeriodLength::Hour).problems().is_empty());
        for (since, until) in [(0, 367 * HOUR), (1, 1), (2, 1), (i64::MIN, i64::MAX)] {
            assert_eq!(filter(since, until, PeriodLength::Hour).problems().len(), 1, "{since} {until}");
        }
    }
}
