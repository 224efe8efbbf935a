//! Where a series of pages stopped, as text.

use crate::{Operation, Paginated, Reader, Value, Writer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// Where a series of pages or items stopped. It can be kept as text, and belongs to the operation and input that it came
/// from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResumeToken(String);

impl ResumeToken {
    /// So many items after the beginning of the page at `start`, or of the input's own page.
    pub(super) fn new<I: Paginated>(start: Option<&I::Token>, skip: usize) -> Self {
        let record = Record {
            operation: I::DESCRIPTION.name.to_owned(),
            skip: i64::try_from(skip).unwrap_or(i64::MAX),
            token: start.cloned(),
        };
        let mut writer = Writer::dynamic_json();
        record.write(&mut writer);
        // Tokens are what a service sent, so they can be written.
        Self(URL_SAFE_NO_PAD.encode(writer.finish().unwrap_or_default()))
    }

    /// The page's token and how many of its items to skip; `None` for what [`Self::new`] does not make for this
    /// operation.
    pub(super) fn read<I: Paginated>(&self) -> Option<(Option<I::Token>, usize)> {
        let json = URL_SAFE_NO_PAD.decode(&self.0).ok()?;
        let mut record = Record::<I::Token>::default();
        let mut reader = Reader::dynamic_json(&json);
        record.read(&mut reader);
        reader.finish().ok()?;
        let fits = record.operation == <I as Operation>::DESCRIPTION.name;
        fits.then_some((record.token, usize::try_from(record.skip).ok()?))
    }

    /// The token as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for ResumeToken {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ResumeToken {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl FromStr for ResumeToken {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.into())
    }
}

impl fmt::Display for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Default)]
struct Record<T> {
    operation: String,
    skip: i64,
    token: Option<T>,
}

impl<T: Value + Default> Value for Record<T> {
    fn write(&self, writer: &mut Writer) {
        let mut members = writer.structure("ResumeToken");
        members.member("operation", &self.operation);
        members.member("skip", &self.skip);
        members.member("token", &self.token);
        members.end();
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        let mut members = reader.structure("ResumeToken");
        while members.next() {
            members.required("operation", &mut self.operation);
            members.required("skip", &mut self.skip);
            members.member("token", &mut self.token);
        }
    }
}
