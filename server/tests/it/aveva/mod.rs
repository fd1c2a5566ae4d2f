//! AVEVA's API, as its documentation of February 2019 describes it.

mod api;
mod errors;
mod jwt;
mod lists;
mod objects;
mod roles;
mod spelling;
mod stories;
mod tenants;
