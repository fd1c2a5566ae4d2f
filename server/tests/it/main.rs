//! Tests of the server through its public doors, in one binary so that it is linked once.

mod access;
mod architecture;
mod cli;
mod connections;
mod embed;
mod outbound;
mod providers;
mod saml;
mod sharing;
mod support;
mod sweep;
mod waldur;
mod web;
