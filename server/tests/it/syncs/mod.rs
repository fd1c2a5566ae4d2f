//! Synchronisation with a real directory server.

mod access;
mod ending;
mod groups;
mod portal;
mod proxy;
mod schedule;
mod tree;
mod users;
mod vanished;
mod world;
