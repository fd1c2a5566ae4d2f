//! What the pages of a provider hold and send, without signals and markup, with ordinary tests.
//!
//! - Creating: [`step`], [`connect`], [`options`], together the [`draft`]; [`saml`] and [`ldap`] in place of `connect`.
//! - Changing: [`connection_change`], [`mapping_change`], [`access_change`], [`sign_in_change`]; each sends only what was edited.
//! - Both: [`problems`] at their fields, [`lists`] of rows, [`field_groups`], the [`preview`] and its [`sample`].

pub mod access_change;
pub mod connect;
pub mod connection_change;
pub mod draft;
pub mod field_groups;
#[cfg(test)]
pub mod fixtures;
pub mod ldap;
pub mod lists;
pub mod mapping_change;
pub mod options;
pub mod preview;
pub mod problems;
pub mod saml;
pub mod sample;
pub mod scopes;
pub mod sign_in_change;
pub mod step;
pub mod suggested;
pub mod suggestions;
pub mod words;
