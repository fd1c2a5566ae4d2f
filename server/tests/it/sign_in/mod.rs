//! Signing in with OpenID Connect, through a provider that misbehaves where a test wants it to.

mod answers;
mod begin;
mod browser;
mod callbacks;
mod conformance;
mod directories;
mod discovery;
mod form_post;
mod groups;
mod host;
mod hostile;
mod incomplete;
mod keys;
mod managing;
mod misbehaviour;
mod people;
mod policy;
mod provider;
mod requests;
mod sessions;
mod sign_out;
mod slow;
mod tokens;
mod trace;
mod trace_access;
