//! Tokens that the AWS CLI keeps in files, and what proves that they are ours.

mod file;
mod login_token;
#[cfg_attr(all(target_family = "wasm", target_os = "unknown"), path = "stored/no_proof.rs")]
mod proof;
mod sso_token;

pub(crate) use file::TokenFile;
pub(crate) use login_token::{LoginToken, RefreshedLogin};
pub(crate) use proof::ProofKey;
pub(crate) use sso_token::{RefreshedSso, SsoToken};
