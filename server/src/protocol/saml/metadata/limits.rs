//! How much metadata is read.

/// The longest document that is read from an address: aggregates of some hundred entities.
pub const MAX_FETCHED_BYTES: usize = 8 * 1024 * 1024;

/// The longest document that is pasted or uploaded: one provider has some 10 KiB.
pub const MAX_PASTED_BYTES: usize = 1024 * 1024;

/// How many identity providers of one document are reported.
pub const MAX_PROVIDERS: usize = 500;
