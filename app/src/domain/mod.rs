//! The rules of managing identity providers, free of I/O: what a provider is, who may do what, how claims become user
//! fields. Server and browser run the same code, so nothing here knows a database, HTTP or the clock.

pub mod actor;
pub mod administrator;
pub mod assignment;
pub mod audit;
pub mod connection;
pub mod direction;
pub mod discovery;
pub mod email_address;
pub mod group;
pub mod id;
pub mod ldap;
pub mod mapping;
mod named;
pub mod page;
pub mod patch;
pub mod problem;
pub mod provider;
pub mod saml_metadata;
pub mod secret;
pub mod session;
pub mod sign_in;
pub mod sync;
pub mod tenant;
mod text;
pub mod timestamp;
pub mod token;
pub mod user;
pub mod web_url;
pub mod words;
