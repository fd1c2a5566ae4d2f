//! Parts that only the tests and the benchmarks of this crate use. They change without notice.

pub use crate::{
    clock::{Clock, SystemClock},
    rest::DESCRIPTIONS,
};

/// The clients of identity providers.
pub mod protocol {
    pub use crate::protocol::{http, ldap, oidc, recognise, saml};
}
