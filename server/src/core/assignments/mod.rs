//! Which tenants' users sign in with which providers.

mod service;

mod link;

pub(super) use service::AssignmentService;
