//! ScaiKey's API, as its clients meet it: through the router, below a path.

mod access;
mod admin;
mod api;
mod changing;
mod connection;
mod dialects;
mod directories;
mod framework;
mod input;
mod jwt;
mod mappings;
mod saml;
mod siblings;
mod sign_in;
mod tenant;
