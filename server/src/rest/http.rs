//! What the dialects share and know nothing of each other by.

use std::net::IpAddr;

/// The client's address, as judged by the trusted proxies.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub Option<IpAddr>);
