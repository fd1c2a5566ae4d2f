//! The start page: how sign-ins ended, why they failed, and what needs attention.

mod attention;
mod chart;
mod first_steps;
mod page;
mod period;
mod reasons;

pub use page::Overview;
