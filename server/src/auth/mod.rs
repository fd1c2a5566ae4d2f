//! Who a portal request comes from: the session cookie or the host application, and whether the request may be trusted
//! to come from the portal at all. For dialects, the caller of a bearer token; each dialect words its own refusals.

mod bearer;
mod jwt;
mod origin;
#[cfg(feature = "portal")]
mod portal;

pub(crate) use bearer::{Bearer, BearerFault};
pub use jwt::JwtSettings;
pub(crate) use jwt::JwtVerifier;
pub(crate) use origin::OriginCheck;
#[cfg(feature = "portal")]
pub use portal::{Authenticator, HostUser};
#[cfg(feature = "portal")]
pub(crate) use portal::{PortalCallers, SessionCookie};
