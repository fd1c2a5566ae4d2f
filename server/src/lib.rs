pub mod protocol;
pub mod rest;
