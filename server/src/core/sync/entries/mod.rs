//! Entries of the directory: what is searched for, how they are read, and the hashes by which they are recognised.
//!
//! Nothing here knows the database.

mod reader;
mod search;

mod dn;
mod filter;
mod hash;

pub(crate) use dn::check_dn;
pub(super) use dn::stored_dn;
pub(super) use hash::{Digest, HASH_LENGTH, content_hash, fingerprint};
pub(crate) use reader::identify;
pub(super) use reader::{EntryReader, SeenUser};
pub(super) use search::{Changes, EntrySearches};
