//! State that outlives a page: session, theme, toasts; and helpers for state in the URL.

pub mod go;
pub mod load;
pub mod query;
pub mod session;
pub mod submit;
pub mod theme;
pub mod toasts;
pub mod view_scope;

pub use go::{Go, use_go};
pub use load::{Load, use_load};
pub use query::{Query, use_query};
pub use session::Session;
pub use submit::{Submit, use_lookup, use_submit};
pub use theme::{Theme, ThemeState};
pub use toasts::{Toast, Toasts};
pub use view_scope::ViewScope;
