//! AWS Signature Version 4, in headers.
//!
//! Why no library does this: reqsign's signer takes the time from the machine, where the correction of clock skew has
//! to give it one; aws-sigv4 brings some 25 crates; and either spends more than a whole call may. The cryptography is
//! hmac's and sha2's, what is ours is the order of the text that they are given: it is streamed, never assembled. The
//! tests run the signing test suite that aws-sigv4 ships, and compare with aws-sigv4 itself.
//!
//! Rules: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>. Not offered,
//! because no protocol here needs them: signatures in the query, unsigned or chunked bodies.

mod canonical;

use super::Credentials;
use bytes::Bytes;
use canonical::Canonical;
use hmac::{Hmac, KeyInit, Mac};
use http::header::{AUTHORIZATION, HOST, HeaderName, HeaderValue};
use http::{Request, Uri};
use jiff::tz::Offset;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;
use zeroize::{Zeroize, Zeroizing};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const TERMINATOR: &str = "aws4_request";
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// Headers that proxies and transports set or change. All others are signed.
const UNSIGNED: [&str; 13] = [
    "accept-encoding",
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// The service and region for which a signature is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SigningScope<'a> {
    /// The region, such as `eu-west-1`.
    pub region: &'a str,
    /// The signing name of the service, such as `appstream`.
    pub service: &'a str,
    /// Whether the path is signed as it is sent, and the body's hash is in a header: as S3 has it, whose keys are paths.
    pub plain_paths: bool,
}

impl<'a> SigningScope<'a> {
    /// The scope of a service, by its signing name, in a region.
    pub const fn new(service: &'a str, region: &'a str) -> Self {
        Self { region, service, plain_paths: false }
    }

    /// With paths that are signed as they are sent, and the body's hash in a header.
    pub const fn with_plain_paths(mut self) -> Self {
        self.plain_paths = true;
        self
    }
}

/// Signs `request` for `time`: sets `x-amz-date`, `x-amz-security-token` and `authorization`, in place of those of an
/// earlier attempt.
///
/// All headers there are get signed, except those that are between client and proxy. Without a `host` header the one
/// is signed that [`host`] tells, so a transport has to send that.
///
/// # Errors
/// When the URI names no host, the time has no four-digit year, or credentials or scope do not fit into a header.
pub fn sign(
    request: &mut Request<Bytes>,
    credentials: &Credentials,
    scope: SigningScope<'_>,
    time: SystemTime,
    keys: &SigningKeys,
) -> Result<(), SigningError> {
    let stamp = Stamp::new(time)?;
    set_inputs(request, credentials, &stamp)?;
    let body = hex(&sha256(request.body()));
    if scope.plain_paths {
        let value = HeaderValue::from_bytes(&body).map_err(|_| SigningError::Scope)?;
        request.headers_mut().insert(X_AMZ_CONTENT_SHA256, value);
    }
    let canonical = Canonical::new(request)?;
    let digest = canonical.digest(&body, scope.plain_paths);

    let mut mac = keys.key(&credentials.secret_access_key, scope, stamp.day())?;
    for part in [ALGORITHM, "\n", stamp.text(), "\n"] {
        mac.update(part.as_bytes());
    }
    for part in [stamp.day(), "/", scope.region, "/", scope.service, "/", TERMINATOR, "\n"] {
        mac.update(part.as_bytes());
    }
    mac.update(&hex(&digest));
    let signature = hex(&mac.finalize().into_bytes().into());

    let authorization = authorization(credentials, scope, &stamp, &canonical, &signature)?;
    request.headers_mut().insert(AUTHORIZATION, authorization);
    Ok(())
}

/// The `Host` header of a request to `uri`: the authority, without the port where it is the scheme's.
pub fn host(uri: &Uri) -> Option<&str> {
    let authority = uri.authority()?;
    match (uri.scheme_str(), authority.port_u16()) {
        (Some("https"), Some(443)) | (Some("http"), Some(80)) => Some(authority.host()),
        _ => authority.as_str().rsplit('@').next(),
    }
}

/// Sets the headers that are signed themselves.
fn set_inputs(request: &mut Request<Bytes>, credentials: &Credentials, stamp: &Stamp) -> Result<(), SigningError> {
    let date = HeaderValue::from_str(stamp.text()).map_err(|_| SigningError::Time)?;
    let headers = request.headers_mut();
    headers.insert(X_AMZ_DATE, date);
    match &credentials.session_token {
        Some(token) => {
            let mut value = HeaderValue::from_str(token).map_err(|_| SigningError::SessionToken)?;
            value.set_sensitive(true);
            headers.insert(X_AMZ_SECURITY_TOKEN, value);
        }
        None => {
            headers.remove(X_AMZ_SECURITY_TOKEN);
        }
    }
    Ok(())
}

fn authorization(
    credentials: &Credentials,
    scope: SigningScope<'_>,
    stamp: &Stamp,
    canonical: &Canonical<'_>,
    signature: &[u8; 64],
) -> Result<HeaderValue, SigningError> {
    let credential = [&credentials.access_key_id, "/", stamp.day(), "/", scope.region, "/", scope.service, "/"];
    // Room for all, and exactly that: what has spare room costs a second allocation when it becomes a header.
    let length = ALGORITHM.len()
        + " Credential=".len()
        + credential.iter().map(|part| part.len()).sum::<usize>()
        + TERMINATOR.len()
        + ", SignedHeaders=".len()
        + canonical.signed_headers().map(|name| name.len() + 1).sum::<usize>().saturating_sub(1)
        + ", Signature=".len()
        + signature.len();
    let mut text = Vec::with_capacity(length);
    text.extend_from_slice(ALGORITHM.as_bytes());
    text.extend_from_slice(b" Credential=");
    for part in credential {
        text.extend_from_slice(part.as_bytes());
    }
    text.extend_from_slice(TERMINATOR.as_bytes());
    text.extend_from_slice(b", SignedHeaders=");
    for (index, name) in canonical.signed_headers().enumerate() {
        if index > 0 {
            text.push(b';');
        }
        text.extend_from_slice(name.as_bytes());
    }
    text.extend_from_slice(b", Signature=");
    text.extend_from_slice(signature);

    let mut value = HeaderValue::from_maybe_shared(Bytes::from(text)).map_err(|_| SigningError::Scope)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The signing key that was derived last: it stays the same for a day, and to derive it costs four times as much as
/// to use it.
#[derive(Default)]
pub struct SigningKeys(Mutex<Option<DerivedKey>>);

struct DerivedKey {
    secret: Zeroizing<String>,
    day: [u8; 8],
    region: String,
    service: String,
    mac: Hmac<Sha256>,
}

impl SigningKeys {
    fn key(&self, secret: &str, scope: SigningScope<'_>, day: &str) -> Result<Hmac<Sha256>, SigningError> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*last
            && key.day == day.as_bytes()
            && key.secret.as_str() == secret
            && key.region == scope.region
            && key.service == scope.service
        {
            return Ok(key.mac.clone());
        }
        let mac = derive(secret, scope, day)?;
        *last = Some(DerivedKey {
            secret: secret.to_owned().into(),
            day: day.as_bytes().try_into().map_err(|_| SigningError::Time)?,
            region: scope.region.to_owned(),
            service: scope.service.to_owned(),
            mac: mac.clone(),
        });
        Ok(mac)
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys").finish_non_exhaustive()
    }
}

fn derive(secret: &str, scope: SigningScope<'_>, day: &str) -> Result<Hmac<Sha256>, SigningError> {
    let key = Zeroizing::new([b"AWS4", secret.as_bytes()].concat());
    let mut mac = new_mac(&key)?;
    for part in [day, scope.region, scope.service, TERMINATOR] {
        mac.update(part.as_bytes());
        let mut key = mac.finalize().into_bytes();
        mac = new_mac(&key)?;
        key.as_mut_slice().zeroize();
    }
    Ok(mac)
}

/// HMAC has keys of any length; hmac's interface serves algorithms that have not.
fn new_mac(key: &[u8]) -> Result<Hmac<Sha256>, SigningError> {
    Hmac::new_from_slice(key).map_err(|_| SigningError::Key)
}

/// `20150830T123600Z`.
struct Stamp([u8; 16]);

impl Stamp {
    fn new(time: SystemTime) -> Result<Self, SigningError> {
        let time = jiff::Timestamp::try_from(time).map_err(|_| SigningError::Time)?;
        let time = Offset::UTC.to_datetime(time);
        let year = u16::try_from(time.year()).map_err(|_| SigningError::Time)?;
        let mut text = *b"00000000T000000Z";
        let [century, year] = [year / 100, year % 100].map(|part| part as i8);
        let parts = [century, year, time.month(), time.day()];
        let times = [time.hour(), time.minute(), time.second()];
        for (digits, value) in text[..8].chunks_exact_mut(2).zip(parts) {
            two_digits(digits, value);
        }
        for (digits, value) in text[9..15].chunks_exact_mut(2).zip(times) {
            two_digits(digits, value);
        }
        Ok(Self(text))
    }

    fn text(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    fn day(&self) -> &str {
        &self.text()[..8]
    }
}

fn two_digits(digits: &mut [u8], value: i8) {
    let value = value.unsigned_abs();
    digits[0] = b'0' + value / 10;
    digits[1] = b'0' + value % 10;
}

fn hex(digest: &[u8; 32]) -> [u8; 64] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [0; 64];
    for (pair, byte) in text.chunks_exact_mut(2).zip(digest) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    text
}

/// Why a request cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningError {
    /// The URI is not absolute.
    NoHost,
    /// The time is before year 0 or after 9999.
    Time,
    /// The session token has characters that no header may have.
    SessionToken,
    /// The access key id, region or service has characters that no header may have.
    Scope,
    /// The secret was refused as a key.
    Key,
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoHost => "the request's URI has no host: signing needs an absolute one",
            Self::Time => "the time to sign for is not within the years 0 to 9999",
            Self::SessionToken => "the session token has characters that cannot be sent, such as a line break",
            Self::Scope => "the access key id, region or signing name has characters that cannot be sent",
            Self::Key => "the secret access key cannot be used",
        })
    }
}

impl std::error::Error for SigningError {}

/// SHA-256 of `data`.
fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::ZeroizeOnDrop;

    /// It is so by features of crates, which somebody may leave out.
    #[test]
    fn keys_are_wiped_when_they_are_dropped() {
        fn is_wiped<T: ZeroizeOnDrop>() {}
        is_wiped::<Zeroizing<String>>();
        // Of which an HMAC is made.
        is_wiped::<Sha256>();
    }
}
