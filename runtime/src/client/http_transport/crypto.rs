//! The cryptography of TLS: what a client without a certificate of its own needs of ring, which is less than rustls
//! takes by default, and makes programs smaller.

use ring::rand::{SecureRandom as _, SystemRandom};
use rustls_pki_types::PrivateKeyDer;
use std::sync::Arc;
use tokio_rustls::rustls::crypto::ring::{DEFAULT_CIPHER_SUITES, kx_group};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom, WebPkiSupportedAlgorithms,
};
use tokio_rustls::rustls::sign::SigningKey;
use tokio_rustls::rustls::{Error, SignatureScheme};
use webpki::ring as algorithms;

/// All cipher suites of rustls; X25519, P-256 and P-384 to agree on keys; certificates with RSA, P-256 and P-384.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: DEFAULT_CIPHER_SUITES.to_vec(),
        kx_groups: vec![kx_group::X25519, kx_group::SECP256R1, kx_group::SECP384R1],
        signature_verification_algorithms: SIGNATURES,
        secure_random: &Ring,
        key_provider: &Ring,
    }
}

/// Those that certificates of public authorities may have, and private ones usually have.
static SIGNATURES: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[
        algorithms::ECDSA_P256_SHA256,
        algorithms::ECDSA_P256_SHA384,
        algorithms::ECDSA_P384_SHA256,
        algorithms::ECDSA_P384_SHA384,
        algorithms::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        algorithms::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
        algorithms::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
        algorithms::RSA_PKCS1_2048_8192_SHA256,
        algorithms::RSA_PKCS1_2048_8192_SHA384,
        algorithms::RSA_PKCS1_2048_8192_SHA512,
        algorithms::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
        algorithms::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
        algorithms::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ],
    // In TLS 1.2, a scheme does not say on which curve the key is.
    mapping: &[
        (SignatureScheme::ECDSA_NISTP384_SHA384, &[algorithms::ECDSA_P384_SHA384, algorithms::ECDSA_P256_SHA384]),
        (SignatureScheme::ECDSA_NISTP256_SHA256, &[algorithms::ECDSA_P256_SHA256, algorithms::ECDSA_P384_SHA256]),
        (SignatureScheme::RSA_PSS_SHA512, &[algorithms::RSA_PSS_2048_8192_SHA512_LEGACY_KEY]),
        (SignatureScheme::RSA_PSS_SHA384, &[algorithms::RSA_PSS_2048_8192_SHA384_LEGACY_KEY]),
        (SignatureScheme::RSA_PSS_SHA256, &[algorithms::RSA_PSS_2048_8192_SHA256_LEGACY_KEY]),
        (SignatureScheme::RSA_PKCS1_SHA512, &[algorithms::RSA_PKCS1_2048_8192_SHA512]),
        (SignatureScheme::RSA_PKCS1_SHA384, &[algorithms::RSA_PKCS1_2048_8192_SHA384]),
        (SignatureScheme::RSA_PKCS1_SHA256, &[algorithms::RSA_PKCS1_2048_8192_SHA256]),
    ],
};

#[derive(Debug)]
struct Ring;

impl SecureRandom for Ring {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), GetRandomFailed> {
        SystemRandom::new().fill(bytes).map_err(|_| GetRandomFailed)
    }
}

impl KeyProvider for Ring {
    /// There are no certificates of clients.
    fn load_private_key(&self, _: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        Err(Error::General("private keys are not supported".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_rustls::rustls::crypto::ring;

    #[test]
    fn servers_may_sign_with_all_that_rustls_knows_but_ed25519() {
        let usual = ring::default_provider().signature_verification_algorithms;
        let mut schemes = usual.supported_schemes();
        schemes.retain(|scheme| *scheme != SignatureScheme::ED25519);
        assert_eq!(SIGNATURES.supported_schemes(), schemes);
        for (scheme, algorithms) in SIGNATURES.mapping {
            let known = usual.mapping.iter().find(|(known, _)| known == scheme);
            let ids = |list: &[&dyn rustls_pki_types::SignatureVerificationAlgorithm]| {
                list.iter().map(|one| (one.public_key_alg_id(), one.signature_alg_id())).collect::<Vec<_>>()
            };
            assert_eq!(known.map(|(_, known)| ids(known)), Some(ids(algorithms)), "{scheme:?}");
        }
        assert_eq!(SIGNATURES.all.len() + 1, usual.all.len());
    }
}
