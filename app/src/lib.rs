//! What Vestibule's server and its portal share.
//!
//! - [`domain`]: types and rules without I/O, clock or randomness; compiles for the server and the browser alike.
//! - `service` (feature `service`): the narrow traits through which everything reaches the server's core.
//! - `api` (feature `api`): the server functions the portal calls, one file for each resource.
//! - `ui` (feature `ui`): pages and components.
//!
//! Dependencies point one way: `ui` → `api` → `domain`, and `api` → `service` → `domain`.
// The native build keeps the full types of views (docs/adr/0008-erased-component-types.md), which nest deeply.
#![recursion_limit = "256"]

#[cfg(feature = "api")]
pub mod api;
pub mod domain;
#[cfg(feature = "service")]
pub mod service;
#[cfg(feature = "ui")]
pub mod ui;
