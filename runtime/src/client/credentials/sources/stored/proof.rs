//! Proofs that who sends a refresh token has the key that it was issued for.
//!
//! Specification: RFC 9449 (DPoP). Keys: RFC 5915 (SEC1) and RFC 5958 (PKCS#8), in PEM.

use crate::client::random;
use crate::{Document, EncodeError, Timestamp, Value, Writer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, Uri};
use ring::error::KeyRejected;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use std::collections::BTreeMap;
use std::fmt;
use std::time::SystemTime;
use zeroize::Zeroizing;

/// A key pair for ES256. `ring` does not overwrite its key, so it is kept for one refresh only.
pub(crate) struct ProofKey(EcdsaKeyPair);

impl ProofKey {
    /// Reads a private key with its public key. The error goes on after the name of what the text is.
    pub(crate) fn from_pem(pem: &str) -> Result<Self, String> {
        let expected = "is no private key in PEM: expected BEGIN EC PRIVATE KEY or BEGIN PRIVATE KEY";
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| expected)?;
        let key = Zeroizing::new(key);
        let pair = match &*key {
            PrivateKeyDer::Sec1(key) => from_sec1(key.secret_sec1_der()),
            PrivateKeyDer::Pkcs8(key) => {
                let der = key.secret_pkcs8_der();
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new()).map_err(Some)
            }
            _ => return Err(expected.to_owned()),
        };
        pair.map(Self).map_err(|rejected| {
            let why = rejected.map(|rejected| format!(" ({rejected})")).unwrap_or_default();
            format!("is no pair of keys for P-256{why}")
        })
    }

    /// A proof for one request: the `DPoP` header.
    pub(crate) fn proof(&self, method: &Method, uri: &Uri, now: SystemTime) -> Result<String, String> {
        self.sign(method, uri, now, random::uuid())
    }

    fn sign(&self, method: &Method, uri: &Uri, now: SystemTime, id: String) -> Result<String, String> {
        let failed = |why: &dyn fmt::Display| format!("no proof of possession of the key: {why}");
        let claims = claims(method, uri, now, id).map_err(|error| failed(&error))?;
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut proof = format!("{}.{}", encode(self.header().as_bytes()), encode(&claims));
        let signature = self.0.sign(&SystemRandom::new(), proof.as_bytes());
        let signature = signature.map_err(|_| failed(&"the system has no random numbers"))?;
        proof.push('.');
        proof.push_str(&encode(signature.as_ref()));
        Ok(proof)
    }

    fn header(&self) -> String {
        format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{}}}"#, self.jwk())
    }

    /// The public key.
    fn jwk(&self) -> String {
        // 4 for a point that is not compressed, then x and y.
        let point = self.0.public_key().as_ref();
        let (x, y) = point.get(1..).unwrap_or_default().split_at(point.len() / 2);
        let [x, y] = [x, y].map(|coordinate| URL_SAFE_NO_PAD.encode(coordinate));
        format!(r#"{{"kty":"EC","x":"{x}","y":"{y}","crv":"P-256"}}"#)
    }
}

impl fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProofKey").finish_non_exhaustive()
    }
}

/// What is said of the request: its address without query, as the specification has it.
fn claims(method: &Method, uri: &Uri, now: SystemTime, id: String) -> Result<Vec<u8>, EncodeError> {
    let uri = uri.to_string();
    let target = uri.split('?').next().unwrap_or_default();
    let claims = BTreeMap::from([
        ("htm".to_owned(), Document::from(method.as_str())),
        ("htu".to_owned(), Document::from(target)),
        ("iat".to_owned(), Document::from(Timestamp::from(now).secs())),
        ("jti".to_owned(), Document::from(id)),
    ]);
    let mut writer = Writer::json();
    claims.write(&mut writer);
    writer.finish()
}

/// The key pair of a SEC1 key. Its lengths are those of P-256 and its notation has no choices, so that there is one form
/// with the name of the curve and one without.
fn from_sec1(der: &[u8]) -> Result<EcdsaKeyPair, Option<KeyRejected>> {
    let (private, public) = sec1_parts(der).ok_or(None)?;
    let random = SystemRandom::new();
    EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, private, public, &random)
        .map_err(Some)
}

fn sec1_parts(der: &[u8]) -> Option<(&[u8], &[u8])> {
    /// The version, and the beginning of 32 bytes.
    const BEFORE_PRIVATE: &[u8] = &[2, 1, 1, 4, 32];
    /// `secp256r1`.
    const CURVE: &[u8] = &[0xA0, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
    /// The beginning of 65 bytes, in bits.
    const BEFORE_PUBLIC: &[u8] = &[0xA1, 68, 3, 66, 0];
    let [0x30, length, body @ ..] = der else { return None };
    if usize::from(*length) != body.len() {
        return None;
    }
    let (private, rest) = body.strip_prefix(BEFORE_PRIVATE)?.split_at_checked(32)?;
    let public = rest.strip_prefix(CURVE).unwrap_or(rest).strip_prefix(BEFORE_PUBLIC)?;
    Some((private, public))
}

/// The example key of RFC 7517, appendix A.2.
#[cfg(test)]
pub(super) const SEC1: &str = "-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIPO9DAeoH7kyeB7VJ1L2DMiaa+XlGTT+AZON21XY93gBoAoGCCqGSM49
AwEHoUQDQgAEMKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D7gS2XpJFbZ
iItSs3m9+9Ue6GnvHw/GW2ZZaVtszggXIw==
-----END EC PRIVATE KEY-----
";

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use sha2::{Digest, Sha256};
    use std::time::Duration;

    const PKCS8: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg870MB6gfuTJ4HtUn
UvYMyJpr5eUZNP4Bk43bVdj3eAGhRANCAAQwoEJM0hwpRIOKLXXJKzfnbqINnwCJ
OjtO7oo8Cq/sPuBLZekkVtmIi1Kzeb371R7oae8fD8ZbZllpW2zOCBcj
-----END PRIVATE KEY-----
";
    const X: &str = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
    const Y: &str = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

    fn decode(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    fn pem(label: &str, der: &[u8]) -> String {
        let base64 = crate::value::base64(der);
        format!("-----BEGIN {label}-----\n{base64}\n-----END {label}-----\n")
    }

    fn sec1() -> Vec<u8> {
        let base64: String = SEC1.lines().filter(|line| !line.starts_with('-')).collect();
        base64::engine::general_purpose::STANDARD.decode(base64).unwrap()
    }

    #[test]
    fn proofs_have_what_the_specification_says() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_893_456_000_999);
        let uri = Uri::from_static("https://eu-west-1.signin.aws.amazon.com/v1/token?x=y");
        for text in [SEC1, PKCS8, &SEC1.replace('\n', "\r\n"), SEC1.trim()] {
            let key = ProofKey::from_pem(text).unwrap();
            let proof = key.sign(&Method::POST, &uri, now, "an-\"id".to_owned()).unwrap();
            let (signed, signature) = proof.rsplit_once('.').unwrap();
            let (header, claims) = signed.split_once('.').unwrap();
            let jwk = format!(r#"{{"kty":"EC","x":"{X}","y":"{Y}","crv":"P-256"}}"#);
            let expected = format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{jwk}}}"#);
            assert_eq!(String::from_utf8(decode(header)).unwrap(), expected);
            let expected = concat!(
                r#"{"htm":"POST","htu":"https://eu-west-1.signin.aws.amazon.com/v1/token","#,
                r#""iat":1893456000,"jti":"an-\"id"}"#
            );
            assert_eq!(String::from_utf8(decode(claims)).unwrap(), expected);
            let point = [vec![4], decode(X), decode(Y)].concat();
            let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
            assert!(public.verify(signed.as_bytes(), &decode(signature)).is_ok());
            assert!(public.verify(header.as_bytes(), &decode(signature)).is_err());
        }
    }

    #[test]
    fn the_thumbprint_is_that_of_the_key() {
        // RFC 7638: members in the order of their names, without spaces.
        let key = ProofKey::from_pem(SEC1).unwrap();
        let jwk = crate::Reader::json(key.jwk().as_bytes()).document();
        let mut writer = Writer::json();
        jwk.write(&mut writer);
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(writer.finish().unwrap()));
        assert_eq!(thumbprint, "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
    }

    #[test]
    fn each_proof_is_another() {
        let key = ProofKey::from_pem(SEC1).unwrap();
        let proof =
            || key.proof(&Method::POST, &Uri::from_static("https://a.example/"), SystemTime::UNIX_EPOCH).unwrap();
        assert_ne!(proof().split('.').nth(1), proof().split('.').nth(1));
    }

    #[test]
    fn a_key_may_leave_the_curve_out() {
        let whole = sec1();
        let mut without = whole.clone();
        without.drain(39..51);
        without[1] -= 12;
        assert!(ProofKey::from_pem(&pem("EC PRIVATE KEY", &whole)).is_ok());
        assert!(ProofKey::from_pem(&pem("EC PRIVATE KEY", &without)).is_ok());
    }

    #[test]
    fn what_is_no_such_key_is_an_error() {
        let expected = "is no private key in PEM: expected BEGIN EC PRIVATE KEY or BEGIN PRIVATE KEY";
        let error = |text: &str| ProofKey::from_pem(text).unwrap_err();
        for text in ["", "5ecret", "-----BEGIN EC PRIVATE KEY-----\n5ecret", &pem("RSA PRIVATE KEY", &sec1())] {
            assert_eq!(error(text), expected, "{text}");
        }
        let whole = sec1();
        for length in 0..whole.len() {
            assert!(error(&pem("EC PRIVATE KEY", &whole[..length])).starts_with("is no pair of keys"), "{length}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            let error = error(&pem("EC PRIVATE KEY", &damaged));
            assert!(error.starts_with("is no pair of keys for P-256"), "{at}: {error}");
        }
        // The public key that belongs to another private key.
        let mut other = whole;
        other[10] ^= 1;
        assert_eq!(error(&pem("EC PRIVATE KEY", &other)), "is no pair of keys for P-256 (InconsistentComponents)");
    }

    #[test]
    fn nothing_of_the_key_is_shown() {
        assert_eq!(format!("{:?}", ProofKey::from_pem(SEC1).unwrap()), "ProofKey { .. }");
    }
}
