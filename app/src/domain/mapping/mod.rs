//! Claims to user fields.
