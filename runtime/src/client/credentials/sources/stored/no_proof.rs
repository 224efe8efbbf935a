//! Where there are no files, there are no keys in them, and no library that signs by them.

use http::{Method, Uri};
use std::time::SystemTime;

/// There is none.
#[derive(Debug)]
pub(crate) enum ProofKey {}

impl ProofKey {
    pub(crate) fn from_pem(_: &str) -> Result<Self, String> {
        Err("is of no use on this platform".to_owned())
    }

    pub(crate) fn proof(&self, _: &Method, _: &Uri, _: SystemTime) -> Result<String, String> {
        match *self {}
    }
}
