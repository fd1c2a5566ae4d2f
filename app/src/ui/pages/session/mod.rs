//! Signing in, and creating the first administrator.

mod password;
mod set_up;
mod sign_in;

pub use password::{NewPassword, PasswordForm};
pub use set_up::SetUp;
pub use sign_in::SignIn;
