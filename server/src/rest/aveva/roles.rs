//! The roles of this API.
//!
//! Platform administrators hold every role, platform readers are Cluster Operators, platform support is Cluster Support,
//! and administrators of a tenant are Account Administrators of it. Nothing is decided here: the services decide.

/// The roles that the documentation allows an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Account Administrators, Cluster Operators and Cluster Support.
    Everybody,
    /// Cluster Operators.
    Operators,
    /// Account Administrators.
    Administrators,
}

impl Allowed {
    /// The roles as the documentation writes them.
    pub(super) const fn names(self) -> &'static str {
        match self {
            Self::Everybody => "Account Administrator, Cluster Operator, Cluster Support",
            Self::Operators => "Cluster Operator",
            Self::Administrators => "Account Administrator",
        }
    }
}
