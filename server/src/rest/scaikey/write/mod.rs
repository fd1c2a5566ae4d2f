//! The bodies that create or change a provider, and how they are carried out.

mod config;
mod provider;
mod save;

pub(super) use provider::{
    ChangedAdminProvider, ChangedProvider, CreatedAdminProvider, CreatedProvider, ProviderBody, Surface,
};
pub(super) use save::{create, update};
