//! Reads the members of a body with pydantic's rules. It notes every fault and reads on.

mod choices;
mod reader;

mod near_miss;
mod secrets;
mod words;

pub(super) use reader::{ObjectReader, read, read_strictly};
pub(super) use secrets::redacted;
pub(super) use words::{NO_TRUTH, one_of, truth_of};
