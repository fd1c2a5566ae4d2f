//! The portal's side of HTTP.

mod functions;
mod index;
mod operations;
