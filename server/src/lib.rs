//! Sign in with your customers' identity providers.
//!
//! Vestibule manages identity providers: create, discover, map, test, link to tenants. This crate is both a library that
//! nests into an existing axum application under any path, and the `vestibule` binary.
//!
//! # Embedding
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use vestibule::{Secret, Vestibule};
//!
//! let vestibule = Vestibule::builder()
//!     .database_url("sqlite:vestibule.db")
//!     .key(Secret::new(std::fs::read_to_string("vestibule.key")?))
//!     .base_url("https://app.example.com/internal/sso")
//!     .build()
//!     .await?;
//! let app: axum::Router = axum::Router::new().nest_service("/internal/sso", vestibule.router());
//! # let _ = app; Ok(()) }
//! ```
//!
//! It is `nest_service` and not `nest`, which would not answer the mount path with a slash at its end. The host serves
//! with [`serve`], which sets time limits, or with `into_make_service_with_connect_info::<SocketAddr>()`, so that the
//! address of a client is known.
//! [`Vestibule::portal_router`] and [`Vestibule::dialects_router`] are the parts, for hosts that mount them apart, and
//! [`Vestibule::metrics_router`] is mounted by name. [`Vestibule::close`] ends an instance.
//!
//! [`Builder::authenticator`] lets the host's own sign-in decide who uses the portal. No REST dialect is mounted
//! unless it is named with [`Builder::dialects`]. Nothing global is installed: no logger, no metrics recorder, no
//! cryptography provider; several instances live in one process. PostgreSQL with `sslmode=verify-ca` is the one setting that
//! needs a cryptography provider of the process, which the host installs.
//!
//! # Features
//!
//! All of the product is on by default. A host turns that off and names what it needs: `sqlite` or `postgres`, and `portal`
//! where it shows the portal. `cli` belongs to the binary.
//!
//! # Map
//!
//! `rest` and `web` speak HTTP and know the services; `core` implements the services over `store` (the only user of
//! sqlx) and `protocol` (the only user of reqwest); `auth` resolves who calls the portal; `config` and `cli` belong to
//! the binary; `serve` is for it and for hosts. ARCHITECTURE.md describes the rest.
//!
//! What is public here is for hosts, and `tests/data/public-items.txt` lists it. `cli` is for the binary, and `testing`
//! for tests and benchmarks; neither promises anything.

mod auth;
mod base_url;
mod builder;
mod clock;
#[cfg(feature = "cli")]
mod config;
mod core;
mod invalid_entry;
mod jobs;
mod jose;
mod protocol;
mod request;
mod rest;
mod serve;
mod store;
#[cfg(feature = "cli")]
mod telemetry;
mod trace_context;
mod web;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod domain;
pub mod service;
#[doc(hidden)]
pub mod testing;

/// For [`Authenticator`] and [`SignInHook`]: the attribute of the crate `async-trait`.
pub use async_trait::async_trait;
pub use auth::JwtSettings;
#[cfg(feature = "portal")]
pub use auth::{Authenticator, HostUser};
pub use builder::{BuildError, Builder, Dialect, Vestibule};
pub use core::ConnectionTests;
pub use invalid_entry::InvalidEntry;
pub use protocol::http::OutboundPolicy;
pub use request::TrustedProxies;
pub use serve::{CutOff, ServeLimits, serve};
pub use store::{HostPool, SqliteSynchronous, StoreError};
pub use vestibule_app::domain::{
    actor::{Grant, Role},
    secret::Secret,
};
pub use web::{
    AfterSignIn, OptionalSignedIn, RequireSignIn, SignInHook, SignInLayer, SignInRejection, SignedIn, SignedOut,
};
