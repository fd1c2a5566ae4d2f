//! Signing in with OpenID Connect, through a provider that misbehaves where a test wants it to.

mod admissions;
mod answers;
mod begin;
mod browser;
mod callbacks;
mod conformance;
mod directories;
mod form_post;
mod host;
mod hostile;
mod incomplete;
mod keys;
mod managing;
mod misbehaviour;
mod people;
mod previews;
mod provider;
mod refused_starts;
mod sessions;
mod sign_out;
mod slow;
mod statistics;
mod test_sign_ins;
mod trace;
mod trace_access;
