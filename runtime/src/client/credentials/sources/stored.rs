//! Tokens that the AWS CLI keeps in files, and what proves that they are ours.

mod file;
mod login_token;
mod proof;
mod sso_token;

pub(crate) use file::TokenFile;
pub(crate) use login_token::{LoginToken, RefreshedLogin};
pub(crate) use proof::ProofKey;
pub(crate) use sso_token::{RefreshedSso, SsoToken};
