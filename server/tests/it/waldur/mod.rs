//! Waldur's API, as its clients meet it: through the router, with a provider on this machine.

mod access;
mod actions;
mod api;
mod changing;
mod creating;
mod documents;
mod framework;
mod lists;
mod redirects;
