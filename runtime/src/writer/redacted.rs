//! The value itself, in the dynamic notation, without what is secret.

use super::look::{Look, Scalar};
use super::output::{Output, Shape, Slot};
use super::{Writer, json};
use crate::redacted::{Redacted, RedactedKey, Secrets};
use crate::{EncodeError, Value};
use std::fmt::Display;

/// What has been written of a value.
pub(super) struct Redactor {
    secrets: Secrets,
    /// Members of the outermost structure that make a call unique.
    tokens: Vec<String>,
    /// Whether what comes is within something secret.
    is_secret: bool,
    /// Whether what comes is such a member.
    is_token: bool,
    open: Vec<OpenContainer>,
    whole: Redacted,
}

/// What is not at its end yet.
enum OpenContainer {
    List(Vec<Redacted>),
    /// With the key of the value that comes.
    Object(Vec<(RedactedKey, Redacted)>, Option<RedactedKey>),
}

impl Redactor {
    pub(super) fn begin(&mut self, shape: Shape) {
        self.open.push(match shape {
            Shape::List(_) => OpenContainer::List(Vec::new()),
            Shape::Structure(_) | Shape::Union(_) | Shape::Map(_) => OpenContainer::Object(Vec::new(), None),
        });
    }

    pub(super) fn slot(&mut self, slot: Slot<'_>) {
        let is_outermost = self.open.len() == 1;
        let Some(OpenContainer::Object(_, next)) = self.open.last_mut() else { return };
        *next = match slot {
            Slot::Member(name) => {
                self.is_token = is_outermost && self.tokens.iter().any(|token| token == name);
                Some(RedactedKey::Member(name))
            }
            Slot::Key(key) if self.is_secret => Some(RedactedKey::Secret(self.secrets.number(key))),
            Slot::Key(key) => Some(RedactedKey::Entry(key.to_owned())),
            Slot::Element => None,
        };
    }

    pub(super) fn end(&mut self) {
        match self.open.pop() {
            Some(OpenContainer::List(values)) => self.put(Redacted::List(values)),
            Some(OpenContainer::Object(values, _)) => self.put(Redacted::Object(values)),
            None => {}
        }
    }

    pub(super) fn scalar(&mut self, scalar: Scalar<'_>) {
        let value = match scalar {
            Scalar::Null => Redacted::Null,
            Scalar::Boolean(value) => self.plain(value, "false"),
            Scalar::Integer(value) => self.plain(value, "0"),
            Scalar::Unsigned(value) => self.plain(value, "0"),
            Scalar::Float(value) => self.float(value, format_args!("{value:?}")),
            Scalar::Float32(value) => self.float(value.into(), format_args!("{value:?}")),
            Scalar::String(value) => self.text(value),
            Scalar::Blob(value) => self.blob(value),
            Scalar::Timestamp(value) => self.plain(value.epoch_seconds(), "0"),
        };
        self.put(value);
    }

    /// What needs no quotes. Of a secret, nothing is left but its type.
    fn plain(&self, value: impl Display, empty: &str) -> Redacted {
        Redacted::Plain(if self.is_secret { empty.to_owned() } else { value.to_string() })
    }

    fn float(&self, value: f64, digits: impl Display) -> Redacted {
        if value.is_finite() || self.is_secret {
            return self.plain(digits, "0");
        }
        Redacted::Text(json::not_finite(value).to_owned())
    }

    fn text(&self, value: &str) -> Redacted {
        match (self.is_token, self.is_secret) {
            (true, _) => Redacted::Token,
            (false, true) => Redacted::Secret(self.secrets.number(value)),
            (false, false) => Redacted::Text(value.to_owned()),
        }
    }

    fn blob(&self, value: &[u8]) -> Redacted {
        let text = crate::value::base64(value);
        if self.is_secret { Redacted::SecretBlob(self.secrets.number(&text)) } else { Redacted::Text(text) }
    }

    fn put(&mut self, value: Redacted) {
        self.is_token = false;
        match self.open.last_mut() {
            Some(OpenContainer::List(values)) => values.push(value),
            Some(OpenContainer::Object(values, key)) => values.extend(key.take().map(|key| (key, value))),
            None => self.whole = value,
        }
    }
}

impl Writer {
    /// A value in the dynamic notation with numbers in the place of secrets; `tokens` are members that make a call
    /// unique.
    pub(crate) fn redact(value: &dyn Value, secrets: &Secrets, tokens: Vec<String>) -> Result<Redacted, EncodeError> {
        let mut writer = Self::new(Output::Look(Look::Redact(Box::new(Redactor {
            secrets: secrets.clone(),
            tokens,
            is_secret: false,
            is_token: false,
            open: Vec::new(),
            whole: Redacted::Null,
        }))));
        value.write(&mut writer);
        let whole = writer.redacted().map(|output| std::mem::replace(&mut output.whole, Redacted::Null));
        writer.finish().map(|_| whole.unwrap_or(Redacted::Null))
    }

    /// What a redacted value is written to, if this is one.
    fn redacted(&mut self) -> Option<&mut Redactor> {
        let Output::Look(Look::Redact(redactor)) = &mut self.output else { return None };
        Some(redactor)
    }

    /// All that comes is secret, until [`Self::leave_secret`], which takes what this returns.
    pub(super) fn enter_secret(&mut self) -> bool {
        self.redacted().is_some_and(|output| std::mem::replace(&mut output.is_secret, true))
    }

    /// Ends what was entered.
    pub(super) fn leave_secret(&mut self, was_secret: bool) {
        if let Some(output) = self.redacted() {
            output.is_secret = was_secret;
        }
    }
}
