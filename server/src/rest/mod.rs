//! The REST dialects.

pub mod http;
