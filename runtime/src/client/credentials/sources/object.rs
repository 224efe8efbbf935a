//! JSON objects with secrets in them.

use crate::client::text::bytes_without_mark;
use crate::{Document, EncodeError, Reader, Timestamp, Value, Writer};
use std::collections::BTreeMap;
use std::time::SystemTime;
use zeroize::{Zeroize, Zeroizing};

/// More than an object of credentials or tokens has in JSON, in bytes.
const LARGE: usize = 64 << 10;

/// A JSON object. Its errors say what is wrong, and quote nothing: all of it may be secret. Its text is overwritten when it
/// is dropped.
#[derive(Clone)]
pub(super) struct Object {
    /// What it is, for errors.
    what: &'static str,
    members: BTreeMap<String, Document>,
}

impl Drop for Object {
    fn drop(&mut self) {
        self.members.values_mut().for_each(wipe);
    }
}

fn wipe(value: &mut Document) {
    match value {
        Document::Null | Document::Bool(_) | Document::Number(_) => {}
        Document::String(text) => text.zeroize(),
        Document::Array(values) => values.iter_mut().for_each(wipe),
        Document::Object(members) => members.values_mut().for_each(wipe),
    }
}

impl Object {
    pub(super) fn read(body: &[u8], what: &'static str) -> Result<Self, String> {
        let mut reader = Reader::json(bytes_without_mark(body));
        let document = reader.document();
        match (reader.finish(), document) {
            (Ok(()), Document::Object(members)) => Ok(Self { what, members }),
            (_, mut other) => {
                wipe(&mut other);
                Err(format!("{what} is no JSON object"))
            }
        }
    }

    /// Writes it as JSON.
    pub(super) fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, EncodeError> {
        // With room for all of it: where text grows, a copy is left behind.
        let mut writer = Writer::json_in(Vec::with_capacity(LARGE));
        self.members.write(&mut writer);
        writer.finish().map(Zeroizing::new)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Document> {
        self.members.get(name).and_then(Document::non_null)
    }

    pub(super) fn set(&mut self, name: &str, value: impl Into<Document>) {
        if let Some(mut before) = self.members.insert(name.to_owned(), value.into()) {
            wipe(&mut before);
        }
    }

    /// Sets a time as the AWS CLI writes it: in UTC, to the second.
    pub(super) fn set_time(&mut self, name: &str, time: SystemTime) {
        self.set(name, Timestamp::from_secs(Timestamp::from(time).secs()).to_string());
    }

    pub(super) fn remove(&mut self, name: &str) {
        if let Some(mut before) = self.members.remove(name) {
            wipe(&mut before);
        }
    }

    /// An object in this one, which is called `what`.
    pub(super) fn object(&self, name: &str, what: &'static str) -> Result<Self, String> {
        match self.get(name) {
            None => Err(self.lacks(name)),
            Some(Document::Object(members)) => Ok(Self { what, members: members.clone() }),
            Some(_) => Err(format!("{what} is no JSON object")),
        }
    }

    /// Sets an object in this one.
    pub(super) fn set_object(&mut self, name: &str, object: &Self) {
        self.set(name, object.members.clone());
    }

    /// Text that is there and not empty.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(Document::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(format!("{}'s {name} is no text", self.what)),
        }
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, String> {
        self.text(name)?.ok_or_else(|| self.lacks(name))
    }

    /// A time. One that is there and cannot be read does not mean that there is none.
    pub(super) fn time(&self, name: &str) -> Result<Option<SystemTime>, String> {
        let time = match self.get(name) {
            None => return Ok(None),
            Some(Document::String(text)) => Timestamp::from_text(text).and_then(|time| SystemTime::try_from(time).ok()),
            Some(_) => None,
        };
        let expected = "expected one such as 2030-01-31T12:00:00Z";
        time.map(Some).ok_or_else(|| format!("{}'s {name} is no time: {expected}", self.what))
    }

    pub(super) fn required_time(&self, name: &str) -> Result<SystemTime, String> {
        self.time(name)?.ok_or_else(|| self.lacks(name))
    }

    fn lacks(&self, name: &str) -> String {
        format!("{} has no {name}", self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: &str) -> Result<Object, String> {
        Object::read(json.as_bytes(), "the token")
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        let json = r#"{"a":"1","b":{"c":[null,true,"ü\n",1.5]},"d":null,"e":-3}"#;
        let written = object(json).map(|object| object.to_json().map(|json| json.to_vec()));
        assert_eq!(written, Ok(Ok(json.as_bytes().to_vec())));
    }

    #[test]
    fn all_text_is_overwritten() {
        let mut value: Document =
            [Document::from("s"), [Document::from("t")].into_iter().collect()].into_iter().collect();
        wipe(&mut value);
        assert_eq!(value, [Document::from(""), [Document::from("")].into_iter().collect()].into_iter().collect());
    }

    #[test]
    fn errors_quote_nothing() {
        for json in ["", "[]", "5ecret", r#"{"a":5ecret}"#, r#"{"a":"b"}5ecret"#] {
            assert_eq!(object(json).err().as_deref(), Some("the token is no JSON object"), "{json}");
        }
        let Ok(object) = object(r#"{"empty":"","null":null,"number":1,"5ecret":"5ecret"}"#) else { unreachable!() };
        assert_eq!(object.text("empty"), Ok(None));
        assert_eq!(object.required("null"), Err("the token has no null".to_owned()));
        assert_eq!(object.required("number"), Err("the token's number is no text".to_owned()));
        assert_eq!(object.time("absent"), Ok(None));
        assert_eq!(object.required_time("absent"), Err("the token has no absent".to_owned()));
        let expected = "the token's 5ecret is no time: expected one such as 2030-01-31T12:00:00Z";
        assert_eq!(object.required_time("5ecret"), Err(expected.to_owned()));
        assert_eq!(object.object("5ecret", "its part").err().as_deref(), Some("its part is no JSON object"));
    }
}
