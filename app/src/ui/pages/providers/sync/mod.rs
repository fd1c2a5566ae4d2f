//! Synchronising with a provider's directory.

mod card;
mod groups;
mod home;
mod monitor;
mod navigation;
mod progress;
mod run;
mod start;
mod tab;

pub use card::SyncCard;
pub use tab::ProviderSync;
