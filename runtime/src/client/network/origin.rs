//! Where a request goes.

use super::failure::unusable;
use crate::client::TransportError;
use crate::one_line::OneLine;
use http::Uri;
use http::uri::{Authority, Scheme};
use std::fmt;

/// A server: requests to the same may share connections.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::client) struct Origin {
    pub(in crate::client) https: bool,
    pub(in crate::client) port: u16,
    authority: Authority,
}

impl Origin {
    /// The server of `uri`.
    ///
    /// # Errors
    /// When it names none that HTTP has.
    pub(in crate::client) fn of(uri: &Uri) -> Result<Self, TransportError> {
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(unusable("its URI is not absolute"));
        };
        let https = *scheme == Scheme::HTTPS;
        if !https && *scheme != Scheme::HTTP {
            return Err(unusable(format!("its scheme is `{}`, not `https` or `http`", OneLine(scheme.as_str()))));
        }
        if authority.as_str().contains('@') {
            return Err(unusable("its URI has a user, and HTTP no place for it"));
        }
        let port = port(authority).map_err(|NoPort| {
            let shown = OneLine(authority.as_str());
            unusable(format!("`{shown}` in its URI has no port behind the colon, which is a number from 1 to 65535"))
        })?;
        Ok(Self { https, port: port.unwrap_or(if https { 443 } else { 80 }), authority: authority.clone() })
    }

    /// As in the URI: an IPv6 address is in brackets.
    pub(in crate::client) fn host(&self) -> &str {
        self.authority.host()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host(), self.port)
    }
}

/// There is a colon behind a host, and no port behind the colon.
pub(super) struct NoPort;

/// The port of `authority`, if it names one. `Authority::port_u16` does not tell one that is wrong from one that is not
/// there, whose place another then takes.
pub(super) fn port(authority: &Authority) -> Result<Option<u16>, NoPort> {
    let host = authority.as_str().rsplit_once('@').map_or(authority.as_str(), |(_, host)| host);
    let Some(port) = host.get(authority.host().len()..).filter(|rest| !rest.is_empty()) else { return Ok(None) };
    let digits = port.strip_prefix(':').filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|digits| digits.parse().ok()) {
        None | Some(0) => Err(NoPort),
        port => Ok(port),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_or_not_there() {
        let port = |uri: &str| Origin::of(&uri.parse().unwrap()).map(|origin| origin.port);
        for (uri, expected) in [
            ("http://a", 80),
            ("https://a", 443),
            ("https://[::1]/x", 443),
            ("http://a:1", 1),
            ("http://127.0.0.1:65535/", 65535),
            ("https://[fe80::1]:8443", 8443),
            ("http://a:0080", 80),
        ] {
            assert_eq!(port(uri).unwrap(), expected, "{uri}");
        }
        for uri in ["http://a:", "http://a:0", "http://a:65536", "http://127.0.0.1:99999/x", "https://[::1]:99999"] {
            let error = port(uri).unwrap_err().to_string();
            assert!(error.contains("from 1 to 65535"), "{error}");
        }
    }
}
