//! One tenant: its header, its tabs. Every tab is a page of its own; all of them share [`state::TenantState`].

mod danger;
mod edit;
mod overview;
mod page;
mod providers;
pub mod state;
mod suspend;

pub use danger::TenantDanger;
pub use overview::TenantOverview;
pub use page::TenantPage;
pub use providers::TenantProviders;
