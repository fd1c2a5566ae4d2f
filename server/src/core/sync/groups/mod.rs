//! Groups of the directory, their members, and the groups of tenants that mappings fill from them.
//!
//! Every run reads all groups: that a user joined one changes the group's entry and not the user's, and at Active
//! Directory `memberOf` at the user changes no time stamp. Members are resolved only where a group's entry changed, or
//! where a user came, went or moved since they were resolved last.

mod sync;

mod read;
mod resolve;
mod store;

mod mappings;
mod seen;
mod stored;
mod warnings;

pub(super) use sync::{GroupSettings, GroupSync};
