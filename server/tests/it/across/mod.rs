//! One core behind every door: what is written through one dialect, or through the portal, is the same through all
//! others.

mod bodies;
mod doors;
mod ending;
mod hidden;
mod refused;
mod switched_off;
mod values;
mod writing;
mod written_back;
