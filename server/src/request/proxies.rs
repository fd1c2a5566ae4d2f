//! The proxies whose `X-Forwarded-For` is trusted, and the client's address that follows from it.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

use crate::invalid_entry::InvalidEntry;

/// The proxies in front, by address.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses and CIDR ranges.
    ///
    /// # Errors
    /// The first entry that is neither.
    pub fn parse(entries: &[String]) -> Result<Self, InvalidEntry> {
        let read = |entry: &String| {
            let address = entry.parse::<IpAddr>().map(IpNet::from);
            address.or_else(|_| entry.parse::<IpNet>()).map_err(|_| {
                let expected = "is neither an address nor a CIDR range, such as 10.0.0.1 or 10.0.0.0/8";
                InvalidEntry::new(format!("{entry:?} {expected}"))
            })
        };
        entries.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(&address.to_canonical()))
    }

    /// The client's address: the last entry of X-Forwarded-For that no trusted proxy wrote for itself. Without a
    /// trusted proxy the header is ignored, since any client can send one. Parsed here: the crate `headers` has no type for it.
    pub(crate) fn client_address(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let mut address = peer?.ip().to_canonical();
        let values = headers.get_all("x-forwarded-for");
        let entries: Vec<&str> =
            values.iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).collect();
        for entry in entries.into_iter().rev() {
            if !self.trusts(address) {
                break;
            }
            match parse_entry(entry.trim()) {
                Some(next) => address = next,
                None => break,
            }
        }
        Some(address)
    }
}

/// Some proxies add the port.
fn parse_entry(entry: &str) -> Option<IpAddr> {
    let address = entry.parse().or_else(|_| entry.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn client(trusted: &[&str], peer: &str, forwarded: &str) -> String {
        let proxies = TrustedProxies::parse(&trusted.iter().map(|&t| t.to_owned()).collect::<Vec<_>>()).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        proxies.client_address(Some(peer.parse().unwrap()), &headers).unwrap().to_string()
    }

    #[test]
    fn without_a_trusted_proxy_the_header_counts_nothing() {
        assert_eq!(client(&[], "198.51.100.7:1", "10.9.9.9"), "198.51.100.7");
    }

    #[test]
    fn behind_a_trusted_proxy_the_last_foreign_entry_counts() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(client(&trusted, "10.0.0.1:1", "6.6.6.6, 198.51.100.7, 10.0.0.2"), "198.51.100.7");
        assert_eq!(client(&trusted, "[::ffff:10.0.0.1]:1", "198.51.100.7:4711"), "198.51.100.7");
        assert_eq!(client(&trusted, "10.0.0.1:1", "nonsense"), "10.0.0.1");
    }
}
