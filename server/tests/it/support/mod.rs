//! What tests share: instances over fresh databases, servers that behave, and servers that do not.

pub(crate) mod app;
pub(crate) mod database;
pub(crate) mod hostile;
pub(crate) mod issuer;
pub(crate) mod log;
pub(crate) mod lookup;
pub(crate) mod node;
pub(crate) mod openid;
pub(crate) mod slapd;
mod template;
pub(crate) mod tls;

pub(crate) use app::{ALL, Answer, KEY, PASSWORD, PLAIN, TestApp, TestClock, Visitor};
pub(crate) use database::TestDatabase;
