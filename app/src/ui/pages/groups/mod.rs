//! Groups: those of a tenant, and which groups of a provider map to them.

mod form;
mod list;
mod mapping_form;
mod mappings;

pub use list::TenantGroups;
pub use mappings::{GroupMappings, InternalGroup};
