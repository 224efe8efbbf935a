//! What of a message is not its body: labels, query, headers and status.

use super::containers::Container;
use super::output::{Output, REDACTED, Shape};
use super::text::{TextOutput, Texts};
use super::{StructureWriter, Writer};
use crate::bindings::{Body, Place, Template};
use crate::{EncodeError, TimestampFormat, Value};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::borrow::Cow;

/// Collects the members of a message that travel beside its body.
#[derive(Debug)]
pub(crate) struct Head {
    body: Body,
    labels: Vec<(&'static str, String)>,
    query: Vec<(Cow<'static, str>, String)>,
    /// Keys and values that count where neither the path nor another member has the key.
    more_query: Vec<(String, String)>,
    /// Headers so far.
    pub headers: HeaderMap,
    /// The status, where a member has it.
    pub status: Option<StatusCode>,
    /// Whether the member is there that is the body.
    has_payload: bool,
    /// Whether there is no body, because nothing stands in it.
    is_empty: bool,
    /// Whether it is for logs: without secrets.
    redacts: bool,
}

/// What stands in a URL for a secret: the form that others have would be escaped there.
const REDACTED_TEXT: &str = "redacted";

impl Head {
    pub fn new(body: Body) -> Self {
        Self {
            body,
            labels: Vec::new(),
            query: Vec::new(),
            more_query: Vec::new(),
            headers: HeaderMap::new(),
            status: None,
            has_payload: false,
            is_empty: false,
            redacts: false,
        }
    }

    /// The media type of the body, if there is one; that of structures is the protocol's.
    pub fn content_type(&self, of_structures: &'static str) -> Option<&'static str> {
        match self.body {
            Body::None => None,
            Body::Members | Body::Structure => (!self.is_empty).then_some(of_structures),
            Body::Value => self.has_payload.then_some(of_structures),
            Body::Bytes(media_type) | Body::Text(media_type) => self.has_payload.then_some(media_type),
        }
    }

    /// Path and query.
    pub fn uri(&mut self, template: &'static str) -> Result<String, EncodeError> {
        let template = Template::new(template);
        for (key, value) in std::mem::take(&mut self.more_query) {
            if !template.has_key(&key)
                && !self.query.iter().any(|(taken, _)| matches!(taken, Cow::Borrowed(own) if *own == key))
            {
                self.query.push((Cow::Owned(key), value));
            }
        }
        template.expand(&self.labels, &self.query)
    }

    /// Notes that a secret travels here.
    fn redacted(&mut self, place: Place) {
        let text = || REDACTED_TEXT.to_owned();
        match place {
            Place::Label(name) => self.labels.push((name, text())),
            Place::Query(name) => self.query.push((Cow::Borrowed(name), text())),
            // Keys are secrets too.
            Place::QueryParams => self.more_query.push((text(), text())),
            Place::Header(_) | Place::EncodedHeader(_) | Place::PrefixHeaders(_) | Place::Payload | Place::Status => {}
        }
    }

    /// Takes a member that travels here. Headers are marked where it is a secret.
    fn member(
        &mut self,
        place: Place,
        value: &dyn Value,
        format: Option<TimestampFormat>,
        secret: bool,
    ) -> Result<(), EncodeError> {
        let dates = match place {
            Place::Header(_) | Place::EncodedHeader(_) | Place::PrefixHeaders(_) => TimestampFormat::HttpDate,
            Place::Label(_) | Place::Query(_) | Place::QueryParams | Place::Payload | Place::Status => {
                TimestampFormat::DateTime
            }
        };
        let Texts { texts, need_quotes } = texts(TextOutput::new(dates), value, format)?;
        let mut texts = texts.into_iter().map(|(key, text)| (key, String::from_utf8_lossy(&text).into_owned()));
        match place {
            Place::Label(name) => self.labels.extend(texts.next().map(|(_, text)| (name, text))),
            Place::Query(name) => self.query.extend(texts.map(|(_, text)| (Cow::Borrowed(name), text))),
            Place::QueryParams => self.more_query.extend(texts.filter_map(|(key, text)| Some((key?, text)))),
            Place::Header(name) => {
                let texts: Vec<String> = texts.map(|(_, text)| if need_quotes { quoted(text) } else { text }).collect();
                self.header(name, &texts.join(", "), secret)?;
            }
            Place::EncodedHeader(name) => {
                if let Some((_, text)) = texts.next() {
                    self.header(name, &crate::value::base64(text.as_bytes()), secret)?;
                }
            }
            Place::PrefixHeaders(prefix) => {
                for (key, text) in texts {
                    self.header(&format!("{prefix}{}", key.unwrap_or_default()), &text, secret)?;
                }
            }
            Place::Status => {
                let status = texts.next().and_then(|(_, text)| text.parse().ok());
                let status = status.and_then(|status| StatusCode::from_u16(status).ok());
                self.status = Some(status.ok_or_else(|| EncodeError::new("found another number, expected a status"))?);
            }
            // Not here: it is written to the body.
            Place::Payload => {}
        }
        Ok(())
    }

    fn header(&mut self, name: &str, value: &str, secret: bool) -> Result<(), EncodeError> {
        let unfit = |what: &str| EncodeError::new(format!("found text that is no {what} of a header"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit("name"))?;
        let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unfit("value"))?;
        value.set_sensitive(secret);
        self.headers.append(name, value);
        Ok(())
    }
}

/// What `value` says in text.
fn texts(output: TextOutput, value: &dyn Value, format: Option<TimestampFormat>) -> Result<Texts, EncodeError> {
    let mut writer = Writer::new(Output::Text(output));
    writer.format = format;
    value.write(&mut writer);
    match (writer.error, writer.output) {
        (Some(error), _) => Err(error),
        (None, Output::Text(output)) => output.finish(),
        (None, Output::Json { .. } | Output::Cbor { .. } | Output::Debug(_)) => Err(EncodeError::new("no text")),
        #[cfg(feature = "xml")]
        (None, Output::Elements(_)) => Err(EncodeError::new("no text")),
        #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
        (None, Output::Look(_)) => Err(EncodeError::new("no text")),
    }
}

/// An element of a list in a header: in quotes where a reader would take it for several, or for something quoted.
fn quoted(text: String) -> String {
    if !text.contains([',', '"']) {
        return text;
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Writer {
    /// The body of a message, with its head beside it.
    pub(crate) fn with_head(mut self, body: Body) -> Self {
        self.head = Some(Box::new(Head::new(body)));
        self
    }

    /// The same for logs: without secrets in the head.
    #[cfg(feature = "client-core")]
    pub(crate) fn with_redacted_head(mut self, body: Body) -> Self {
        self.head = Some(Box::new(Head { redacts: true, ..Head::new(body) }));
        self
    }

    /// As [`finish`](Self::finish), of a message.
    pub(crate) fn finish_message(mut self) -> Result<(Head, Vec<u8>), EncodeError> {
        let head = self.head.take().map_or_else(|| Head::new(Body::Members), |head| *head);
        Ok((head, self.finish()?))
    }

    /// The structure of a payload that is not there.
    fn empty_structure(&mut self) {
        self.structure("").end();
    }
}

impl<'w> StructureWriter<'w> {
    /// Where the next member travels.
    pub fn at(&mut self, place: Place) -> &mut Self {
        self.place = Some(place);
        self
    }

    /// Whether the member goes to the head, or nowhere.
    pub(super) fn is_beside_body(&mut self, name: &'static str, value: &dyn Value, secret: bool) -> bool {
        let place = self.place.take();
        let Some(head) = &mut self.head else { return false };
        let Some(place) = place else { return head.body != Body::Members };
        let writer = &mut *self.container.writer;
        if value.is_absent() || writer.error.is_some() {
            return true;
        }
        let written = if place == Place::Payload {
            head.has_payload = true;
            match head.redacts {
                true => writer.redacted_payload(head.body, value, secret),
                false => writer.payload(head.body, value),
            }
        } else if secret && head.redacts {
            head.redacted(place);
            Ok(())
        } else {
            head.member(place, value, writer.format, secret)
        };
        if let Err(mut error) = written {
            error.path_mut().prepend_member(name);
            writer.fail(error);
        }
        true
    }

    /// The structure that a message is. Its brackets are there only where members stand in the body one by one.
    pub(super) fn message(writer: &'w mut Writer, name: &'static str, head: Box<Head>) -> Self {
        let shape = Shape::Structure(name);
        let container = match head.body {
            Body::Members => Container::begin(writer, shape),
            Body::None | Body::Structure | Body::Value | Body::Bytes(_) | Body::Text(_) => {
                Container::silent(writer, shape)
            }
        };
        let mut members = Self::inside(container);
        members.head = Some(head);
        members
    }

    /// Ends the structure that a message is, and gives the head back.
    pub(super) fn end_message(mut self) {
        let Some(mut head) = self.head.take() else { return };
        let has_members = !self.container.is_empty();
        let writer = match head.body {
            Body::Members => self.container.end(),
            Body::None | Body::Structure | Body::Value | Body::Bytes(_) | Body::Text(_) => self.container.writer,
        };
        match head.body {
            Body::Members if !has_members => head.is_empty = writer.output.discard_empty(),
            Body::Structure if !head.has_payload => {
                writer.empty_structure();
                head.is_empty = writer.output.discard_empty();
            }
            Body::None | Body::Members | Body::Structure | Body::Value | Body::Bytes(_) | Body::Text(_) => {}
        }
        writer.head = Some(head);
    }
}

impl Writer {
    fn payload(&mut self, body: Body, value: &dyn Value) -> Result<(), EncodeError> {
        match body {
            Body::Bytes(_) | Body::Text(_) => {
                let Texts { texts, .. } = texts(TextOutput::raw(), value, self.format)?;
                self.output.raw(texts.into_iter().flat_map(|(_, text)| text).collect());
                Ok(())
            }
            Body::None | Body::Members | Body::Structure | Body::Value => self.value(value),
        }
    }

    /// The same for logs: a secret is left out, and what is no JSON told by its size.
    fn redacted_payload(&mut self, body: Body, value: &dyn Value, secret: bool) -> Result<(), EncodeError> {
        if secret {
            return self.value(&REDACTED.to_owned());
        }
        match body {
            Body::Bytes(media_type) | Body::Text(media_type) => {
                let Texts { texts, .. } = texts(TextOutput::raw(), value, self.format)?;
                let size: usize = texts.iter().map(|(_, text)| text.len()).sum();
                self.value(&format!("{size} bytes of {media_type}"))
            }
            Body::None | Body::Members | Body::Structure | Body::Value => self.value(value),
        }
    }
}
