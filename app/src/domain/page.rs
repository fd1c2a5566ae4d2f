//! Pages of a list.

use serde::{Deserialize, Serialize};

/// Which part of a list is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// How many rows to skip.
    pub offset: u64,
    /// How many rows to return at most.
    pub limit: u32,
}

/// The largest page that the portal may request.
pub const MAX_PORTAL_PAGE: u32 = 500;

impl PageRequest {
    /// The same page, no larger than the portal may request.
    #[must_use]
    pub fn capped(self) -> Self {
        Self { limit: self.limit.min(MAX_PORTAL_PAGE), ..self }
    }

    /// Page `number`, counted from 1, of `size` rows.
    pub fn numbered(number: u64, size: u32) -> Self {
        Self { offset: number.saturating_sub(1).saturating_mul(u64::from(size)), limit: size }
    }
}

/// A part of a list, with the size of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows; fewer at the end of the list.
    pub items: Vec<T>,
    /// How many rows the whole list has.
    pub total: u64,
}

impl<T> Page<T> {
    /// The same page with converted rows.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(convert).collect(), total: self.total }
    }
}

/// How many pages of `size` rows hold `total` rows; 0 for an empty list.
pub fn page_count(total: u64, size: u32) -> u64 {
    total.div_ceil(u64::from(size.max(1)))
}
