//! Whom to trust.

use super::failure::{failure, unusable};
use crate::client::{TransportError, TransportErrorKind};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Root certificates: the operating system's and others.
#[derive(Clone)]
pub(in crate::client) struct Roots {
    native: bool,
    given: Arc<Vec<Vec<u8>>>,
}

impl Default for Roots {
    fn default() -> Self {
        Self { native: true, given: Arc::default() }
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{} given", if self.native { "native and " } else { "" }, self.given.len())
    }
}

impl Roots {
    pub(super) fn add(&mut self, der: Vec<u8>) -> Result<(), TransportError> {
        // A certificate is a DER sequence; PEM is the likely mistake.
        if der.first() != Some(&0x30) {
            let found = if der.starts_with(b"-----BEGIN") { "PEM" } else { "something else" };
            return Err(unusable(format!("a root certificate is to be in DER, and this is {found}")));
        }
        Arc::make_mut(&mut self.given).push(der);
        Ok(())
    }

    pub(super) fn without_native(&mut self) {
        self.native = false;
    }

    /// All of them, in DER. Reads files the first time: not to be called where blocking hurts.
    ///
    /// # Errors
    /// When there are none.
    pub(in crate::client) fn load(&self) -> Result<impl Iterator<Item = &[u8]>, TransportError> {
        let native = self.native.then(native);
        if native.is_none_or(|native| native.certificates.is_empty()) && self.given.is_empty() {
            let problem =
                native.map_or("others than given are not wanted, and none is given", |native| &native.problem);
            let advice = "no root certificates: install the package `ca-certificates`, name a file in SSL_CERT_FILE, \
                          or give one to `HttpOptions::root_certificate`";
            return Err(failure(TransportErrorKind::Connect, advice.to_owned(), problem));
        }
        Ok(native.into_iter().flat_map(|native| &native.certificates).chain(&*self.given).map(Vec::as_slice))
    }
}

struct Native {
    certificates: Vec<Vec<u8>>,
    /// Why there are none.
    problem: String,
}

fn native() -> &'static Native {
    static NATIVE: OnceLock<Native> = OnceLock::new();
    NATIVE.get_or_init(|| {
        // A file that cannot be read is no reason to do without the others.
        let found = rustls_native_certs::load_native_certs();
        let problem = found.errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        Native {
            certificates: found.certs.into_iter().map(|certificate| certificate.to_vec()).collect(),
            problem: if problem.is_empty() { "none found on this system".to_owned() } else { problem },
        }
    })
}
