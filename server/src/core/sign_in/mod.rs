//! Signing people in, whatever the protocol: from the start in a browser, through a provider, to a session.
//!
//! A protocol authenticates a subject ([`SignInProtocol`](crate::protocol::sign_in::SignInProtocol)); who that is and what
//! changes is decided by [`vestibule_app::domain::sign_in`]. The tenant is fixed at the start and sealed into it; nothing
//! that follows leaves it.

mod attempts;
mod begin;
mod failure;
mod finish;
mod hand_over;
mod lifetime;
mod memberships;
mod people;
mod person;
mod proof;
mod protocols;
mod reason;
mod replacement;
mod service;
mod serving;
mod start;
mod user_sessions;

pub(in crate::core) use attempts::AttemptLog;
pub(crate) use attempts::{AttemptObserver, AttemptService};
pub(crate) use protocols::SignInProtocols;
pub(crate) use service::{SignInParts, SignInService};
pub(crate) use user_sessions::SessionLifetimes;
