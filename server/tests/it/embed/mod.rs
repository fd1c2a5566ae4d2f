//! Vestibule as a library: instances beside each other, the host's own sign-in, nothing that was not asked for.

mod apart;
mod authenticator;
mod code;
mod ending;
mod example;
mod guide;
mod instances;
