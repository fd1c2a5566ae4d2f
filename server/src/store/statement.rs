//! Parts of statements that several repositories share.

use uuid::Uuid;
use vestibule_app::domain::{actor::Reach, page::PageRequest};

use super::conn::Conn;

/// How many rows a page skips, as the databases count. Beyond their limit there is no row anyway.
pub(crate) fn offset(page: PageRequest) -> i64 {
    i64::try_from(page.offset).unwrap_or(i64::MAX)
}

/// The end of a statement that reads a page. The numbers are written out: PostgreSQL plans a statement again for each
/// call when it cannot know how few rows are asked for, which takes longer than reading them. Pages after the first
/// should not be kept prepared ([`is_kept`]).
pub(crate) fn page_end(page: PageRequest) -> String {
    match offset(page) {
        0 => format!("LIMIT {}", page.limit),
        offset => format!("LIMIT {} OFFSET {offset}", page.limit),
    }
}

/// Whether the statement that ends in [`page_end`] is worth keeping prepared: first pages are asked for again and again.
pub(crate) fn is_kept(page: PageRequest) -> bool {
    page.offset == 0
}

/// A JSON list of texts, as a value to bind. NUL, which PostgreSQL stores nowhere, names nothing there either.
pub(crate) fn text_list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    serde_json::Value::from_iter(texts.into_iter().filter(|text| !text.contains('\0'))).to_string()
}

/// How a row that was read is kept from others until the transaction ends. SQLite has one writer anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Not at all.
    None,
    /// Others may lock it the same way; no one may change it.
    Shared,
    /// No other transaction may lock or change it.
    Exclusive,
}

impl Lock {
    /// The end of a `SELECT`.
    pub(crate) const fn clause(self, conn: &Conn<'_>) -> &'static str {
        match (conn, self) {
            (Conn::Sqlite(_), _) | (_, Self::None) => "",
            (Conn::Postgres(_), Self::Shared) => " FOR SHARE",
            (Conn::Postgres(_), Self::Exclusive) => " FOR UPDATE",
        }
    }
}

/// A caller's reach as three values to compare tenants with: `($1 = TRUE OR id = $2 OR partner = $3)`.
pub(crate) struct ReachColumns<'a> {
    pub(crate) everything: bool,
    pub(crate) tenant: Option<Uuid>,
    pub(crate) partner: Option<&'a str>,
}

impl<'a> ReachColumns<'a> {
    pub(crate) fn of(reach: &'a Reach) -> Self {
        let (everything, tenant, partner) = match reach {
            Reach::Everything => (true, None, None),
            Reach::Tenant(id) => (false, Some(id.0), None),
            Reach::Partner(partner) => (false, None, Some(partner.as_str())),
            Reach::Nothing => (false, None, None),
        };
        Self { everything, tenant, partner }
    }
}
