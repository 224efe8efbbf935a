//! Checksums of request bodies, where an operation asks for one.

use crate::EncodeError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use md5::{Digest, Md5};

/// The checksum that a request must have (`httpChecksumRequired`, `aws.protocols#httpChecksum`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checksum {
    /// `Content-MD5`.
    Md5,
    /// One of several: CRC-32 where the caller has given none. This header says which it is.
    Flexible(&'static str),
}

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");
const X_AMZ_CHECKSUM_CRC32: HeaderName = HeaderName::from_static("x-amz-checksum-crc32");
/// Begins the headers of all checksums of the flexible kind.
const FLEXIBLE: &str = "x-amz-checksum-";
const CRC32: &str = "CRC32";

impl Checksum {
    /// Adds the checksum of `body`, unless the caller has given one.
    pub(crate) fn add(self, headers: &mut HeaderMap, body: &[u8]) -> Result<(), EncodeError> {
        match self {
            _ if headers.contains_key(CONTENT_MD5) => Ok(()),
            Self::Md5 => insert(headers, CONTENT_MD5, &Md5::digest(body)),
            Self::Flexible(_) if headers.keys().any(|name| name.as_str().starts_with(FLEXIBLE)) => Ok(()),
            Self::Flexible(algorithm) => {
                if headers.get(algorithm).is_some_and(|asked| asked != CRC32) {
                    return Err(EncodeError::new(
                        "found another algorithm than CRC32, expected its checksum beside it",
                    ));
                }
                let name = HeaderName::from_bytes(algorithm.as_bytes());
                let name = name.map_err(|error| EncodeError::new(error.to_string()))?;
                headers.insert(name, HeaderValue::from_static(CRC32));
                insert(headers, X_AMZ_CHECKSUM_CRC32, &crc32fast::hash(body).to_be_bytes())
            }
        }
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, checksum: &[u8]) -> Result<(), EncodeError> {
    let value =
        HeaderValue::from_str(&STANDARD.encode(checksum)).map_err(|error| EncodeError::new(error.to_string()))?;
    headers.insert(name, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(checksum: Checksum, given: &[(&'static str, &'static str)]) -> Result<Vec<(String, String)>, EncodeError> {
        let given = given.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut headers: HeaderMap = given.collect();
        checksum.add(&mut headers, b"abc")?;
        let texts =
            headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()));
        let mut texts: Vec<_> = texts.collect();
        texts.sort();
        Ok(texts)
    }

    fn texts(headers: &[(&str, &str)]) -> Vec<(String, String)> {
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_the_caller_gives_stays() {
        const ALGORITHM: &str = "x-amz-sdk-checksum-algorithm";
        let md5 = [("content-md5", "kAFQmDzST7DWlj99KOF/cg==")];
        assert_eq!(added(Checksum::Md5, &[]), Ok(texts(&md5)));
        for (checksum, given) in
            [(Checksum::Md5, ("content-md5", "x")), (Checksum::Flexible(ALGORITHM), ("content-md5", "x"))]
        {
            assert_eq!(added(checksum, &[given]), Ok(texts(&[given])));
        }
        let flexible = Checksum::Flexible(ALGORITHM);
        let crc32 = texts(&[("x-amz-checksum-crc32", "NSRBwg=="), (ALGORITHM, "CRC32")]);
        assert_eq!(added(flexible, &[]), Ok(crc32.clone()));
        assert_eq!(added(flexible, &[(ALGORITHM, "CRC32")]), Ok(crc32));
        let sha256 = [("x-amz-checksum-sha256", "x"), (ALGORITHM, "SHA256")];
        assert_eq!(added(flexible, &sha256), Ok(texts(&sha256)));
        assert!(added(flexible, &[(ALGORITHM, "SHA256")]).is_err());
    }
}
