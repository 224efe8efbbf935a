//! The functions of the rules engine, and the parts that their results have.
//!
//! Specification: Smithy 2.0, "Rules engine standard library" and "AWS rules
//! engine library functions".

use super::RuleType;

/// A library function. `getAttr` is none: it is resolved to an
/// [`Attribute`] or an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    /// `booleanEquals`
    BooleanEquals,
    /// `coalesce`
    Coalesce,
    /// `isSet`
    IsSet,
    /// `isValidHostLabel`
    IsValidHostLabel,
    /// `aws.isVirtualHostableS3Bucket`
    IsVirtualHostableS3Bucket,
    /// `ite`
    Ite,
    /// `not`
    Not,
    /// `aws.parseArn`
    ParseArn,
    /// `parseURL`
    ParseUrl,
    /// `aws.partition`
    Partition,
    /// `split`
    Split,
    /// `stringEquals`
    StringEquals,
    /// `substring`
    Substring,
    /// `uriEncode`
    UriEncode,
}

/// What a function takes and gives.
pub(super) enum Signature {
    /// Exactly these, all of them there.
    Fixed(&'static [RuleType], RuleType, ResultPresence),
    /// `isSet`: one value of any type, which may be absent.
    Any,
    /// `coalesce` and `ite`: values of one type, any of them perhaps absent.
    Same,
}

/// Whether a function always has a result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ResultPresence {
    Always,
    Perhaps,
}

/// The name that stands for both an [`Attribute`] and an element.
pub(super) const GET_ATTR: &str = "getAttr";

impl Function {
    const ALL: &[Self] = &[
        Self::BooleanEquals,
        Self::Coalesce,
        Self::IsSet,
        Self::IsValidHostLabel,
        Self::IsVirtualHostableS3Bucket,
        Self::Ite,
        Self::Not,
        Self::ParseArn,
        Self::ParseUrl,
        Self::Partition,
        Self::Split,
        Self::StringEquals,
        Self::Substring,
        Self::UriEncode,
    ];

    /// The name in rule sets.
    pub fn name(self) -> &'static str {
        match self {
            Self::BooleanEquals => "booleanEquals",
            Self::Coalesce => "coalesce",
            Self::IsSet => "isSet",
            Self::IsValidHostLabel => "isValidHostLabel",
            Self::IsVirtualHostableS3Bucket => "aws.isVirtualHostableS3Bucket",
            Self::Ite => "ite",
            Self::Not => "not",
            Self::ParseArn => "aws.parseArn",
            Self::ParseUrl => "parseURL",
            Self::Partition => "aws.partition",
            Self::Split => "split",
            Self::StringEquals => "stringEquals",
            Self::Substring => "substring",
            Self::UriEncode => "uriEncode",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|function| function.name() == name)
    }

    /// All names that a rule set may call.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|function| function.name()).chain([GET_ATTR])
    }

    pub(super) fn signature(self) -> Signature {
        use ResultPresence::{Always, Perhaps};
        use RuleType::{Boolean, Integer, String, StringArray};
        match self {
            Self::BooleanEquals => Signature::Fixed(&[Boolean, Boolean], Boolean, Always),
            Self::Coalesce | Self::Ite => Signature::Same,
            Self::IsSet => Signature::Any,
            Self::IsValidHostLabel | Self::IsVirtualHostableS3Bucket => {
                Signature::Fixed(&[String, Boolean], Boolean, Always)
            }
            Self::Not => Signature::Fixed(&[Boolean], Boolean, Always),
            Self::ParseArn => Signature::Fixed(&[String], RuleType::Arn, Perhaps),
            Self::ParseUrl => Signature::Fixed(&[String], RuleType::Url, Perhaps),
            Self::Partition => Signature::Fixed(&[String], RuleType::Partition, Perhaps),
            Self::Split => Signature::Fixed(&[String, String, Integer], StringArray, Always),
            Self::StringEquals => Signature::Fixed(&[String, String], Boolean, Always),
            Self::Substring => Signature::Fixed(&[String, Integer, Integer, Boolean], String, Perhaps),
            Self::UriEncode => Signature::Fixed(&[String], String, Always),
        }
    }
}

/// A part of what a function finds. All are always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    owner: RuleType,
    /// Name in rule sets.
    pub name: &'static str,
    /// Name of the field in the runtime's struct.
    pub field: &'static str,
    /// Its type.
    pub ty: RuleType,
}

const fn attribute(owner: RuleType, name: &'static str, field: &'static str, ty: RuleType) -> Attribute {
    Attribute { owner, name, field, ty }
}

const ATTRIBUTES: &[Attribute] = &[
    attribute(RuleType::Partition, "name", "name", RuleType::String),
    attribute(RuleType::Partition, "dnsSuffix", "dns_suffix", RuleType::String),
    attribute(RuleType::Partition, "dualStackDnsSuffix", "dual_stack_dns_suffix", RuleType::String),
    attribute(RuleType::Partition, "supportsFIPS", "supports_fips", RuleType::Boolean),
    attribute(RuleType::Partition, "supportsDualStack", "supports_dual_stack", RuleType::Boolean),
    attribute(RuleType::Partition, "implicitGlobalRegion", "implicit_global_region", RuleType::String),
    attribute(RuleType::Arn, "partition", "partition", RuleType::String),
    attribute(RuleType::Arn, "service", "service", RuleType::String),
    attribute(RuleType::Arn, "region", "region", RuleType::String),
    attribute(RuleType::Arn, "accountId", "account_id", RuleType::String),
    attribute(RuleType::Arn, "resourceId", "resource_id", RuleType::StringArray),
    attribute(RuleType::Url, "scheme", "scheme", RuleType::String),
    attribute(RuleType::Url, "authority", "authority", RuleType::String),
    attribute(RuleType::Url, "path", "path", RuleType::String),
    attribute(RuleType::Url, "normalizedPath", "normalized_path", RuleType::String),
    attribute(RuleType::Url, "isIp", "is_ip", RuleType::Boolean),
];

impl Attribute {
    /// Whether the runtime's field is a `String`, not a `&str`.
    pub fn is_owned(self) -> bool {
        self.field == "normalized_path"
    }

    /// All that a value of type `owner` has.
    pub(super) fn of(owner: RuleType) -> impl Iterator<Item = Attribute> {
        ATTRIBUTES.iter().copied().filter(move |attribute| attribute.owner == owner)
    }
}
