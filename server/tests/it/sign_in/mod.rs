//! Signing in with OpenID Connect, through a provider that misbehaves where a test wants it to.

mod answers;
mod begin;
mod browser;
mod callbacks;
mod choice;
mod conformance;
mod directories;
mod form_post;
mod hook;
mod host;
mod hostile;
mod incomplete;
mod keys;
mod managing;
mod misbehaviour;
mod people;
mod provider;
mod replacement;
mod sessions;
mod sign_out;
mod slow;
mod trace;
mod trace_access;
