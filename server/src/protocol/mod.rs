//! What Vestibule says to the outside: the protocols of identity providers and the one guarded client they share.
//!
//! Everything that leaves the machine goes through [`http::OutboundClient`], which decides by address whom it talks to.
//! Nothing here knows a database, a route or a page; callers hand over values and get values back.

pub mod http;
pub mod ldap;
pub mod oidc;
pub mod recognise;
pub mod saml;
