//! What tests share: servers that behave, and servers that do not.

pub(crate) mod hostile;
pub(crate) mod lookup;
pub(crate) mod tls;
