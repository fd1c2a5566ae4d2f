//! Settings: the user's own account, and for platform administrators API tokens and administrators.

mod account;
mod administrators;
mod frame;
mod grant_fields;
mod sessions;
mod tokens;

pub use account::Account;
pub use administrators::Administrators;
pub use frame::Settings;
pub use tokens::Tokens;

/// Rows on a page of tokens or administrators.
const PAGE_SIZE: u32 = 25;
