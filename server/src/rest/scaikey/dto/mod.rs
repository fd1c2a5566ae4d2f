//! Objects in answers, serialised straight from the domain. None has a secret.

mod config;
mod group;
mod provider;
mod sign_in;
mod sync;
mod tenant;
mod test;
mod user;

pub(super) use config::default_attributes;
pub(super) use group::{Group, GroupMapping};
pub(super) use provider::{AdminProvider, ListItem, Provider};
pub(super) use sync::{SyncDetail, SyncSummary};
pub(super) use tenant::Tenant;
pub(super) use test::TestResult;
pub(super) use user::{User, WholeUser};

/// Fields of a user that this dialect maps; others are not shown and survive its writes.
pub(super) const MAPPED: [vestibule_app::domain::mapping::UserField; 5] = {
    use vestibule_app::domain::mapping::UserField::{DisplayName, Email, FirstName, Groups, LastName};
    [Email, FirstName, LastName, DisplayName, Groups]
};
