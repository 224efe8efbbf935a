//! Values of the graph as JSON, for facts that are to leave the program.

use crate::graph::rules::{Parameter, ParameterType};
use crate::graph::{
    Acceptor, Authentication, BatchOverlay, BatchSplit, ContextValue, Correction, Deprecated, EnumValue, ErrorTrait,
    Expected, Fault, Http, Limits, Located, Matcher, MemberPath, NameRef, Paginator, Place, Protocol, Retry,
    RootElement, ShapeKind, TimestampFormat, TokenExpression, TokenStep, Waiter, WaiterOverlay, XmlNamespace,
};
use serde_json::{Map, Value, json};

/// Something that can be told in JSON.
pub(super) trait ToJson {
    fn to_json(&self) -> Value;
}

impl ToJson for bool {
    fn to_json(&self) -> Value {
        (*self).into()
    }
}

impl ToJson for u32 {
    fn to_json(&self) -> Value {
        (*self).into()
    }
}

impl ToJson for String {
    fn to_json(&self) -> Value {
        self.as_str().into()
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        self.iter().map(T::to_json).collect()
    }
}

/// Parameters by name.
impl<T: ToJson> ToJson for Vec<(String, T)> {
    fn to_json(&self) -> Value {
        self.iter().map(|(name, value)| (name.clone(), value.to_json())).collect::<Map<_, _>>().into()
    }
}

impl ToJson for Deprecated {
    fn to_json(&self) -> Value {
        object([("message", self.message.to_json()), ("since", self.since.to_json())])
    }
}

impl ToJson for ErrorTrait {
    fn to_json(&self) -> Value {
        object([
            ("httpStatus", json!(self.http_status)),
            ("code", self.code.to_json()),
            ("fault", json!(self.fault.map(Fault::word))),
            ("retry", json!(self.retry.map(Retry::word))),
            ("retryReason", self.retry_reason.to_json()),
        ])
    }
}

impl ToJson for Limits {
    fn to_json(&self) -> Value {
        let limits = [("min", &self.min), ("max", &self.max)];
        let set = limits.into_iter().filter_map(|(name, limit)| Some((name.to_owned(), limit.as_ref()?.to_json())));
        set.collect::<Map<_, _>>().into()
    }
}

impl ToJson for TimestampFormat {
    fn to_json(&self) -> Value {
        self.word().into()
    }
}

impl ToJson for Place {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}

impl ToJson for XmlNamespace {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}

impl ToJson for RootElement {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}

impl ToJson for Http {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}

impl ToJson for Authentication {
    fn to_json(&self) -> Value {
        self.name().into()
    }
}

impl ToJson for Protocol {
    fn to_json(&self) -> Value {
        self.name().into()
    }
}

impl ToJson for ContextValue {
    fn to_json(&self) -> Value {
        match self {
            Self::String(text) => text.to_json(),
            Self::Boolean(truth) => truth.to_json(),
            Self::StringList(texts) => texts.to_json(),
        }
    }
}

impl ToJson for ParameterType {
    fn to_json(&self) -> Value {
        self.word().into()
    }
}

impl ToJson for Parameter {
    fn to_json(&self) -> Value {
        object([
            ("name", self.name.to_json()),
            ("type", self.kind.to_json()),
            ("required", self.required.to_json()),
            ("builtIn", self.built_in.to_json()),
            ("default", self.default.to_json()),
        ])
    }
}

impl ToJson for MemberPath {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}

impl ToJson for TokenExpression {
    fn to_json(&self) -> Value {
        let path = |steps: &Vec<TokenStep>| {
            let mut text = String::new();
            for step in steps {
                match step {
                    TokenStep::Member(name) if text.is_empty() => text.push_str(name),
                    TokenStep::Member(name) => text.push_str(&format!(".{name}")),
                    TokenStep::Last => text.push_str("[-1]"),
                }
            }
            text
        };
        self.alternatives.iter().map(path).collect::<Vec<_>>().join(" || ").into()
    }
}

impl ToJson for Paginator<NameRef> {
    fn to_json(&self) -> Value {
        object([
            ("inputTokens", self.input_tokens.to_json()),
            ("outputTokens", self.output_tokens.to_json()),
            ("resultKeys", self.result_keys.to_json()),
            ("limitKey", self.limit_key.to_json()),
            ("moreResults", self.more_results.to_json()),
            ("nonAggregateKeys", self.non_aggregate_keys.to_json()),
        ])
    }
}

impl<T: ToJson> ToJson for Located<T> {
    fn to_json(&self) -> Value {
        self.value.to_json()
    }
}

impl ToJson for NameRef {
    fn to_json(&self) -> Value {
        self.name.to_json()
    }
}

impl ToJson for BatchOverlay {
    fn to_json(&self) -> Value {
        match &self.split {
            None => json!({"whole": true, "reason": self.reason}),
            Some(BatchSplit { list, maximum, failures }) => object([
                ("list", list.to_json()),
                ("maximum", maximum.to_json()),
                ("failures", failures.to_json()),
                ("reason", self.reason.to_json()),
            ]),
        }
    }
}

impl ToJson for Correction {
    fn to_json(&self) -> Value {
        json!({"reason": self.reason})
    }
}

impl ToJson for WaiterOverlay {
    fn to_json(&self) -> Value {
        match self {
            Self::Added(reason) => json!({"added": reason}),
            Self::Amended(reason) => json!({"amended": reason}),
        }
    }
}

impl ToJson for Acceptor {
    fn to_json(&self) -> Value {
        let state = self.state.word();
        match &self.matcher {
            Matcher::Path { path, comparator, expected } => {
                let expected = match expected {
                    Expected::String(text) => text.to_json(),
                    Expected::Boolean(truth) => truth.to_json(),
                    Expected::Number(number) => (*number).into(),
                };
                json!({"state": state, "path": path, "comparator": comparator.word(), "expected": expected})
            }
            Matcher::ErrorType(code) => json!({"state": state, "error": code}),
            Matcher::AnyError(failed) => json!({"state": state, "anyError": failed}),
            Matcher::Status(status) => json!({"state": state, "status": status}),
        }
    }
}

impl ToJson for Waiter<NameRef> {
    fn to_json(&self) -> Value {
        object([
            ("name", self.name.to_json()),
            ("operation", self.operation.to_json()),
            ("delay", self.delay.to_json()),
            ("maxDelay", self.max_delay.to_json()),
            ("maxAttempts", self.max_attempts.to_json()),
            ("acceptors", self.acceptors.to_json()),
        ])
    }
}

impl ToJson for EnumValue {
    fn to_json(&self) -> Value {
        object([
            ("name", self.name.to_json()),
            ("value", self.value.to_json()),
            ("deprecated", self.deprecated.to_json()),
        ])
    }
}

impl ToJson for ShapeKind<NameRef> {
    fn to_json(&self) -> Value {
        let name = self.type_name();
        match self {
            Self::Structure(members) | Self::Union(members) => json!({"type": name, "members": members.to_json()}),
            Self::List { member, sparse } => json!({"type": name, "member": member.to_json(), "sparse": sparse}),
            Self::Map { key, value, sparse } => {
                json!({"type": name, "key": key.to_json(), "value": value.to_json(), "sparse": sparse})
            }
            Self::Enum(values) => json!({"type": name, "values": values.to_json()}),
            Self::IntEnum(values) => {
                let values: Map<_, _> = values.iter().map(|v| (v.name.clone(), v.value.into())).collect();
                json!({"type": name, "values": values})
            }
            Self::String
            | Self::Boolean
            | Self::Byte
            | Self::Short
            | Self::Integer
            | Self::Long
            | Self::Float
            | Self::Double
            | Self::Blob
            | Self::Timestamp
            | Self::Document => json!({"type": name}),
        }
    }
}

/// An object without what is absent.
pub(super) fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let present = entries.into_iter().filter(|(_, value)| !value.is_null());
    present.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>().into()
}
