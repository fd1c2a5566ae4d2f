//! The frame around the pages.

mod guard;
mod navigation;
mod plain;
mod shell;
mod user_menu;

pub use guard::Guarded;
pub use plain::PlainPage;
pub use shell::Shell;
pub use user_menu::ThemeSwitch;
