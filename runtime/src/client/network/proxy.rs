//! Servers that are reached through others.

use super::failure::unusable;
use crate::client::TransportError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Uri};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

/// Which proxy is for which server.
#[derive(Clone, Debug, Default)]
pub(in crate::client) struct Proxies {
    /// For servers with HTTPS.
    pub(in crate::client) https: Option<Arc<Proxy>>,
    /// For servers with HTTP.
    pub(in crate::client) http: Option<Arc<Proxy>>,
    exceptions: Vec<Exception>,
    /// Whether addresses that only this machine can mean are exceptions too.
    local_is_exception: bool,
}

impl Proxies {
    pub(super) fn set(&mut self, proxy: Proxy) {
        let proxy = Arc::new(proxy);
        self.https = Some(Arc::clone(&proxy));
        self.http = Some(proxy);
        self.local_is_exception = false;
    }

    pub(super) fn set_exceptions(&mut self, hosts: &str) {
        self.exceptions =
            hosts.split(',').map(str::trim).filter(|host| !host.is_empty()).map(Exception::parse).collect();
    }

    /// From variables that `get` reads.
    pub(super) fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, TransportError> {
        let first = |names: &[&str]| -> Result<Option<Arc<Proxy>>, TransportError> {
            let found = names.iter().find_map(|name| Some((name, get(name).filter(|value| !value.is_empty())?)));
            found.map(|(name, url)| Proxy::parse(&url, name).map(Arc::new)).transpose()
        };
        let mut proxies = Self {
            https: first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?,
            // In a CGI program HTTP_PROXY is a header of the request (CVE-2016-5385).
            http: match get("REQUEST_METHOD") {
                None => first(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])?,
                Some(_) => first(&["http_proxy", "all_proxy", "ALL_PROXY"])?,
            },
            exceptions: Vec::new(),
            local_is_exception: true,
        };
        proxies.set_exceptions(&get("no_proxy").or_else(|| get("NO_PROXY")).unwrap_or_default());
        Ok(proxies)
    }

    /// The proxy for a server, if it is reached through one.
    pub(in crate::client) fn get(&self, https: bool, host: &str, port: u16) -> Option<&Arc<Proxy>> {
        let proxy = if https { &self.https } else { &self.http }.as_ref()?;
        let host = bare(host);
        let exempt = (self.local_is_exception && is_local(host))
            || self.exceptions.iter().any(|exception| exception.matches(host, port));
        (!exempt).then_some(proxy)
    }
}

/// One server that passes requests on. `Debug` does not show who we are to it.
pub(in crate::client) struct Proxy {
    /// As given: with the password.
    #[cfg_attr(not(feature = "blocking"), allow(dead_code))]
    pub(in crate::client) url: String,
    /// Without brackets.
    pub(in crate::client) host: String,
    pub(in crate::client) port: u16,
    /// The value of Proxy-Authorization.
    pub(in crate::client) authorization: Option<HeaderValue>,
}

impl Proxy {
    /// Reads a URL that comes from `place`. Errors do not repeat it: it may have a password.
    pub(super) fn parse(url: &str, place: &str) -> Result<Self, TransportError> {
        let unusable = |problem: &str| {
            unusable(format!(
                "{place} is to be of the form `http://host:port`, perhaps with `user:password@`: {problem}"
            ))
        };
        let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        let uri: Uri = url.parse().map_err(|_| unusable("it is no URL"))?;
        let authority = uri.authority().ok_or_else(|| unusable("it has no host"))?;
        if uri.scheme_str() != Some("http") {
            return Err(unusable("its scheme is another"));
        }
        let authorization = match authority.as_str().rsplit_once('@') {
            None => None,
            Some((user, _)) => Some(basic(user).ok_or_else(|| unusable("user or password are encoded wrongly"))?),
        };
        let (host, port) = (bare(authority.host()).to_owned(), authority.port_u16().unwrap_or(80));
        Ok(Self { url, host, port, authorization })
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = if self.authorization.is_some() { "(redacted)@" } else { "" };
        write!(f, "http://{user}{}:{}", self.host, self.port)
    }
}

/// Basic authentication (RFC 7617) of `user:password`, percent-encoded.
fn basic(user: &str) -> Option<HeaderValue> {
    let decoded = percent_decode(user)?;
    let separator = if decoded.contains(&b':') { &b""[..] } else { b":" };
    let mut value =
        HeaderValue::try_from(format!("Basic {}", STANDARD.encode([&decoded[..], separator].concat()))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn percent_decode(text: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
            decoded.push(u8::try_from(digit(0)? * 16 + digit(1)?).ok()?);
            rest = &after[2..];
        } else {
            decoded.push(*first);
            rest = after;
        }
    }
    Some(decoded)
}

/// A server, or several, to reach directly.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Exception {
    Any,
    /// A domain with all below it, perhaps only at a port.
    Domain(String, Option<u16>),
    /// Addresses whose first bits are the same.
    Network(IpAddr, u32),
}

impl Exception {
    fn parse(text: &str) -> Self {
        if text == "*" {
            return Self::Any;
        }
        if let Ok(address) = bare(text).parse() {
            return Self::Network(address, 128);
        }
        if let Some((address, bits)) = text.split_once('/')
            && let (Ok(address), Ok(bits)) = (address.parse(), bits.parse())
        {
            return Self::Network(address, bits);
        }
        let (domain, port) = match text.rsplit_once(':') {
            Some((domain, port)) if port.parse::<u16>().is_ok() => (domain, port.parse().ok()),
            _ => (text, None),
        };
        let domain = bare(domain);
        Self::Domain(domain.strip_prefix('*').unwrap_or(domain).trim_start_matches('.').to_ascii_lowercase(), port)
    }

    fn matches(&self, host: &str, port: u16) -> bool {
        match self {
            Self::Any => true,
            Self::Network(network, bits) => host.parse().is_ok_and(|address: IpAddr| match (network, address) {
                (IpAddr::V4(network), IpAddr::V4(address)) => {
                    let shift = 32_u32.saturating_sub(*bits);
                    u32::from(*network).checked_shr(shift) == u32::from(address).checked_shr(shift)
                }
                (IpAddr::V6(network), IpAddr::V6(address)) => {
                    let shift = 128_u32.saturating_sub(*bits);
                    u128::from(*network).checked_shr(shift) == u128::from(address).checked_shr(shift)
                }
                _ => false,
            }),
            Self::Domain(domain, only) => {
                let host = host.to_ascii_lowercase();
                let below = host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
                below && only.is_none_or(|only| only == port)
            }
        }
    }
}

/// Whether `host` is on this machine, or on its link, as the metadata services of EC2 and ECS are.
fn is_local(host: &str) -> bool {
    match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unicast_link_local(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

/// An IPv6 address without the brackets that URIs put around it.
pub(in crate::client) fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn from_env(variables: &[(&str, &str)]) -> Result<Proxies, TransportError> {
        Proxies::from_env(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn shown(proxy: Option<&Arc<Proxy>>) -> Option<String> {
        proxy.map(|proxy| proxy.to_string())
    }

    #[test]
    fn the_environment_names_a_proxy_for_each_scheme() {
        let proxies = from_env(&[("HTTPS_PROXY", "http://one:8080"), ("http_proxy", "two")]).unwrap();
        assert_eq!(shown(proxies.get(true, "a.example", 443)).as_deref(), Some("http://one:8080"));
        assert_eq!(shown(proxies.get(false, "a.example", 80)).as_deref(), Some("http://two:80"));

        let proxies = from_env(&[("ALL_PROXY", "http://one"), ("HTTPS_PROXY", "")]).unwrap();
        assert_eq!(shown(proxies.get(true, "a.example", 443)).as_deref(), Some("http://one:80"));

        assert!(from_env(&[]).unwrap().get(true, "a.example", 443).is_none());
    }

    #[test]
    fn a_header_of_a_cgi_request_is_no_proxy() {
        let proxies = from_env(&[("HTTP_PROXY", "http://evil"), ("REQUEST_METHOD", "GET")]).unwrap();
        assert!(proxies.get(false, "a.example", 80).is_none());
    }

    #[test]
    fn exceptions_are_reached_directly() {
        let list = " .example.com, exact.org:8443 ,*.star.net,10.1.0.0/16,fd00::/8,192.0.2.1,[2001:db8::1]";
        let proxies = from_env(&[("HTTPS_PROXY", "http://one"), ("NO_PROXY", list)]).unwrap();
        let direct = |host: &str, port| proxies.get(true, host, port).is_none();
        for host in [
            "example.com",
            "a.EXAMPLE.com",
            "b.star.net",
            "10.1.255.1",
            "[fd12::1]",
            "192.0.2.1",
            "[2001:db8::1]",
            "localhost",
            "127.0.0.1",
            "[::1]",
            "169.254.169.254",
        ] {
            assert!(direct(host, 443), "{host}");
        }
        for host in ["example.org", "badexample.com", "exact.org", "10.2.0.1", "[fe00::1]", "192.0.2.10", "com"] {
            assert!(!direct(host, 443), "{host}");
        }
        assert!(direct("exact.org", 8443));

        let all = from_env(&[("HTTPS_PROXY", "http://one"), ("no_proxy", "*")]).unwrap();
        assert!(all.get(true, "a.example", 443).is_none());
        let zero_bits = from_env(&[("HTTPS_PROXY", "http://one"), ("no_proxy", "0.0.0.0/0")]).unwrap();
        assert!(zero_bits.get(true, "198.51.100.7", 443).is_none());
    }

    #[test]
    fn a_user_is_decoded_and_never_shown() {
        let proxy = Proxy::parse("http://me:s%3Acret%40@proxy.example:3128", "here").unwrap();
        assert_eq!(proxy.authorization.as_ref().unwrap(), "Basic bWU6czpjcmV0QA==");
        assert_eq!(format!("{proxy:?}"), "http://(redacted)@proxy.example:3128");
        let proxies = from_env(&[("https_proxy", "http://me:s3cret@proxy.example:3128")]).unwrap();
        assert!(!format!("{proxies:?}").contains("s3cret"));
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_repeating_it() {
        for url in
            ["socks5://me:s3cret@host", "https://me:s3cret@host", "http://me:s3cret%4@host", "http://s3cret host"]
        {
            let error = from_env(&[("HTTPS_PROXY", url)]).unwrap_err().to_string();
            assert!(error.contains("HTTPS_PROXY") && error.contains("http://host:port"), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
