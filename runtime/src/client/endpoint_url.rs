//! URLs of endpoints that somebody has configured.

use crate::endpoint::WithoutUser;
use http::Uri;
use http::uri::{Authority, Scheme};
use std::fmt;

/// The URL of an endpoint, as it was written. `Debug` shows no password.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct EndpointUrl(pub String);

/// Why a URL cannot be an endpoint's. Messages do not repeat it: it may contain a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unusable(&'static str);

impl EndpointUrl {
    /// The URL, if requests can be sent there as it says: http or https, a host, a port that is one, and nothing that a
    /// request has a place of its own for.
    ///
    /// The scheme comes out in small letters, which endpoint rules expect.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<String, Unusable> {
        let text = self.0.as_str();
        let (scheme, rest) = text.split_once("://").ok_or(Unusable("has no scheme"))?;
        if text.contains(['?', '#']) {
            return Err(Unusable("has a query or a fragment, which requests cannot take over"));
        }
        let uri = text.parse::<Uri>().map_err(|_| Unusable("is no URL"))?;
        if !uri.scheme().is_some_and(|scheme| [Scheme::HTTP, Scheme::HTTPS].contains(scheme)) {
            return Err(Unusable("has a scheme other than http and https"));
        }
        let authority = uri.authority().filter(|authority| !authority.host().is_empty());
        let authority = authority.ok_or(Unusable("has no host"))?;
        if authority.as_str().contains('@') {
            return Err(Unusable("has a user, for which requests have no place"));
        }
        if !is_usable_host(authority.host()) {
            return Err(Unusable("has a host that is no host name and no IP address"));
        }
        if !has_usable_port(authority) {
            return Err(Unusable("has no port behind the colon, which is a number from 1 to 65535"));
        }
        Ok(format!("{}://{rest}", scheme.to_ascii_lowercase()))
    }
}

/// Whether this is an address in brackets, or may be a host name. Those of containers have underscores.
fn is_usable_host(host: &str) -> bool {
    host.starts_with('[') || host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

/// Whether the port is a number from 1 to 65535, or there is none.
fn has_usable_port(authority: &Authority) -> bool {
    match authority.as_str().get(authority.host().len()..) {
        None | Some("") => true,
        Some(port) => authority.port_u16().is_some_and(|number| number > 0) && port.len() > 1,
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected a URL such as http://localhost:4566", self.0)
    }
}

impl fmt::Debug for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        WithoutUser(&self.0).fmt(f)
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn check(url: &str) -> Result<String, Unusable> {
        EndpointUrl(url.to_owned()).check()
    }

    #[test]
    fn urls_that_can_be_endpoints() {
        for url in
            ["http://a", "https://a.b:8443/c/d", "http://[::1]:1/", "http://127.0.0.1:65535", "https://a_1/b%20c"]
        {
            assert_eq!(check(url).as_deref(), Ok(url));
        }
        assert_eq!(check("HTTPS://A.b/C").as_deref(), Ok("https://A.b/C"));
    }

    #[test]
    fn urls_that_cannot() {
        for (url, expected) in [
            ("", "no scheme"),
            ("localhost:4566", "no scheme"),
            ("ftp://a", "scheme other"),
            ("http://", "no URL"),
            ("http://:80", "no host"),
            ("http://a b", "no URL"),
            ("http://a%2fb", "no URL"),
            ("http://a,b", "no host name"),
            ("http://a?x=1", "query"),
            ("http://a/#f", "fragment"),
            ("http://user:S3CRET@a", "a user"),
            ("http://user@a", "a user"),
            ("http://a:", "no port"),
            ("http://a:0", "no port"),
            ("http://127.0.0.1:99999", "no port"),
            ("http://[::1]:99999", "no port"),
            ("http://a:8x", "no"),
        ] {
            let problem = check(url).expect_err(url).to_string();
            assert!(problem.contains(expected), "{url}: {problem}");
            assert!(!problem.contains("S3CRET"));
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let shown = |url: &str| format!("{:?}", EndpointUrl(url.to_owned()));
        assert_eq!(shown("ftp://user:S3CRET@a/b"), "\"ftp://(redacted)@a/b\"");
        assert_eq!(shown("user:S3C@RET@a"), "\"(redacted)@a\"");
        assert_eq!(shown("http://user:S3C/RET#S3CRET@a"), "\"http://(redacted)@a\"");
        assert_eq!(shown("http://a/b"), "\"http://a/b\"");
    }
}
