//! Whose address a request came from, where proxies stand in front (API-11). What a proxy says of its caller
//! counts when the proxy is one of ours; what anybody else says is not even read.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The header in which each proxy adds the address it was called from.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// Addresses of a chain that are looked at.
const HOPS_MAX: usize = 16;

/// The networks of our own proxies.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Proxies in these networks.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Who called, when `peer` is who connected: the peer, or, of a chain of our proxies, the address that the
    /// first of them was called from. For throttles, keys, logs and the audit trail. A chain that cannot be read
    /// ends where it was last good.
    pub fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let values = headers.get_all(FORWARDED_FOR).iter().map(|value| value.as_bytes());
        let hops: Vec<&[u8]> = values.flat_map(|value| value.split(|byte| *byte == b',')).collect();
        let mut caller = peer;
        for hop in hops.into_iter().rev().take(HOPS_MAX) {
            if !self.are(caller) {
                break;
            }
            let hop = std::str::from_utf8(hop).ok().and_then(|hop| hop.trim().parse::<IpAddr>().ok());
            let Some(address) = hop else { break };
            caller = address.to_canonical();
        }
        caller
    }

    fn are(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn caller(peer: &str, chains: &[&str]) -> String {
        let proxies = Proxies::new(vec!["10.0.0.0/24".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        for chain in chains {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(chain.as_bytes()).unwrap());
        }
        proxies.caller(peer.parse().unwrap(), &headers).to_string()
    }

    /// API-11.
    #[test]
    fn what_is_forwarded_counts_from_our_proxies_only() {
        assert_eq!(caller("203.0.113.9", &["198.51.100.1"]), "203.0.113.9", "a stranger says whatever they like");
        assert_eq!(caller("10.0.0.2", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(caller("::ffff:10.0.0.2", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(caller("10.0.0.2", &["1.2.3.4, 198.51.100.1"]), "198.51.100.1", "what the caller wrote before");
        assert_eq!(caller("10.0.0.2", &["1.2.3.4, 198.51.100.1, fd00::7"]), "198.51.100.1", "two of ours");
        assert_eq!(caller("10.0.0.2", &["1.2.3.4", "198.51.100.1"]), "198.51.100.1", "two headers are one chain");
        assert_eq!(caller("10.0.0.2", &["198.51.100.1, unknown"]), "10.0.0.2");
        assert_eq!(caller("10.0.0.2", &["\u{e9}, 198.51.100.1"]), "198.51.100.1", "what nobody can read, before ours");
        assert_eq!(caller("10.0.0.2", &["198.51.100.1, \u{e9}"]), "10.0.0.2");
        assert_eq!(caller("10.0.0.2", &["::ffff:198.51.100.1"]), "198.51.100.1", "one address, one writing");
        assert_eq!(caller("10.0.0.2", &[]), "10.0.0.2");
        assert_eq!(caller("10.0.0.2", &["10.0.0.3"]), "10.0.0.3");
    }
}
