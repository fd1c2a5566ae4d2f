//! What a request wants to store of a provider: its members read and judged, then said in the domain's words.

mod config;
mod directory;
mod record;
mod save;

pub(super) use config::DEFAULT_SCOPES;
pub(super) use directory::{BINDS, FORMATS, LINKS, MISSING, REACTIVATE, REFERRALS, SCOPES, STRATEGIES, VENDORS};
pub(super) use record::{ADMIN_PROTOCOLS, Mode, Record, Surface, TENANT_PROTOCOLS};
pub(super) use save::{create, update};
