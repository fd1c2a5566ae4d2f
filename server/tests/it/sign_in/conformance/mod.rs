//! The OpenID Foundation's conformance tests for relying parties: each module of the plans *basic*, *config*, *form_post*,
//! *third-party-initiated login* and *userinfo-signed* as a test of its name. The suite itself plays the provider and needs
//! a JVM and a database; here [`super::provider`] misbehaves as the module does. Modules that are not supported are listed
//! in docs/security/sign-in.md.

mod basic;
mod client;
mod config;
mod form_post;
mod further;
mod modules;
mod third_party;
mod userinfo_signed;

/// A test for each module of a plan, in one response mode.
macro_rules! plan {
    ($mode:expr, [$($module:ident),* $(,)?]) => {
        $(
            #[tokio::test]
            async fn $module() {
                super::modules::$module($mode).await;
            }
        )*
    };
}
use plan;
