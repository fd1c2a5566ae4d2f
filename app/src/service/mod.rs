//! The only access to the server's core: narrow traits, each about one thing.
//!
//! Methods take the [`Actor`](crate::domain::actor::Actor) first and check its permissions themselves. The few without
//! one are public, or authenticate the caller, or are for the time before there is one; each says so. Methods validate,
//! keep transactions, and write the audit log, so that an operation means the same in every dialect and in the portal.

mod access;
mod connections;
mod directories;
mod providers;
mod receiver;
mod records;
mod services;
mod sign_in_attempts;
mod sign_ins;

mod reference;
mod result;

pub use access::{Administrators, SessionStart, Sessions, SetUp, Tokens};
pub use connections::{Connections, Progress, SamlMetadata};
pub use directories::{Syncs, Users};
pub use providers::{
    Catalogue, Discovery, Impact, LastDiscovery, ProviderDetail, Providers, Rediscover, RediscoveryPreview,
    UpdateOptions,
};
pub use receiver::{CompletedSignIn, Reception, SignInReceiver};
pub use records::{Assignments, Audit, GroupMappings, Groups, Tenants};
pub use reference::{ProviderRef, TenantRef};
pub use result::ServiceResult;
pub use services::Services;
pub use sign_in_attempts::SignInAttempts;
pub use sign_ins::{
    ProofRequest, ProviderChoice, SignInCallback, SignInEnd, SignInRequest, SignInStep, SignIns, SignedInUser,
    StartCookie, UserSessions,
};
