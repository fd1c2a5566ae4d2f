//! Users: the list, and one of them.

mod detail;
mod facts;
mod list;
mod status;
mod words;

pub use detail::UserPage;
pub use list::UserList;
