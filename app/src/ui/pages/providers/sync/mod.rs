//! Synchronising with a provider's directory.

mod card;
mod entries;
#[cfg(test)]
mod fixtures;
mod groups;
mod history;
mod home;
mod monitor;
mod navigation;
mod progress;
mod remarks;
mod run;
mod start;
mod tab;
mod words;

pub use card::SyncCard;
pub use tab::ProviderSync;
