//! Vestibule: sign in with your customers' identity providers.

pub mod rest;
