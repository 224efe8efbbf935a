//! Whom to trust.

use super::failure::{failure, unusable};
use crate::client::text::bytes_without_mark;
use crate::client::{TransportError, TransportErrorKind};
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Root certificates: the usual ones and others.
#[derive(Clone)]
pub(in crate::client) struct Roots {
    usual: bool,
    given: Arc<Vec<CertificateDer<'static>>>,
}

impl Default for Roots {
    fn default() -> Self {
        Self { usual: true, given: Arc::default() }
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} given", if self.usual { "the usual and " } else { "" }, self.given.len())
    }
}

impl Roots {
    pub(super) fn add(&mut self, der: Vec<u8>) -> Result<(), TransportError> {
        // A certificate is a DER sequence; PEM is the likely mistake.
        if der.first() != Some(&0x30) {
            let advice = if der.starts_with(b"-----BEGIN") { " but PEM, for `root_certificate_file`" } else { "" };
            return Err(unusable(format!("a root certificate given is not DER{advice}")));
        }
        Arc::make_mut(&mut self.given).push(der.into());
        Ok(())
    }

    pub(super) fn add_file(&mut self, file: &Path) -> Result<(), TransportError> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
            let message = format!("root certificates in `{}`", file.display());
            failure(TransportErrorKind::Request, message, error)
        };
        let pem = std::fs::read(file).map_err(|error| failed(error.into()))?;
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes_without_mark(&pem)).collect();
        let found = found.map_err(|error| failed(error.into()))?;
        if found.is_empty() {
            return Err(unusable(format!("there are no root certificates in PEM in `{}`", file.display())));
        }
        Arc::make_mut(&mut self.given).extend(found);
        Ok(())
    }

    pub(super) fn without_usual(&mut self) {
        self.usual = false;
    }

    /// These, and those of `other`. Where one of them does without the usual ones, so does the result.
    pub(super) fn adjusted_by(mut self, other: Self) -> Self {
        self.usual &= other.usual;
        if !other.given.is_empty() {
            Arc::make_mut(&mut self.given).extend(other.given.iter().cloned());
        }
        self
    }

    /// As rustls takes them. May read files: not to be called where blocking hurts.
    ///
    /// # Errors
    /// When there are none.
    pub(super) fn store(&self) -> Result<RootCertStore, TransportError> {
        let mut store = RootCertStore::empty();
        if self.usual {
            #[cfg(feature = "native-certs")]
            // Those that this library cannot read are not trusted.
            store.add_parsable_certificates(native::certificates(self)?.iter().cloned());
            #[cfg(not(feature = "native-certs"))]
            store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        store.add_parsable_certificates(self.given.iter().cloned());
        if store.is_empty() { Err(none(self)) } else { Ok(store) }
    }
}

fn none(roots: &Roots) -> TransportError {
    let problem = match roots.given.len() {
        0 => "others than given are not wanted, and none is given",
        _ => "none of those given can be read",
    };
    let advice = "no root certificates: name a file in AWS_CA_BUNDLE or give one to `HttpOptions::root_certificate`";
    failure(TransportErrorKind::Connect, advice.to_owned(), problem)
}

/// The operating system's.
#[cfg(feature = "native-certs")]
mod native {
    use super::Roots;
    use crate::client::network::failure::failure;
    use crate::client::{TransportError, TransportErrorKind};
    use rustls_pki_types::CertificateDer;
    use std::sync::OnceLock;

    /// Reads files the first time. A file that cannot be read is no reason to do without the others, or without those
    /// that are given.
    pub(super) fn certificates(roots: &Roots) -> Result<&'static [CertificateDer<'static>], TransportError> {
        static FOUND: OnceLock<(Vec<CertificateDer<'static>>, String)> = OnceLock::new();
        let (certificates, problems) = FOUND.get_or_init(|| {
            let found = rustls_native_certs::load_native_certs();
            (found.certs, found.errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        });
        if !certificates.is_empty() || !roots.given.is_empty() {
            return Ok(certificates);
        }
        let advice = "no root certificates: install the package `ca-certificates`, name a file in SSL_CERT_FILE or \
                      AWS_CA_BUNDLE, or give one to `HttpOptions::root_certificate`";
        let problem = if problems.is_empty() { "none found on this system" } else { problems };
        Err(failure(TransportErrorKind::Connect, advice.to_owned(), problem))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn without_roots_there_is_an_error() {
        let mut roots = Roots::default();
        roots.without_usual();
        assert!(roots.store().is_err());
    }
}
