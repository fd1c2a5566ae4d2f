//! A database that cannot be used for a while: what every door answers meanwhile, and that nothing is left behind.

mod disk;
mod doors;
mod file;
mod postgres;
mod proxy;
