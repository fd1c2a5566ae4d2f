//! How people sign in with a provider: trying it out, the settings, and what would happen for given claims.

mod fields;
mod policy;
mod preview;
mod requests;
mod tab;
mod test;
mod update_rules;

pub use tab::ProviderSignIn;
