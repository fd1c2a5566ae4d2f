//! People who sign in: their links, the starts that were used, and their sessions.

pub(crate) mod links;
pub(crate) mod memberships;
pub(crate) mod serving;
pub(crate) mod sessions;
pub(crate) mod starts;
