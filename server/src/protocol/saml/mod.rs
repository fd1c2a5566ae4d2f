//! SAML 2.0: reading certificates and metadata, and writing the metadata of this side.
//!
//! What is read comes from strangers, by paste or by network: everything here bounds what it reads, never panics on it, and
//! never repeats it in an error. Nothing here verifies a signature or signs a user in.

pub mod certificate;
pub mod metadata;
