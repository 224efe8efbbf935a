//! The text of a cassette: indented JSON, in the order of the model.

use super::file::{VERSION, VERSION_NAME, is_permanent};
use super::{RecordedFailure, kind_name};
use crate::Writer;
use crate::dynamic::ErrorFacts;
use crate::json::pretty;
use crate::redacted::{Redacted, RedactedKey, SecretNumber, Secrets};
use std::collections::BTreeMap;

/// What a call is told as: names, and values that may have secrets.
pub(super) struct ToldCall<'c> {
    pub service: &'c str,
    pub operation: &'c str,
    pub input: &'c Redacted,
    pub answer: ToldAnswer<'c>,
    pub request_id: Option<&'c str>,
}

/// What came of it.
pub(super) enum ToldAnswer<'c> {
    Output(&'c Redacted),
    Error(&'c ErrorFacts, &'c Redacted),
    Failure(&'c RecordedFailure),
}

/// Secrets of fewer bytes are looked for only where the model says that they are.
const TELLING: usize = 6;
/// What stands for a unique token.
const TOKEN: &str = "** token **";
/// What a marker begins and ends with, around a number.
const MARKER: (&str, &str) = ("** redacted ", " **");

/// The same for keys, which may be names of headers.
const KEY_MARKER: (&str, &str) = ("redacted-", "");

/// Whether this text stands for a secret.
pub(super) fn is_marker(text: &str) -> bool {
    is_number_within(text, MARKER)
}

/// Whether this key stands for a secret one.
pub(super) fn is_key_marker(key: &str) -> bool {
    is_number_within(key, KEY_MARKER)
}

fn is_number_within(text: &str, (begin, end): (&str, &str)) -> bool {
    let number = text.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The text of a cassette with these calls. Secrets are numbered in the order in which they occur in it.
pub(super) fn print(calls: &[ToldCall<'_>], secrets: &Secrets) -> String {
    let mut printer = Printer::new(secrets);
    for call in calls {
        printer.number(call.input);
        match &call.answer {
            ToldAnswer::Output(value) | ToldAnswer::Error(_, value) => printer.number(value),
            ToldAnswer::Failure(_) => {}
        }
    }
    printer.open('{');
    printer.plain(VERSION_NAME, &VERSION.to_string());
    printer.key("calls");
    printer.open('[');
    for call in calls {
        printer.item();
        printer.call(call);
    }
    printer.close(']');
    printer.close('}');
    pretty(&printer.text) + "\n"
}

/// A value on one line, for messages.
pub(super) fn compact(value: &Redacted) -> String {
    match value {
        Redacted::Null => "null".to_owned(),
        Redacted::Plain(text) => text.clone(),
        Redacted::Text(text) => quoted(text),
        Redacted::Secret(_) | Redacted::SecretBlob(_) => quoted("** redacted **"),
        Redacted::Token => quoted(TOKEN),
        Redacted::List(values) => {
            let values: Vec<String> = values.iter().map(compact).collect();
            format!("[{}]", values.join(", "))
        }
        Redacted::Object(entries) => {
            let entry = |(key, value): &(RedactedKey, Redacted)| format!("{}: {}", key_text(key), compact(value));
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn key_text(key: &RedactedKey) -> String {
    match key {
        RedactedKey::Member(name) => quoted(name),
        RedactedKey::Entry(key) => quoted(key),
        RedactedKey::Secret(_) => quoted("** redacted **"),
    }
}

/// Text as JSON has it.
fn quoted(text: &str) -> String {
    let mut writer = Writer::json();
    writer.string(text);
    // Text can always be written.
    String::from_utf8(writer.finish().unwrap_or_default()).unwrap_or_default()
}

struct Printer {
    /// JSON without white space.
    text: String,
    /// Whether the container that is open has something.
    has_items: bool,
    secrets: BTreeMap<String, SecretNumber>,
    /// The numbers that secrets get in this text.
    numbers: BTreeMap<SecretNumber, usize>,
}

impl Printer {
    fn new(secrets: &Secrets) -> Self {
        Self { text: String::new(), has_items: false, secrets: secrets.seen(), numbers: BTreeMap::new() }
    }

    /// The secret that this text is, if it is one wherever it stands.
    fn secret(&self, text: &str) -> Option<SecretNumber> {
        self.secrets.get(text).copied().filter(|_| text.len() >= TELLING)
    }

    /// Numbers the secrets of a value that have no number yet.
    fn number(&mut self, value: &Redacted) {
        match value {
            Redacted::Null | Redacted::Plain(_) | Redacted::Token => {}
            Redacted::Text(text) => self.secret(text).into_iter().for_each(|secret| self.see(secret)),
            Redacted::Secret(secret) | Redacted::SecretBlob(secret) => self.see(*secret),
            Redacted::List(values) => values.iter().for_each(|value| self.number(value)),
            Redacted::Object(entries) => entries.iter().for_each(|(key, value)| {
                match key {
                    RedactedKey::Member(_) => {}
                    RedactedKey::Entry(key) => self.secret(key).into_iter().for_each(|secret| self.see(secret)),
                    RedactedKey::Secret(secret) => self.see(*secret),
                }
                self.number(value);
            }),
        }
    }

    fn see(&mut self, secret: SecretNumber) {
        let next = self.numbers.len() + 1;
        self.numbers.entry(secret).or_insert(next);
    }

    fn marker(&self, secret: SecretNumber) -> String {
        self.within(secret, MARKER)
    }

    fn key_marker(&self, secret: SecretNumber) -> String {
        self.within(secret, KEY_MARKER)
    }

    fn within(&self, secret: SecretNumber, (begin, end): (&str, &str)) -> String {
        format!("{begin}{}{end}", self.numbers.get(&secret).copied().unwrap_or_default())
    }

    /// Text as it is shown, where all of it may be a secret.
    fn shown(&self, text: &str) -> String {
        self.secret(text).map_or_else(|| text.to_owned(), |secret| self.marker(secret))
    }

    /// A message as it is shown, where a part of it may be a secret: of several, the longest. The message of an error is
    /// among its members too, and may be one there.
    fn message(&self, text: &str) -> String {
        if let Some(secret) = self.secrets.get(text) {
            return self.marker(*secret);
        }
        let mut secrets: Vec<_> = self.secrets.iter().filter(|(secret, _)| secret.len() >= TELLING).collect();
        secrets.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
        secrets.into_iter().fold(text.to_owned(), |text, (secret, number)| text.replace(secret, &self.marker(*number)))
    }

    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.has_items = false;
    }

    /// Begins the next of what is in what is open.
    fn item(&mut self) {
        if self.has_items {
            self.text.push(',');
        }
        self.has_items = true;
    }

    fn key(&mut self, key: &str) {
        self.item();
        self.text.push_str(&quoted(key));
        self.text.push(':');
    }

    fn plain(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.push_str(value);
    }

    fn string(&mut self, key: &str, value: &str) {
        self.plain(key, &quoted(value));
    }

    fn close(&mut self, bracket: char) {
        self.text.push(bracket);
        self.has_items = true;
    }

    fn call(&mut self, call: &ToldCall<'_>) {
        self.open('{');
        self.string("service", call.service);
        self.string("operation", call.operation);
        self.key("input");
        self.value(call.input, false);
        match &call.answer {
            ToldAnswer::Output(output) => {
                self.key("output");
                self.value(output, false);
            }
            ToldAnswer::Error(facts, members) => self.error(facts, members),
            ToldAnswer::Failure(failure) => self.failure(failure),
        }
        if let Some(id) = call.request_id {
            self.string("request_id", &self.shown(id));
        }
        self.close('}');
    }

    fn error(&mut self, facts: &ErrorFacts, members: &Redacted) {
        self.key("error");
        self.open('{');
        self.plain("status", facts.status.as_str());
        self.string("code", &facts.code);
        if let Some(message) = &facts.message {
            self.string("message", &self.message(message));
        }
        if let Some(shape) = &facts.shape {
            self.string("shape", shape);
            self.key("members");
            self.value(members, true);
        }
        self.close('}');
    }

    fn failure(&mut self, failure: &RecordedFailure) {
        self.key("failure");
        self.open('{');
        self.string("kind", kind_name(failure.kind));
        if failure.is_permanent != is_permanent(failure.kind) {
            self.plain("permanent", &failure.is_permanent.to_string());
        }
        self.string("message", &self.message(&failure.message));
        self.close('}');
    }

    /// A value; `is_message` is whether its texts are messages, which may quote a secret.
    fn value(&mut self, value: &Redacted, is_message: bool) {
        let text = match value {
            Redacted::Null => "null".to_owned(),
            Redacted::Plain(text) => text.clone(),
            Redacted::Text(text) if is_message => quoted(&self.message(text)),
            Redacted::Text(text) => quoted(&self.shown(text)),
            Redacted::Secret(secret) => quoted(&self.marker(*secret)),
            Redacted::SecretBlob(secret) => quoted(&crate::value::base64(self.marker(*secret).as_bytes())),
            Redacted::Token => quoted(TOKEN),
            Redacted::List(values) => {
                self.open('[');
                for value in values {
                    self.item();
                    self.value(value, is_message);
                }
                return self.close(']');
            }
            Redacted::Object(entries) => {
                self.open('{');
                for (key, value) in entries {
                    let key = match key {
                        RedactedKey::Member(name) => (*name).to_owned(),
                        RedactedKey::Entry(key) => {
                            self.secret(key).map_or_else(|| key.clone(), |secret| self.key_marker(secret))
                        }
                        RedactedKey::Secret(secret) => self.key_marker(*secret),
                    };
                    self.key(&key);
                    self.value(value, is_message);
                }
                return self.close('}');
            }
        };
        self.text.push_str(&text);
    }
}
