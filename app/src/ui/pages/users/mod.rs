//! Users: the list, and one of them.

mod detail;
mod list;
mod status;

pub use detail::UserPage;
pub use list::UserList;
