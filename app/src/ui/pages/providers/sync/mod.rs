//! Synchronising with the directory that a provider stands for.

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
