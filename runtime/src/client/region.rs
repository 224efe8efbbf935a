//! The name of a region, which becomes a part of host names and of signatures.

use std::fmt;

/// The name of a region, such as `eu-west-1`: letters, digits and hyphens that make one label of a host name.
///
/// Every region passes through here, wherever it was written, because requests with credentials go to hosts that are
/// made of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Region(String);

impl Region {
    /// A region of this name.
    ///
    /// # Errors
    /// When it is not one label of a host name (RFC 1123): 1 to 63 letters, digits and hyphens, no hyphen at either end,
    /// and not digits alone.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidRegion> {
        let name = name.into();
        let is_label = (1..=63).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !name.starts_with('-')
            && !name.ends_with('-')
            && !name.bytes().all(|byte| byte.is_ascii_digit());
        if is_label { Ok(Self(name)) } else { Err(InvalidRegion(name)) }
    }

    /// The region that `name` means, and whether it also asks for FIPS endpoints: `fips-us-gov-west-1` and
    /// `us-gov-west-1-fips` are names that older configurations have for that, and no regions.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(super) fn with_fips(name: &str) -> Result<(Self, bool), InvalidRegion> {
        let region = Self::new(name)?;
        let plain = name.replace("fips-", "").replace("-fips", "");
        if plain == name { Ok((region, false)) } else { Ok((Self::new(plain)?, true)) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Region {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Text that is not the name of a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRegion(String);

impl fmt::Display for InvalidRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = crate::one_line::OneLine(self.0.escape_debug().to_string());
        write!(f, "\"{shown}\" is no region: expected letters, digits and hyphens, such as eu-west-1")
    }
}

impl std::error::Error for InvalidRegion {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_label_of_a_host_name() {
        for name in ["eu-west-1", "a", "EU-9", "us-iso-east-1", "1a", &"a".repeat(63)] {
            assert_eq!(Region::new(name).as_ref().map(Region::as_str), Ok(name));
        }
        let long = "a".repeat(64);
        for name in [
            "", "-a", "a-", "1", "007", "a.b", "a/", "a#", "a?b", "a:1", "a@b", "a b", " a", "a\n", "\"a\"", "ä", &long,
        ] {
            assert!(Region::new(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn names_that_ask_for_fips() {
        let read = |name: &str| Region::with_fips(name).map(|(region, fips)| (region.0, fips));
        assert_eq!(read("us-gov-west-1"), Ok(("us-gov-west-1".to_owned(), false)));
        for name in ["fips-us-gov-west-1", "us-gov-west-1-fips"] {
            assert_eq!(read(name), Ok(("us-gov-west-1".to_owned(), true)));
        }
        assert!(read("fips-").is_err() && read("fips-1").is_err());
    }
}
