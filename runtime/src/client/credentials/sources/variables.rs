//! Keys in environment variables.

use super::{Credentials, CredentialsError, ProvideCredentials, SourceContext};
use crate::Timestamp;
use crate::client::BoxFuture;
use std::time::SystemTime;

const KEYS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// Why variables do not count.
pub(super) const NOT_USED: &str = "not used, as a profile is asked for";

/// The key in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, with `AWS_SESSION_TOKEN`, `AWS_ACCOUNT_ID` and
/// `AWS_CREDENTIAL_EXPIRATION` where they are set. Half a key is an error.
#[derive(Clone, Debug, Default)]
pub struct EnvironmentVariables {}

impl EnvironmentVariables {
    /// Credentials of the variables of the environment that the configuration uses.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn read(context: &SourceContext) -> Result<Credentials, CredentialsError> {
        let variable = |name: &str| context.variable(name).map(str::to_owned);
        let Some([key, secret]) = both(KEYS, variable)? else {
            return Err(CredentialsError::absent(format!("{} (not set)", KEYS.join(" and "))));
        };
        let mut credentials = Credentials::new(key, secret);
        // The first is the older name; botocore prefers it.
        credentials.session_token = variable("AWS_SECURITY_TOKEN").or_else(|| variable("AWS_SESSION_TOKEN"));
        credentials.account_id = variable("AWS_ACCOUNT_ID");
        if let Some(end) = variable("AWS_CREDENTIAL_EXPIRATION") {
            let time = Timestamp::from_text(&end).and_then(|time| SystemTime::try_from(time).ok());
            let expected = "expected a time such as 2030-01-31T12:00:00Z";
            let unusable = || CredentialsError::new(format!("AWS_CREDENTIAL_EXPIRATION is {end:?}: {expected}"));
            credentials.expires_at = Some(time.ok_or_else(unusable)?);
        }
        Ok(credentials)
    }
}

impl ProvideCredentials for EnvironmentVariables {
    fn provide<'a>(&'a self, context: &'a SourceContext) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Self::read(context)))
    }
}

/// Two values that need each other.
pub(super) fn both(
    names: [&str; 2],
    value: impl Fn(&str) -> Option<String>,
) -> Result<Option<[String; 2]>, CredentialsError> {
    match names.map(&value) {
        [Some(one), Some(two)] => Ok(Some([one, two])),
        [None, None] => Ok(None),
        [Some(_), None] => Err(CredentialsError::new(format!("{} is set, and {} is not", names[0], names[1]))),
        [None, Some(_)] => Err(CredentialsError::new(format!("{} is set, and {} is not", names[1], names[0]))),
    }
}
