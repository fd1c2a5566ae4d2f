//! The rules of managing identity providers, free of I/O: what a provider is, who may do what, how claims become
//! user fields. Nothing here knows a database, HTTP or the clock, so that server and browser run the same code.

pub mod discovery;
pub mod mapping;
