//! Where requests go: what the generated endpoint rules work with and answer.
//!
//! Specification: Smithy 2.0, "Endpoint rules engine" and "AWS rules engine
//! library functions".

#[doc(hidden)]
pub mod functions;

use crate::one_line::{Message, OneLine};
use std::borrow::Cow;
use std::fmt;

/// A resolved endpoint. `Debug` shows no password of its URL.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// Scheme and host, perhaps with a port and a base path.
    pub url: String,
    /// Headers to send, by name; a name may have several values.
    pub headers: Vec<(&'static str, Vec<String>)>,
    /// What the rules say besides, such as `authSchemes`, by name.
    pub properties: Vec<(&'static str, Property)>,
}

impl Endpoint {
    /// The endpoint at `url`, with neither headers nor properties.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), headers: Vec::new(), properties: Vec::new() }
    }

    /// The endpoint at a URL that a rule has made, with these values in its host name. The rules do not ask what they are:
    /// they trust configurations and inputs.
    ///
    /// # Errors
    ///
    /// [`EndpointError::InvalidHostPart`] where a value has what no host name has, so that requests would go to another
    /// host.
    pub fn of_parts<const N: usize>(parts: [&str; N], url: String) -> Result<Self, EndpointError> {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        match parts.into_iter().find(|part| !part.bytes().all(is_part)) {
            None => Ok(Self::new(url)),
            Some(part) => Err(EndpointError::InvalidHostPart(part.to_owned())),
        }
    }

    /// Adds a header with these values.
    pub fn header<const N: usize>(mut self, name: &'static str, values: [String; N]) -> Self {
        self.headers.push((name, values.into()));
        self
    }

    /// Adds a property.
    pub fn property(mut self, name: &'static str, value: impl Into<Property>) -> Self {
        self.properties.push((name, value.into()));
        self
    }

    /// The endpoint with `prefix` before its host name: an operation's host
    /// prefix (Smithy's `endpoint` trait).
    ///
    /// # Errors
    ///
    /// [`EndpointError::InvalidHost`] where what comes out is no host name,
    /// because of the values that the prefix is made of, and
    /// [`EndpointError::PrefixedAddress`] where the host is an IP address.
    pub fn with_host_prefix(mut self, prefix: &str) -> Result<Self, EndpointError> {
        let start = self.url.find("://").map_or(0, |at| at + "://".len());
        let host = self.url[start..].split(['/', ':']).next().unwrap_or_default();
        if host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok() {
            return Err(EndpointError::PrefixedAddress(prefix.to_owned()));
        }
        // What the prefix says must stay part of the host name.
        let host = format!("{prefix}{host}");
        if !functions::is_valid_host_label(&host, true) {
            return Err(EndpointError::InvalidHost(host));
        }
        self.url.insert_str(start, prefix);
        Ok(self)
    }

    /// The properties of the authentication scheme `name`, such as
    /// `sigv4`.
    pub fn auth_scheme(&self, name: &str) -> Option<AuthScheme<'_>> {
        self.auth_schemes().find(|scheme| scheme.name() == Some(name))
    }

    /// The authentication schemes of the endpoint, the best first; none where any scheme of the service will do.
    pub fn auth_schemes(&self) -> impl Iterator<Item = AuthScheme<'_>> {
        let said = self.properties.iter().find(|(property, _)| *property == "authSchemes");
        let schemes = match said {
            Some((_, Property::Array(schemes))) => schemes.as_slice(),
            _ => &[],
        };
        schemes.iter().map(AuthScheme)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("url", &WithoutUser(&self.url))
            .field("headers", &self.headers)
            .field("properties", &self.properties)
            .finish()
    }
}

/// One entry of an endpoint's `authSchemes`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AuthScheme<'a>(&'a Property);

impl<'a> AuthScheme<'a> {
    /// The scheme's name, such as `sigv4`.
    pub fn name(self) -> Option<&'a str> {
        self.text("name")
    }

    /// Whether paths are signed as they are sent, instead of encoded once more.
    pub fn signs_plain_paths(self) -> bool {
        matches!(self.0.get("disableDoubleEncoding"), Some(Property::Boolean(true)))
    }

    /// Service name for the signature's scope, where it is not the service's own.
    pub fn signing_name(self) -> Option<&'a str> {
        self.text("signingName")
    }

    /// Region for the signature's scope, where it is not the client's own.
    pub fn signing_region(self) -> Option<&'a str> {
        self.text("signingRegion")
    }

    fn text(self, name: &str) -> Option<&'a str> {
        match self.0.get(name)? {
            Property::String(text) => Some(text),
            _ => None,
        }
    }
}

/// Value of an endpoint property.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Property {
    /// Text.
    String(String),
    /// Truth.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A list.
    Array(Vec<Property>),
    /// Named values, by name.
    Object(Vec<(&'static str, Property)>),
}

impl Property {
    /// An object with these members.
    pub fn object<const N: usize>(members: [(&'static str, Property); N]) -> Self {
        Self::Object(members.into())
    }

    /// The member `name` of an object.
    pub fn get(&self, name: &str) -> Option<&Property> {
        match self {
            Self::Object(members) => members.iter().find(|(member, _)| *member == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

impl From<&str> for Property {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Property {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Property {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Property {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl<const N: usize> From<[Property; N]> for Property {
    fn from(list: [Property; N]) -> Self {
        Self::Array(list.into())
    }
}

/// Why there is no endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointError {
    /// The rules refuse these parameters, and say why.
    Refused(Cow<'static, str>),
    /// A required parameter has no value: its name in the model.
    MissingParameter(&'static str),
    /// No rule applies to these parameters.
    NoRule,
    /// With the operation's prefix, this is no host name.
    InvalidHost(String),
    /// The endpoint's host is an IP address, and this prefix of the operation cannot stand before it.
    PrefixedAddress(String),
    /// This would be a part of a host name, and has what none has.
    InvalidHostPart(String),
    /// The rules give a URL to which no request can be sent, because of the parameters that it is made of. A password in it
    /// is left out.
    InvalidUrl(String),
}

impl EndpointError {
    /// The refusal that the rules give with this message.
    pub fn refused(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Refused(message.into())
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(message) => Message(message).fmt(f),
            Self::MissingParameter(name) => write!(f, "endpoint parameter {name} is required"),
            Self::NoRule => f.write_str("no endpoint rule applies to these parameters"),
            Self::PrefixedAddress(prefix) => write!(
                f,
                "the operation's host prefix \"{}\" cannot stand before an IP address: call disable_host_prefix(true), or use \
                 a host name",
                OneLine(prefix)
            ),
            Self::InvalidHostPart(part) => write!(
                f,
                "\"{}\" cannot be part of a host name: expected letters, digits, hyphens and dots",
                OneLine(part.escape_debug().to_string())
            ),
            Self::InvalidUrl(url) => write!(f, "\"{}\" is no URL of a host that requests can be sent to", OneLine(url)),
            Self::InvalidHost(host) => write!(f, "\"{}\" is not a valid host name", OneLine(host)),
        }
    }
}

impl std::error::Error for EndpointError {}

/// The values of a client's configuration for the built-in endpoint parameters. `Debug` shows no password of a URL.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct EndpointConfig {
    /// `AWS::Region`
    pub region: Option<String>,
    /// `AWS::UseFIPS`
    pub use_fips: bool,
    /// `AWS::UseDualStack`
    pub use_dual_stack: bool,
    /// `SDK::Endpoint`: a URL that replaces the one that the rules would build.
    pub endpoint: Option<String>,
    /// `AWS::Auth::AccountId`: the account of the credentials.
    pub account_id: Option<String>,
    /// `AWS::Auth::AccountIdEndpointMode`: `preferred`, `disabled` or `required`.
    pub account_id_endpoint_mode: Option<String>,
}

impl fmt::Debug for EndpointConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointConfig")
            .field("region", &self.region)
            .field("use_fips", &self.use_fips)
            .field("use_dual_stack", &self.use_dual_stack)
            .field("endpoint", &self.endpoint.as_deref().map(WithoutUser))
            .field("account_id", &self.account_id)
            .field("account_id_endpoint_mode", &self.account_id_endpoint_mode)
            .finish()
    }
}

/// Shows a URL, or what should be one, without the user and password in it. Where these end is not for certain in what
/// is no URL, so nothing before the last `@` is shown.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct WithoutUser<'a>(pub &'a str);

impl<'a> WithoutUser<'a> {
    /// What stands before the user, if there is one, and from the `@` on.
    fn around(self) -> Option<(&'a str, &'a str)> {
        let start = self.0.find("://").map_or(0, |at| at + "://".len());
        let at = self.0.rfind('@').filter(|at| *at >= start)?;
        Some((self.0.get(..start)?, self.0.get(at..)?))
    }
}

impl fmt::Debug for WithoutUser<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.around() {
            Some((scheme, host)) => write!(f, "\"{}(redacted){}\"", scheme.escape_debug(), host.escape_debug()),
            None => write!(f, "{:?}", self.0),
        }
    }
}

impl fmt::Display for WithoutUser<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.around() {
            Some((scheme, host)) => write!(f, "{scheme}(redacted){host}"),
            None => f.write_str(self.0),
        }
    }
}

/// A partition of AWS regions.
#[doc(hidden)]
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Partition {
    /// Name, such as `aws-cn`.
    pub name: &'static str,
    /// Known regions, and the partition's global pseudo region.
    pub regions: &'static [&'static str],
    /// What the names of other regions of this partition look like.
    pub region_pattern: &'static [PatternPart],
    /// Suffix of host names.
    pub dns_suffix: &'static str,
    /// Suffix of dual-stack host names.
    pub dual_stack_dns_suffix: &'static str,
    /// Region for global services.
    pub implicit_global_region: &'static str,
    /// Whether it has FIPS endpoints.
    pub supports_fips: bool,
    /// Whether it has dual-stack endpoints.
    pub supports_dual_stack: bool,
}

/// A piece of a [`Partition::region_pattern`].
///
/// Patterns are made so that there is never a choice: no alternative begins
/// with another, and what follows a run never begins with one of its
/// characters. So taking all that fits, left to right, is exact.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternPart {
    /// One of these.
    OneOf(&'static [&'static str]),
    /// `\w+`: one or more ASCII letters, digits or underscores.
    Word,
    /// `\d+`: one or more ASCII digits.
    Digits,
}

impl PatternPart {
    /// What is left of `text` after this part.
    fn strip(self, text: &str) -> Option<&str> {
        let run = |in_run: fn(char) -> bool| {
            let rest = text.trim_start_matches(in_run);
            (rest.len() < text.len()).then_some(rest)
        };
        match self {
            Self::OneOf(literals) => literals.iter().find_map(|literal| text.strip_prefix(literal)),
            Self::Word => run(|c| c.is_ascii_alphanumeric() || c == '_'),
            Self::Digits => run(|c| c.is_ascii_digit()),
        }
    }
}

impl Partition {
    /// For generated code: a partition of these regions, with host names of one suffix, and neither FIPS nor dual stack.
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        regions: &'static [&'static str],
        region_pattern: &'static [PatternPart],
        dns_suffix: &'static str,
        implicit_global_region: &'static str,
    ) -> Self {
        Self {
            name,
            regions,
            region_pattern,
            dns_suffix,
            dual_stack_dns_suffix: dns_suffix,
            implicit_global_region,
            supports_fips: false,
            supports_dual_stack: false,
        }
    }

    /// With FIPS endpoints.
    #[doc(hidden)]
    pub const fn fips(mut self) -> Self {
        self.supports_fips = true;
        self
    }

    /// With the suffix of dual-stack host names.
    #[doc(hidden)]
    pub const fn dual_stack_suffix(mut self, dual_stack_dns_suffix: &'static str) -> Self {
        self.dual_stack_dns_suffix = dual_stack_dns_suffix;
        self
    }

    /// With dual-stack endpoints.
    #[doc(hidden)]
    pub const fn dual_stack(mut self) -> Self {
        self.supports_dual_stack = true;
        self
    }

    /// The partition of `region`: the one that lists it, else the first whose
    /// pattern it fits, else the first. `None` only for an empty table.
    pub fn find<'p>(partitions: &'p [Partition], region: &str) -> Option<&'p Partition> {
        partitions
            .iter()
            .find(|partition| partition.regions.contains(&region))
            .or_else(|| partitions.iter().find(|partition| partition.fits(region)))
            .or(partitions.first())
    }

    fn fits(&self, region: &str) -> bool {
        self.region_pattern.iter().try_fold(region, |rest, part| part.strip(rest)) == Some("")
    }
}
