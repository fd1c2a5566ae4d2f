//! Users: the list, and one of them.

mod detail;
mod facts;
mod links;
mod list;
mod sessions;
mod sign_ins;
mod status;
mod words;

pub use detail::UserPage;
pub use list::UserList;
