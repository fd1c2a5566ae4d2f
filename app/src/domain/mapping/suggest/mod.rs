//! Ranked suggestions.
