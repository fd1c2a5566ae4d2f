//! People who sign in: their links, the starts that were used, their sessions, and their attempts.

pub(crate) mod attempts;
pub(crate) mod links;
pub(crate) mod memberships;
pub(crate) mod serving;
pub(crate) mod sessions;
pub(crate) mod starts;
