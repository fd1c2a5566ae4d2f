//! Synchronising with the directory that a provider stands for.

mod card;
mod groups;
mod home;
mod progress;
mod run;
mod standing;
mod tab;

pub use card::SyncCard;
pub use tab::ProviderSync;
