//! What is known about the machine that calls: its address, told by the outermost layer (which knows
//! the proxies), and what its program calls itself. Neither proves anything; both are for throttles
//! and for people who look at their own sessions.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::Extensions;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;

/// Characters of a user agent that are kept.
const AGENT_MAX: usize = 200;

/// The caller's address as the outermost layer found it; put into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

/// The request's id, put into the extensions by the outermost layer.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl RequestId {
    /// The id of a request; empty before the outermost layer gave it one.
    pub fn of(parts: &Parts) -> String {
        parts.extensions.get::<Self>().map(|id| id.0.clone()).unwrap_or_default()
    }
}

/// The machine that calls.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its address.
    pub ip: IpAddr,
    /// What its program calls itself, cut to 200 characters.
    pub agent: String,
}

impl Client {
    /// What the request says about the machine it came from.
    pub fn of(parts: &Parts) -> Self {
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            ip: ip_of(&parts.extensions),
            agent: agent.chars().filter(|character| !character.is_control()).take(AGENT_MAX).collect(),
        }
    }

    /// The address a budget is kept for: an IPv6 network is one neighbour, not 2⁶⁴ (RL-1).
    pub fn network(&self) -> IpAddr {
        network_of(self.ip)
    }
}

/// The address a request came from; the unspecified one when nobody noted it.
pub fn ip_of(extensions: &Extensions) -> IpAddr {
    let told = extensions.get::<ClientIp>().map(|client| client.0);
    let connected = || extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    told.or_else(connected).unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED))
}

/// The whole IPv4 address, or the /64 of an IPv6 one.
pub fn network_of(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(four) => IpAddr::V4(four),
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() >> 64 << 64)),
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_share_a_budget() {
        let network = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
        assert_ne!(network("192.0.2.7"), network("192.0.2.8"));
    }
}
