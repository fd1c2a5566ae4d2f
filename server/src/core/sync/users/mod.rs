//! The users of a run: reading them, and storing what changed.
//!
//! Users are read by a task of their own and stored in batches. An entry whose name is taken waits until every other
//! entry was stored, since the name may be free then. Users whose entry was not seen are judged last.

mod sync;

mod intake;
mod unidentified;

mod batch;
mod deferred;
mod vanished;

mod lookup;
mod writer;

mod coverage;
mod left_out;
mod log;
mod names;
mod record;
mod retries;

pub(super) use sync::{UserSettings, UserSync};
