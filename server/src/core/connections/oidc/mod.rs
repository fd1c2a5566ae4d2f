//! Tests an OpenID provider: reads its discovery document and its keys, and reports their findings by steps.
//!
//! `domain::discovery` validates the document, as for every other reading of it. This module adds what only a
//! configured provider has: endpoints, scopes and a secret.

mod run;

mod document;
mod findings;
mod in_use;
mod subject;

pub(super) use {run::run, subject::OidcTest};
