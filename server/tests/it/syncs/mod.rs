//! Synchronisation with real directory servers: OpenLDAP's, and those that scripts/test-ad and scripts/test-389 start.

mod access;
mod active_directory;
mod ds389;
mod ending;
mod faults;
mod groups;
mod names;
mod nodes;
mod portal;
mod proxy;
mod room;
mod schedule;
mod tree;
mod users;
mod values;
mod vanished;
mod vendor;
mod world;
