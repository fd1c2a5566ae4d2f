//! Discovery documents as values.
