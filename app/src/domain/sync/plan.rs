//! Choosing between a full run and one that reads changes only.

use serde::{Deserialize, Serialize};

use crate::domain::{
    named::named,
    provider::{DeltaStrategy, LdapVendor},
    timestamp::Timestamp,
};

named! {
    /// What a run reads.
    SyncMode, UnknownSyncMode {
        /// Everything.
        Full = "full" / "Full",
        /// What changed since the last run.
        Delta = "delta" / "Changes only",
    }
}

named! {
    /// The mode that a caller requests.
    #[derive(Default)]
    WantedMode, UnknownWantedMode {
        /// Changes only, everything when that is needed.
        #[default]
        Auto = "auto" / "Changes only, full when needed",
        /// Everything.
        Full = "full" / "Everything",
        /// Changes only, where that is possible.
        Delta = "delta" / "Changes only",
    }
}

/// What the last runs left for the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// A hash of the settings that decide which users are found and what is stored of them.
    pub settings: String,
    /// From where changes are read.
    pub position: Position,
    /// When the last full run began.
    pub full_at: Timestamp,
    /// Filter values of the identifiers of entries to process again although they did not change.
    pub retry: Vec<String>,
}

/// From where changes are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Entries that changed at this moment or later.
    Time(Timestamp),
    /// Active Directory: changes after this one, at one server.
    Usn {
        /// The number of the last change that was read.
        highest: u64,
        /// The copy of the database whose numbers these are.
        invocation_id: String,
    },
}

#[cfg(not(target_arch = "wasm32"))]
impl Position {
    /// The position as the log shows it.
    pub fn describe(&self) -> String {
        match self {
            Self::Time(at) => format!("time {}", at.generalized()),
            Self::Usn { highest, invocation_id } => format!("uSN {highest} of {invocation_id}"),
        }
    }
}

/// Why a run reads everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FullReason {
    /// It was requested.
    Requested,
    /// There was no run before.
    First,
    /// The last full run is too long ago.
    Due,
    /// The clock was set back, so that the times of the last runs mean nothing.
    Clock,
    /// The settings changed.
    Settings,
    /// Another server responds, or its database was restored.
    Server,
    /// The settings or the server allow no other.
    NoStrategy,
    /// Too many entries have to be processed again.
    Retries,
}

impl FullReason {
    /// The reason in a sentence.
    pub const fn explain(self) -> &'static str {
        match self {
            Self::Requested => "A full run was requested.",
            Self::First => "There was no run before.",
            Self::Due => "The last full run is longer ago than the interval for full runs.",
            Self::Clock => "The clock was set back since the last run.",
            Self::Settings => "The settings changed since the last run.",
            Self::Server => "Another server answered than the last time, or its database was restored.",
            Self::NoStrategy => "The settings, or the server, allow full runs only.",
            Self::Retries => "Too many entries failed in the last run.",
        }
    }
}

/// What a run reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Everything.
    Full(FullReason),
    /// What changed, and entries to process again.
    Delta {
        /// The position from which changes are read.
        since: Position,
        /// Filter values of the identifiers of entries to process again.
        retry: Vec<String>,
    },
}

impl Plan {
    /// The mode of the run.
    pub const fn mode(&self) -> SyncMode {
        match self {
            Self::Full(_) => SyncMode::Full,
            Self::Delta { .. } => SyncMode::Delta,
        }
    }
}

/// How many entries a delta run may process again, since each is a term of its filter. With more, the next run is full.
pub const MAX_RETRIES: usize = 100;

/// The strategy that `Auto` means for a product.
pub const fn effective_strategy(strategy: DeltaStrategy, vendor: LdapVendor) -> DeltaStrategy {
    match (strategy, vendor) {
        (DeltaStrategy::Auto, LdapVendor::ActiveDirectory) => DeltaStrategy::UsnChanged,
        (DeltaStrategy::Auto, _) => DeltaStrategy::ModifyTimestamp,
        (chosen, _) => chosen,
    }
}

/// Decides what a run reads. `next` is the position that this run would leave; `None` when the strategy or the server
/// has none. `settings` is the hash of the current settings.
pub fn plan(
    wanted: WantedMode,
    marks: Option<&Marks>,
    next: Option<&Position>,
    settings: &str,
    full_interval_hours: u32,
    now: Timestamp,
) -> Plan {
    let Some(next) = next else { return Plan::Full(FullReason::NoStrategy) };
    let Some(marks) = marks else { return Plan::Full(FullReason::First) };
    let Marks { settings: before, position, full_at, retry } = marks;
    if wanted == WantedMode::Full {
        return Plan::Full(FullReason::Requested);
    }
    if before != settings {
        return Plan::Full(FullReason::Settings);
    }
    let is_same_server = match (position, next) {
        (Position::Time(_), Position::Time(_)) => true,
        (Position::Usn { highest: before, invocation_id: old }, Position::Usn { highest: now, invocation_id: new }) => {
            old == new && now >= before
        }
        _ => false,
    };
    if !is_same_server {
        return Plan::Full(FullReason::Server);
    }
    // A search for changes after a time in the future finds none.
    if *full_at > now || matches!(position, Position::Time(at) if *at > now) {
        return Plan::Full(FullReason::Clock);
    }
    if wanted == WantedMode::Auto && now.elapsed_since(*full_at) >= i64::from(full_interval_hours) * 3600 {
        return Plan::Full(FullReason::Due);
    }
    if retry.len() > MAX_RETRIES {
        return Plan::Full(FullReason::Retries);
    }
    Plan::Delta { since: position.clone(), retry: retry.clone() }
}
