//! Stories of providers through the services, on whichever database the run is about.

mod audit;
mod discovered;
mod key;
mod lifecycle;
mod lists;
mod search;
mod secrets;
mod sign_in;
mod tenants;
