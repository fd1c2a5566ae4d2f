//! The bodies that create or change a provider, and how they are carried out.

mod config;
mod protocol;
mod provider;
mod save;
mod sign_in;

pub(super) use super::members::Surface;
pub(super) use provider::{ChangedAdminProvider, ChangedProvider, CreatedAdminProvider, CreatedProvider, ProviderBody};
pub(super) use save::{create, update};
