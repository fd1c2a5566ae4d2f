//! Who gets in: the set-up link, signing in, sessions, tokens, administrators, and where requests come from.

mod administrators;
mod cookies;
mod origin;
mod sessions;
mod set_up;
mod sign_in;
mod tokens;
