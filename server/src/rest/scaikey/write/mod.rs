//! What a request wants to store of a provider: its members read and judged, then said in the domain's words.

mod config;
mod record;

pub(super) use config::{BINDS, DEFAULT_SCOPES, SCOPES, VENDORS};
pub(super) use record::{ADMIN_PROTOCOLS, Door, Mode, Record, TENANT_PROTOCOLS};
