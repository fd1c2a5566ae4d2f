//! Pages and components of the portal.
//!
//! - [`app`]: the root; [`routes`]: every path in one place.
//! - [`state`]: what outlives a page: session, theme, toasts, the URL's query, running calls.
//! - [`router`]: which page belongs to the address.
//! - [`layout`]: the frame around the pages.
//! - [`components`]: what pages are drawn with; its page lists all of them with an example.
//! - [`pages`]: one module for each screen, at the address it has in the other layers.
//!
//! Nothing here decides what is allowed: the server does. A page hides what the role cannot do, as a courtesy.

#![expect(unreachable_pub, reason = "`#[component]` makes the props it writes public, also within private modules")]

pub mod app;
pub mod components;
pub mod layout;
pub mod pages;
pub mod router;
pub mod routes;
pub mod state;

pub use app::App;
