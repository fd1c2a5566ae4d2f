//! The periods that the start page counts.

use wasm_bindgen::JsValue;

use crate::{
    domain::{
        sign_in::{PeriodLength, StatisticsFilter},
        timestamp::Timestamp,
    },
    ui::components::now,
};

/// What the start page counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Period {
    /// 24 hours, by hour.
    Day,
    /// 7 days, by day.
    #[default]
    Week,
}

impl Period {
    pub(super) const ALL: [Self; 2] = [Self::Day, Self::Week];

    /// The value in the address; empty for the default.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "",
        }
    }

    /// The period of this key; the default for another one.
    pub(super) fn of(key: &str) -> Self {
        Self::ALL.into_iter().find(|period| period.key() == key).unwrap_or_default()
    }

    /// The same period as the list of sign-ins names it.
    pub(super) const fn of_list(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Day => "Last 24 hours",
            Self::Week => "Last 7 days",
        }
    }

    /// What to count: the present hour or day, and those before.
    pub(super) fn filter(self) -> StatisticsFilter {
        let (period, count) = match self {
            Self::Day => (PeriodLength::Hour, 24),
            Self::Week => (PeriodLength::Day, 7),
        };
        let until = now().plus_seconds(1);
        let since = until.plus_seconds(-period.seconds() * (count - 1));
        StatisticsFilter { tenant: None, provider: None, since, until, period }
    }

    /// An hour or a day in words, short enough for an axis. Hours are the browser's, days are in UTC.
    pub(super) fn label_of(self, start: Timestamp) -> String {
        #[expect(clippy::cast_precision_loss, reason = "JavaScript counts in floating-point numbers")]
        let date = js_sys::Date::new(&JsValue::from_f64(start.unix_millis() as f64));
        match self {
            Self::Day => format!("{:02}:{:02}", date.get_hours(), date.get_minutes()),
            Self::Week => {
                let day = DAYS.get(date.get_utc_day() as usize).copied().unwrap_or_default();
                format!("{day} {}", date.get_utc_date())
            }
        }
    }
}

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_period_is_a_week() {
        assert_eq!([Period::of("24h"), Period::of(""), Period::of("x")], [Period::Day, Period::Week, Period::Week]);
    }
}
