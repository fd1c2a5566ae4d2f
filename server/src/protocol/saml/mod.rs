//! SAML 2.0: reads certificates and metadata, and writes Vestibule's own metadata.
//!
//! The input comes from strangers, pasted or fetched: every reader limits what it reads, never panics, and never repeats input
//! in an error. Nothing here verifies a signature or signs a user in.

pub mod certificate;
pub mod metadata;
