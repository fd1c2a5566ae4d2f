//! Synchronising with a provider's directory.

mod card;
mod groups;
mod home;
mod navigation;
mod progress;
mod run;
mod standing;
mod start;
mod tab;

pub use card::SyncCard;
pub use tab::ProviderSync;
