//! TLS as both transports speak it.

use super::failure::{failure, tls_refused};
use super::origin::Origin;
use super::proxy::bare;
use super::roots::Roots;
use crate::client::{TransportError, TransportErrorKind};
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_pki_types::ServerName;
use std::sync::Arc;

/// The configuration of a client that trusts `roots`. May read files: not to be called where blocking hurts.
///
/// # Errors
/// When there are no root certificates.
pub(in crate::client) fn config(roots: &Roots) -> Result<Arc<ClientConfig>, TransportError> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| failure(TransportErrorKind::Connect, "TLS".to_owned(), error))?;
    let mut config = config.with_root_certificates(roots.store()?).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The name that the server's certificate is to be for.
///
/// # Errors
/// When certificates have no such names.
pub(in crate::client) fn server_name(origin: &Origin) -> Result<ServerName<'static>, TransportError> {
    ServerName::try_from(bare(origin.host()).to_owned()).map_err(|error| tls_refused(origin, error))
}
