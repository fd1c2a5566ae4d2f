//! What a request wants to store of a provider: its members read and judged, then said in the domain's words.

mod config;
mod directory;
mod record;

pub(super) use record::{Door, Mode, Record};
