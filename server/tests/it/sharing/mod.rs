//! A database that is shared: with a host application, and between nodes that start at once.

mod host;
mod nodes;
