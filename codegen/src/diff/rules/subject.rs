//! What of a model a finding is about.

use crate::diff::facts::About;
use std::fmt;

/// What of a model a finding, or what it explains, is about. Shapes go by their new names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    /// The service.
    Service,
    /// An operation.
    Operation(String),
    /// A shape.
    Shape(String),
    /// A member of a shape; instead of the shape there may be the member that holds it.
    Member(String, String),
    /// A value of an enum, likewise.
    Value(String, String),
    /// A waiter.
    Waiter(String),
    /// The endpoint rules.
    EndpointRules,
    /// A parameter of the endpoint rules.
    EndpointParameter(String),
}

impl Subject {
    /// What a fact is about; an error is its operation's.
    pub fn of(about: About<'_>) -> Self {
        match about {
            About::Service => Self::Service,
            About::Operation(operation) | About::Error(operation, _) => Self::Operation(operation.to_owned()),
            About::Shape(shape) => Self::Shape(shape.to_owned()),
            About::Member(shape, member) => Self::member(shape, member),
            About::Value(shape, value) => Self::value(shape, value),
            About::Waiter(waiter) => Self::Waiter(waiter.to_owned()),
            About::EndpointRules => Self::EndpointRules,
            About::EndpointParameter(parameter) => Self::EndpointParameter(parameter.to_owned()),
        }
    }

    pub fn member(shape: &str, member: &str) -> Self {
        Self::Member(shape.to_owned(), member.to_owned())
    }

    pub fn value(shape: &str, value: &str) -> Self {
        Self::Value(shape.to_owned(), value.to_owned())
    }

    /// The shape that it is, or is a part of.
    pub fn shape(&self) -> Option<&str> {
        match self {
            Self::Shape(shape) | Self::Member(shape, _) | Self::Value(shape, _) => Some(shape),
            Self::Service | Self::Operation(_) | Self::Waiter(_) | Self::EndpointRules | Self::EndpointParameter(_) => {
                None
            }
        }
    }

    /// Makes it, if it is a part of the shape `held`, the same part of what a member holds.
    pub fn inside(&mut self, held: &str, place: &str) -> bool {
        let (Self::Shape(shape) | Self::Member(shape, _) | Self::Value(shape, _)) = self else { return false };
        let Some(rest) = shape.strip_prefix(held).filter(|rest| rest.is_empty() || rest.starts_with('.')) else {
            return false;
        };
        *shape = format!("{place}{rest}");
        true
    }
}

/// `Shape.Member`, as findings name it.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service => f.write_str("service"),
            Self::Operation(name) | Self::Shape(name) => f.write_str(name),
            Self::Member(shape, member) => write!(f, "{shape}.{member}"),
            Self::Value(shape, value) => write!(f, "{shape} {value}"),
            Self::Waiter(name) => write!(f, "waiter {name}"),
            Self::EndpointRules => f.write_str("endpoint rules"),
            Self::EndpointParameter(name) => write!(f, "endpoint parameter {name}"),
        }
    }
}
