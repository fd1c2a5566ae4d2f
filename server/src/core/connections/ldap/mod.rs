//! Tests a directory: connects to each of its servers, binds at the first that answers, and searches users and groups
//! as a synchronisation would.

mod run;

mod connect;
mod count;
mod groups;
mod sample;
mod server;

mod step;
mod subject;

pub(super) use {run::run, subject::LdapTest};
