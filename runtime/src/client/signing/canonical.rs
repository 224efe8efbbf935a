//! The canonical request: one spelling of a request, whatever proxies do to it.

use super::{HOST, SigningError, UNSIGNED, host};
use bytes::Bytes;
use http::Request;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// A request, looked at in canonical order.
pub(super) struct Canonical<'a> {
    request: &'a Request<Bytes>,
    /// Names in order; of those that repeat, the values in the order in which they came.
    headers: Vec<(&'a str, &'a [u8])>,
}

impl<'a> Canonical<'a> {
    pub(super) fn new(request: &'a Request<Bytes>) -> Result<Self, SigningError> {
        let mut headers: Vec<(&str, &[u8])> = Vec::with_capacity(request.headers().len() + 1);
        if !request.headers().contains_key(HOST) {
            let host = host(request.uri()).ok_or(SigningError::NoHost)?;
            headers.push((HOST.as_str(), host.as_bytes()));
        }
        // They are few: each is put in its place as it comes.
        for (name, value) in request.headers().iter().filter(|(name, _)| !UNSIGNED.contains(&name.as_str())) {
            let place = headers.partition_point(|(before, _)| *before <= name.as_str());
            headers.insert(place, (name.as_str(), value.as_bytes()));
        }
        Ok(Self { request, headers })
    }

    /// Names of the headers, each once.
    pub(super) fn signed_headers(&self) -> impl Iterator<Item = &'a str> {
        self.headers.chunk_by(|a, b| a.0 == b.0).filter_map(|same| Some(same.first()?.0))
    }

    /// SHA-256 of the canonical request, whose body has the hash `body`.
    pub(super) fn digest(&self, body: &[u8; 64], plain_path: bool) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.request.method().as_str());
        hash.update("\n");
        let path = self.request.uri().path();
        if plain_path {
            hash.update(path)
        } else {
            update_path(&mut hash, path)
        }
        hash.update("\n");
        update_query(&mut hash, self.request.uri().query().unwrap_or_default());
        hash.update("\n");
        for same in self.headers.chunk_by(|a, b| a.0 == b.0) {
            for (index, (name, value)) in same.iter().enumerate() {
                hash.update(if index == 0 { name } else { "," });
                hash.update(if index == 0 { ":" } else { "" });
                update_value(&mut hash, value);
            }
            hash.update("\n");
        }
        for (index, name) in self.signed_headers().enumerate() {
            hash.update(if index == 0 { "\n" } else { ";" });
            hash.update(name);
        }
        hash.update("\n");
        hash.update(body);
        hash.finalize().into()
    }
}

/// A header's value without spaces around it and with one at most within.
fn update_value(hash: &mut Sha256, value: &[u8]) {
    let mut first = true;
    for word in value.split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        if !first {
            hash.update(" ");
        }
        hash.update(word);
        first = false;
    }
}

/// The path as it is sent, without dot segments and empty ones, encoded once more.
fn update_path(hash: &mut Sha256, path: &str) {
    if !path.contains("//") && !path.contains("/.") {
        return hash.update(&*encode(if path.is_empty() { "/" } else { path }.as_bytes(), b"/"));
    }
    let mut segments = Vec::new();
    let mut ends_in_slash = false;
    for segment in path.split('/') {
        ends_in_slash = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    if segments.is_empty() {
        return hash.update("/");
    }
    for segment in segments {
        hash.update("/");
        hash.update(&*encode(segment.as_bytes(), b""));
    }
    if ends_in_slash {
        hash.update("/");
    }
}

/// Parameters by name, then value, each encoded in the one way.
fn update_query(hash: &mut Sha256, query: &str) {
    let mut parameters: Vec<_> = query
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            [name, value].map(|part| encode(&decode(part), b"").into_owned())
        })
        .collect();
    parameters.sort_unstable();
    for (index, [name, value]) in parameters.iter().enumerate() {
        hash.update(if index == 0 { "" } else { "&" });
        hash.update(name);
        hash.update("=");
        hash.update(value);
    }
}

fn decode(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'+', _) => decoded.push(b' '),
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                decoded.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            _ => decoded.push(*byte),
        }
    }
    decoded
}

/// The value of a hexadecimal digit.
fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 0x20) - b'a' + 10,
    }
}

/// Percent-encodes all but unreserved characters and those of `also`.
fn encode<'a>(text: &'a [u8], also: &[u8]) -> Cow<'a, [u8]> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte) || also.contains(byte);
    if text.iter().all(plain) {
        return Cow::Borrowed(text);
    }
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = Vec::with_capacity(text.len() + 16);
    for byte in text {
        if plain(byte) {
            encoded.push(*byte);
        } else {
            encoded.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
    }
    Cow::Owned(encoded)
}
