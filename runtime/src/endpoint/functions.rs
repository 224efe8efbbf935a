//! The library functions of the rules engine, called by generated rules.
//!
//! Absent values are the caller's business: a function that the specification
//! gives an optional result returns an `Option`, and none takes one.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The parts of an Amazon Resource Name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arn<'a> {
    /// Partition, such as `aws`.
    pub partition: &'a str,
    /// Service namespace, such as `s3`.
    pub service: &'a str,
    /// Region; may be empty.
    pub region: &'a str,
    /// Account; may be empty.
    pub account_id: &'a str,
    /// The resource, split at `:` and `/`.
    pub resource_id: Vec<&'a str>,
}

/// `aws.parseArn`: partition, service and resource must not be empty.
pub fn parse_arn(text: &str) -> Option<Arn<'_>> {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next();
    let (prefix, partition, service, region, account_id, resource) =
        (next()?, next()?, next()?, next()?, next()?, next()?);
    if prefix != "arn" || partition.is_empty() || service.is_empty() || resource.is_empty() {
        return None;
    }
    Some(Arn { partition, service, region, account_id, resource_id: resource.split([':', '/']).collect() })
}

/// The parts of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Url<'a> {
    /// `http` or `https`, also where the URL has it in capitals: schemes have no case (RFC 3986, section 3.1).
    pub scheme: &'a str,
    /// Host, and port where the URL has one. (The specification's text says that a default port is left out, but its table
    /// of examples has one.)
    pub authority: &'a str,
    /// Path as it stands; empty where there is none. (The specification's table
    /// of examples has `/` there, but its text says unmodified, and the
    /// published endpoint tests of S3 need that.)
    pub path: &'a str,
    /// Path with a slash at both ends.
    pub normalized_path: String,
    /// Whether the host is an IP address, of either version.
    pub is_ip: bool,
}

/// `parseURL`: only `http` and `https`, and no query, not even an empty one. A fragment is no part of what is found; to refuse
/// it would send rules on to an endpoint that nobody named.
///
/// Specification: Smithy 2.0, "Rules engine standard library functions"; what it leaves open is RFC 3986's.
pub fn parse_url(text: &str) -> Option<Url<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = ["http", "https"].into_iter().find(|known| known.eq_ignore_ascii_case(scheme))?;
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    if rest.contains('?') || !is_of_uri(rest) || !is_of_uri(fragment) {
        return None;
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    // A second `@` would leave it open what the host is.
    let authority = authority.split_once('@').map_or(authority, |(_user, host)| host);
    let (host, is_ip) = host(authority)?;
    let is_digits = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_port = |port: &str| is_digits(port) && port.parse::<u16>().is_ok();
    let port = &authority[host.len()..];
    if host.is_empty() || !(port.is_empty() || port.strip_prefix(':').is_some_and(is_port)) {
        return None;
    }
    let slash_before = if path.starts_with('/') { "" } else { "/" };
    let slash_after = if path.ends_with('/') || path.is_empty() { "" } else { "/" };
    Some(Url { scheme, authority, path, normalized_path: format!("{slash_before}{path}{slash_after}"), is_ip })
}

/// The host of an authority, and whether it is an IP address.
fn host(authority: &str) -> Option<(&str, bool)> {
    if authority.starts_with('[') {
        let end = authority.find(']')?;
        let address = &authority[1..end];
        // A zone, `%25eth0`, is not part of the address.
        let address = address.split_once('%').map_or(address, |(address, _zone)| address);
        address.parse::<Ipv6Addr>().ok()?;
        return Some((&authority[..=end], true));
    }
    let host = authority.split_once(':').map_or(authority, |(host, _port)| host);
    if host.contains(['[', ']', '@']) {
        return None;
    }
    Some((host, host.parse::<Ipv4Addr>().is_ok()))
}

/// Whether RFC 3986 lets this stand in a URI, which has one `#` at most.
fn is_of_uri(text: &str) -> bool {
    let is_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte);
    let is_escape = |after: &str| after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    text.bytes().all(is_byte) && text.split('%').skip(1).all(is_escape)
}

/// `isValidHostLabel`: RFC 1123 says 1 to 63 letters, digits and hyphens, no
/// hyphen at either end. With `allow_subdomains`, labels joined by dots.
pub fn is_valid_host_label(text: &str, allow_subdomains: bool) -> bool {
    if allow_subdomains {
        return text.split('.').all(|label| is_valid_host_label(label, false));
    }
    (1..=63).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// `aws.isVirtualHostableS3Bucket`: a host label, or with `allow_subdomains`
/// labels joined by dots, that is a bucket name: 3 to 63 characters, no capital
/// letters, not like an IPv4 address.
pub fn is_virtual_hostable_s3_bucket(text: &str, allow_subdomains: bool) -> bool {
    (3..=63).contains(&text.len())
        && !text.bytes().any(|byte| byte.is_ascii_uppercase())
        && !is_like_ipv4(text)
        && is_valid_host_label(text, allow_subdomains)
}

/// Four numbers joined by dots, in range or not.
fn is_like_ipv4(text: &str) -> bool {
    let mut parts = 0;
    let numeric = text.split('.').all(|part| {
        parts += 1;
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    numeric && parts == 4
}

/// `substring`: the characters from `start` up to and without `stop`, counted
/// from the end where `reverse`. `None` for text that is too short or not ASCII.
pub fn substring(text: &str, start: usize, stop: usize, reverse: bool) -> Option<&str> {
    if start >= stop || stop > text.len() || !text.is_ascii() {
        return None;
    }
    let range = if reverse { text.len() - stop..text.len() - start } else { start..stop };
    text.get(range)
}

/// `uriEncode`: percent-encodes all that RFC 3986 does not call unreserved.
pub fn uri_encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 0xF)]));
        }
    }
    encoded
}

/// `split`: the pieces of `text` between `delimiter`s, at most `limit` unless
/// that is 0.
pub fn split<'a>(text: &'a str, delimiter: &str, limit: usize) -> Vec<&'a str> {
    match limit {
        0 => text.split(delimiter).collect(),
        limit => text.splitn(limit, delimiter).collect(),
    }
}

/// `getAttr` with an index: an element, from the end where `index` is negative.
pub fn element<T: AsRef<str>>(list: &[T], index: isize) -> Option<&str> {
    let position = if index < 0 { list.len().checked_sub(index.unsigned_abs())? } else { index.unsigned_abs() };
    list.get(position).map(T::as_ref)
}
