//! Tests of the server through its public doors, in one binary so that it is linked once.

// The settings of a directory are one long JSON object.
#![recursion_limit = "256"]

mod access;
mod across;
mod architecture;
mod aveva;
mod circles;
mod cli;
mod connections;
mod embed;
mod ldap;
mod openapi;
mod outages;
mod outbound;
mod providers;
mod records;
mod saml;
mod scaikey;
mod serving;
mod sharing;
mod sign_in;
mod support;
mod sweep;
mod syncs;
mod waldur;
mod web;
