//! Servers that are reached through others.

use super::failure::unusable;
use super::origin::{self, NoPort};
use crate::client::TransportError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::uri::Authority;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

/// Which proxy is for which server.
#[derive(Clone, Debug, Default)]
pub(in crate::client) struct Proxies {
    /// Nothing if nobody has said anything about proxies.
    chosen: Option<Chosen>,
    /// The same for exceptions.
    exceptions: Option<Vec<Exception>>,
}

#[derive(Clone, Debug)]
struct Chosen {
    /// For servers with HTTPS.
    https: Option<Choice>,
    /// For servers with HTTP.
    http: Option<Choice>,
    /// Whether addresses that only this machine can mean are exceptions too.
    local_is_exception: bool,
}

/// A proxy, or why it cannot be used: that is an error where it would be.
type Choice = Result<Arc<Proxy>, Arc<str>>;

impl Proxies {
    pub(super) fn set(&mut self, proxy: Proxy) {
        let proxy = Arc::new(proxy);
        let (https, http) = (Some(Ok(Arc::clone(&proxy))), Some(Ok(proxy)));
        self.chosen = Some(Chosen { https, http, local_is_exception: false });
    }

    pub(super) fn set_exceptions(&mut self, hosts: &str) {
        let hosts = hosts.split(',').map(str::trim).filter(|host| !host.is_empty());
        self.exceptions = Some(hosts.map(Exception::parse).collect());
    }

    /// From variables that `get` reads.
    pub(super) fn from_env(get: impl Fn(&str) -> Option<String>) -> Self {
        // One that is empty counts as absent, and leaves the word to the next.
        let get = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        let first = |names: &[&str]| -> Option<Choice> {
            let (name, url) = names.iter().find_map(|name| Some((name, get(name)?)))?;
            Some(Proxy::parse(url.trim(), name).map(Arc::new).map_err(Arc::from))
        };
        let chosen = Chosen {
            https: first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            // In a CGI program HTTP_PROXY is a header of the request (CVE-2016-5385).
            http: match get("REQUEST_METHOD") {
                None => first(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
                Some(_) => first(&["http_proxy", "all_proxy", "ALL_PROXY"]),
            },
            local_is_exception: true,
        };
        let mut proxies = Self { chosen: Some(chosen), ..Self::default() };
        proxies.set_exceptions(&get("no_proxy").or_else(|| get("NO_PROXY")).unwrap_or_default());
        proxies
    }

    /// These, and what `other` says in their place.
    pub(super) fn adjusted_by(self, other: Self) -> Self {
        Self { chosen: other.chosen.or(self.chosen), exceptions: other.exceptions.or(self.exceptions) }
    }

    /// The proxy for a server, if it is reached through one.
    ///
    /// # Errors
    /// When that proxy cannot be used.
    pub(in crate::client) fn get(
        &self,
        https: bool,
        host: &str,
        port: u16,
    ) -> Result<Option<Arc<Proxy>>, TransportError> {
        let Some(chosen) = &self.chosen else { return Ok(None) };
        let Some(proxy) = (if https { &chosen.https } else { &chosen.http }) else { return Ok(None) };
        let host = bare(host);
        let exempt = (chosen.local_is_exception && is_local(host))
            || self.exceptions.iter().flatten().any(|exception| exception.matches(host, port));
        match proxy {
            _ if exempt => Ok(None),
            Ok(proxy) => Ok(Some(Arc::clone(proxy))),
            Err(problem) => Err(unusable(&**problem)),
        }
    }
}

/// One server that passes requests on. `Debug` does not show who we are to it.
#[derive(PartialEq, Eq)]
pub(in crate::client) struct Proxy {
    /// Without brackets.
    pub(in crate::client) host: String,
    pub(in crate::client) port: u16,
    /// The value of Proxy-Authorization.
    pub(in crate::client) authorization: Option<HeaderValue>,
}

impl Proxy {
    /// Reads a URL that comes from `place`.
    ///
    /// # Errors
    /// When it is no such URL: says so without repeating any of it, for each part may be one of a password.
    pub(super) fn parse(url: &str, place: &str) -> Result<Self, String> {
        let unusable = |problem: &str| {
            format!("{place} is to be of the form `http://host:port`, perhaps with `user:password@`: {problem}")
        };
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        if !scheme.eq_ignore_ascii_case("http") {
            return Err(unusable(match scheme.to_ascii_lowercase().as_str() {
                "https" => "proxies that are reached over TLS (`https://`) are not supported",
                "socks4" | "socks4a" | "socks5" | "socks5h" => "SOCKS proxies are not supported",
                _ => "its scheme is another",
            }));
        }
        // Read as what they are in a URL, they would make the user name the host.
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains(['/', '?', '#', '\\']) {
            return Err(unusable(
                "it has more than a host and a port; in user and password, `/` is written `%2F`, `?` `%3F`, `#` `%23`",
            ));
        }
        let (user, host) = match authority.rsplit_once('@') {
            None => (None, authority),
            Some((user, host)) => (Some(user), host),
        };
        let authority: Authority = host.parse().map_err(|_| unusable("its host cannot be one"))?;
        if authority.host().is_empty() {
            return Err(unusable("it has no host"));
        }
        let port = origin::port(&authority).map_err(|NoPort| unusable("its port is no number from 1 to 65535"))?;
        let authorization = match user {
            None => None,
            Some(user) => Some(basic(user).ok_or_else(|| unusable("user or password are encoded wrongly"))?),
        };
        Ok(Self { host: bare(authority.host()).to_owned(), port: port.unwrap_or(80), authorization })
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
        match self.host.contains(':') {
            true => write!(f, "http://{user}[{}]:{}", self.host, self.port),
            false => write!(f, "http://{user}{}:{}", self.host, self.port),
        }
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

/// Whether `host` is on this machine or on its link, as the metadata services of instances and containers are.
fn is_local(host: &str) -> bool {
    match host.parse().map(|address: IpAddr| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => {
            // AWS has these for each instance: metadata is at fd00:ec2::254, pod identity at fd00:ec2::23.
            let of_the_instance = address.segments().starts_with(&[0xfd00, 0x0ec2]);
            address.is_loopback() || address.is_unicast_link_local() || of_the_instance
        }
        Err(_) => {
            let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
            host == "localhost" || host.ends_with(".localhost")
        }
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

    fn from_env(variables: &[(&str, &str)]) -> Proxies {
        Proxies::from_env(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn shown(proxies: &Proxies, https: bool, host: &str) -> Option<String> {
        proxies.get(https, host, if https { 443 } else { 80 }).unwrap().map(|proxy| proxy.to_string())
    }

    #[test]
    fn the_environment_names_a_proxy_for_each_scheme() {
        let proxies = from_env(&[("HTTPS_PROXY", "http://one:8080"), ("http_proxy", "two")]);
        assert_eq!(shown(&proxies, true, "a.example").as_deref(), Some("http://one:8080"));
        assert_eq!(shown(&proxies, false, "a.example").as_deref(), Some("http://two:80"));

        let proxies = from_env(&[("ALL_PROXY", "http://one/"), ("HTTPS_PROXY", ""), ("https_proxy", " ")]);
        assert_eq!(shown(&proxies, true, "a.example").as_deref(), Some("http://one:80"));

        assert!(shown(&from_env(&[]), true, "a.example").is_none());
    }

    #[test]
    fn a_header_of_a_cgi_request_is_no_proxy() {
        let proxies = from_env(&[("HTTP_PROXY", "http://evil"), ("REQUEST_METHOD", "GET")]);
        assert!(shown(&proxies, false, "a.example").is_none());
    }

    #[test]
    fn exceptions_are_reached_directly() {
        let list = " .example.com, exact.org:8443 ,*.star.net,10.1.0.0/16,fd00::/16,192.0.2.1,[2001:db8::1]";
        let proxies = from_env(&[("HTTPS_PROXY", "http://one"), ("NO_PROXY", list)]);
        let direct = |host: &str, port| proxies.get(true, host, port).unwrap().is_none();
        for host in
            ["example.com", "a.EXAMPLE.com", "b.star.net", "10.1.255.1", "[fd00::1]", "192.0.2.1", "[2001:db8::1]"]
        {
            assert!(direct(host, 443), "{host}");
        }
        for host in ["example.org", "badexample.com", "exact.org", "10.2.0.1", "[fe00::1]", "192.0.2.10", "com"] {
            assert!(!direct(host, 443), "{host}");
        }
        assert!(direct("exact.org", 8443));

        let all = from_env(&[("HTTPS_PROXY", "http://one"), ("no_proxy", "*")]);
        assert!(shown(&all, true, "a.example").is_none());
        let zero_bits = from_env(&[("HTTPS_PROXY", "http://one"), ("no_proxy", "0.0.0.0/0")]);
        assert!(shown(&zero_bits, true, "198.51.100.7").is_none());
        let empty = from_env(&[("HTTPS_PROXY", "http://one"), ("no_proxy", ""), ("NO_PROXY", "a.example")]);
        assert!(shown(&empty, true, "a.example").is_none(), "an empty variable does not hide the other");
    }

    #[test]
    fn local_addresses_are_exceptions_to_what_the_environment_says() {
        let mut proxies = from_env(&[("ALL_PROXY", "http://one")]);
        let local = [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "127.0.0.1",
            "[::1]",
            "169.254.169.254",
            "169.254.170.23",
            "[fd00:ec2::254]",
            "[fd00:ec2::23]",
            "[fe80::1]",
            "[::ffff:169.254.169.254]",
        ];
        for host in local {
            assert!(shown(&proxies, false, host).is_none(), "{host}");
        }
        for host in ["[fd00:ec3::1]", "[fd01::1]", "10.0.0.1", "localhost.example"] {
            assert!(shown(&proxies, false, host).is_some(), "{host}");
        }
        proxies.set(Proxy::parse("http://two", "here").unwrap());
        for host in local {
            assert!(shown(&proxies, false, host).is_some(), "a proxy by hand is for all: {host}");
        }
    }

    #[test]
    fn adjusting_keeps_what_is_not_said() {
        let environment = || from_env(&[("ALL_PROXY", "http://one"), ("NO_PROXY", "a.example")]);
        let said = |proxies: &Proxies| ["a.example", "b.example"].map(|host| shown(proxies, true, host));
        let one = || Some("http://one:80".to_owned());
        assert_eq!(said(&environment().adjusted_by(Proxies::default())), [None, one()]);

        let mut other = Proxies::default();
        other.set_exceptions("b.example");
        assert_eq!(said(&environment().adjusted_by(other.clone())), [one(), None]);
        other.set(Proxy::parse("http://two:1", "here").unwrap());
        assert_eq!(said(&environment().adjusted_by(other)), [Some("http://two:1".to_owned()), None]);
    }

    #[test]
    fn a_user_is_decoded_and_never_shown() {
        let proxy = Proxy::parse("http://me:s%3Acret%40@proxy.example:3128", "here").unwrap();
        assert_eq!(proxy.authorization.as_ref().unwrap(), "Basic bWU6czpjcmV0QA==");
        assert_eq!(format!("{proxy:?}"), "http://(redacted)@proxy.example:3128");
        assert_eq!(Proxy::parse("me:s%3Acret%40@[::1]:1/", "here").unwrap().to_string(), "http://(redacted)@[::1]:1");
        let proxies = from_env(&[("https_proxy", "http://me:s3cret@proxy.example:3128")]);
        assert!(!format!("{proxies:?}").contains("s3cret"));
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_repeating_it() {
        for (url, problem) in [
            ("socks5://me:s3cret@host", "SOCKS"),
            ("socks5h://s3cret:1", "SOCKS"),
            ("https://me:s3cret@host", "over TLS"),
            ("ftp://me:s3cret@host", "scheme"),
            ("http://me:s3cret%4@host", "encoded"),
            ("http://s3cret host", "cannot be one"),
            ("http://me:s3cret#4@host:3128", "`#` `%23`"),
            ("http://me:1/s3cret@host:3128", "`/` is written `%2F`"),
            ("me:1?s3cret@host:3128", "`?` `%3F`"),
            ("http://host:3128/s3cret", "more than a host"),
            ("http://s3cret:99999", "port"),
            ("http://me:s3cret@host:0", "port"),
            ("http://me:s3cret@host:", "port"),
            ("http://me:s3cret@", "host"),
            ("http://", "host"),
        ] {
            let proxies = from_env(&[("HTTPS_PROXY", url), ("NO_PROXY", "direct.example")]);
            assert!(!format!("{proxies:?}").contains("s3cret"), "{proxies:?}");
            // Where it is not used it does no harm.
            assert!(proxies.get(false, "a.example", 80).unwrap().is_none());
            assert!(proxies.get(true, "direct.example", 443).unwrap().is_none());
            let error = proxies.get(true, "a.example", 443).unwrap_err().to_string();
            for word in ["HTTPS_PROXY", "http://host:port", problem] {
                assert!(error.contains(word), "{url}: {error}");
            }
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
