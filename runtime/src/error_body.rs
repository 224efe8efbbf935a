//! What an answer's body is, if it is not what the protocol says: proxies, gateways and local servers answer in
//! notations of their own, and what they say is what somebody needs to know.

#[cfg(feature = "xml")]
use crate::Tree;
#[cfg(feature = "rest")]
use crate::bindings::Body;
#[cfg(all(feature = "rest", feature = "xml"))]
use crate::markup::is_within;
use crate::markup::{is_html, page_text, xml_error_fields};
use crate::parts::Parts;
use crate::protocol::Codec;
#[cfg(feature = "rest")]
use crate::reader::Received;
use crate::reader::{Scanned, scan};
use crate::{Document, ErrorFields, Protocol, Reader, Value, Writer};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use std::borrow::Cow;

/// How many bytes of a body that nobody understands are kept; and how long plain text may be to be a message.
const EXCERPT: usize = 4096;
/// How many bytes of markup are looked at.
const MARKUP: usize = 64 * 1024;

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    Json,
    Cbor,
    Xml,
    Html,
    /// UTF-8 without control characters.
    Text,
    /// Nothing, white space, or null.
    Empty,
    Unknown,
}

/// What a body says of an error.
#[derive(Debug)]
pub(crate) struct ErrorBody {
    pub notation: Notation,
    pub fields: ErrorFields,
    /// Code and message of an envelope: they count where nothing else has any, headers included.
    pub enveloped: ErrorFields,
}

impl Notation {
    /// Goes by the first byte: the bodies of errors in JSON, CBOR and markup begin differently, and content types are
    /// wrong too often.
    pub fn of(parts: &Parts<'_>, protocol: Protocol) -> Self {
        let body = without_mark(parts.body);
        match body.trim_ascii_start().first() {
            None => Self::Empty,
            _ if matches!(body.trim_ascii(), b"null" | [0xF6 | 0xF7]) => Self::Empty,
            Some(b'{') => Self::Json,
            Some(b'<') if parts.says_html() || is_html(&beginning(body, MARKUP)) => Self::Html,
            Some(b'<') => Self::Xml,
            _ if parts.says_html() => Self::Html,
            // A map, or tags before one, which begin like text in other scripts than Latin.
            Some(0xA0..=0xBF) => Self::Cbor,
            Some(0xC0..=0xDB) if protocol.is_cbor() && std::str::from_utf8(body).is_err() => Self::Cbor,
            _ if is_plain(body) => Self::Text,
            _ => Self::Unknown,
        }
    }

    /// The notation that a protocol's bodies have.
    fn of_protocol(protocol: Protocol) -> Self {
        match protocol.codec() {
            Codec::Json => Self::Json,
            Codec::Cbor => Self::Cbor,
            #[cfg(feature = "xml")]
            Codec::Xml => Self::Xml,
        }
    }

    /// Whether [`Reader`] knows it.
    fn is_cbor(self) -> Option<bool> {
        match self {
            Self::Json => Some(false),
            Self::Cbor => Some(true),
            Self::Xml | Self::Html | Self::Text | Self::Empty | Self::Unknown => None,
        }
    }
}

impl ErrorBody {
    pub fn of(parts: &Parts<'_>, protocol: Protocol) -> Self {
        let notation = Notation::of(parts, protocol);
        let body = without_mark(parts.body);
        let (mut fields, mut enveloped) = (ErrorFields::default(), ErrorFields::default());
        match notation {
            Notation::Json | Notation::Cbor => {
                if let Some(scanned) = scan(body, notation == Notation::Cbor) {
                    Scanned { own: fields, enveloped } = scanned;
                }
            }
            Notation::Xml => fields = xml_error_fields(&beginning(body, MARKUP)),
            Notation::Text => {
                let is_short = body.len() <= EXCERPT && !body.trim_ascii_start().starts_with(b"[");
                fields.message = is_short.then(|| beginning(body, EXCERPT).trim().to_owned());
            }
            Notation::Html | Notation::Empty | Notation::Unknown => {}
        }
        Self { notation, fields, enveloped }
    }

    /// Whether the body is an error, whatever the status says.
    #[cfg(all(feature = "rest", feature = "xml"))]
    pub fn is_error_in_xml(parts: &Parts<'_>) -> bool {
        let text = beginning(without_mark(parts.body), EXCERPT);
        is_within(&text, "Error") || is_within(&text, "ErrorResponse")
    }

    /// Reads the members of the error's shape.
    pub fn read_members(
        notation: Notation,
        protocol: Protocol,
        parts: &Parts<'_>,
        message: Option<&str>,
        members: &mut dyn Value,
    ) -> bool {
        #[cfg(feature = "xml")]
        if notation == Notation::Xml && protocol.codec() == Codec::Xml {
            // The element has a capital letter, whatever the model says.
            message.map(|message| read_message(message, members));
            return Tree::xml(parts.body).is_ok_and(|tree| read_within(Reader::error(&tree), parts, members));
        }
        let _ = protocol;
        let reader = match notation.is_cbor() {
            Some(true) => Reader::cbor(parts.body),
            Some(false) => Reader::json(without_mark(parts.body)),
            // What headers say.
            None if notation == Notation::Empty => Reader::json(&[]),
            None => return message.is_none_or(|message| read_message(message, members)),
        };
        read_within(reader, parts, members)
    }

    /// What to show of a body that has neither code nor message: the title or the text of a page, the beginning of
    /// anything else.
    pub fn excerpt(notation: Notation, parts: &Parts<'_>) -> Option<String> {
        let body = without_mark(parts.body);
        let text = match notation {
            Notation::Empty => return None,
            Notation::Html => page(parts, body)?,
            Notation::Cbor => json_of(body).map_or_else(|| beginning(body, EXCERPT), Cow::Owned).into_owned(),
            Notation::Json | Notation::Xml | Notation::Text | Notation::Unknown => {
                beginning(body, EXCERPT).trim().to_owned()
            }
        };
        let text = beginning(text.as_bytes(), EXCERPT).into_owned();
        (!matches!(text.as_str(), "" | "{}")).then_some(text)
    }
}

/// Reads members of an error that travel in headers too.
fn read_within(reader: Reader<'_>, parts: &Parts<'_>, members: &mut dyn Value) -> bool {
    #[cfg(feature = "rest")]
    let message = Received { status: Some(parts.status), ..Received::new(Body::Members, parts.body, parts.headers) };
    #[cfg(feature = "rest")]
    let reader = reader.with_message(&message);
    let _ = parts;
    let mut reader = reader;
    members.read(&mut reader);
    reader.finish().is_ok()
}

/// The message as the only member of a structure, under both of its names.
fn read_message(message: &str, members: &mut dyn Value) -> bool {
    let names = ["message", "Received"];
    let object = Document::Object(names.map(|name| (name.to_owned(), Document::from(message.to_owned()))).into());
    let mut writer = Writer::json();
    object.write(&mut writer);
    let Ok(body) = writer.finish() else { return false };
    let mut reader = Reader::json(&body);
    members.read(&mut reader);
    reader.finish().is_ok()
}

/// CBOR for people.
fn json_of(body: &[u8]) -> Option<String> {
    let mut reader = Reader::cbor(body);
    let document = reader.document();
    reader.finish().ok()?;
    let mut writer = Writer::json();
    document.write(&mut writer);
    String::from_utf8(writer.finish().ok()?).ok()
}

/// What a page says, if it is more than the meaning of its status.
fn page(parts: &Parts<'_>, body: &[u8]) -> Option<String> {
    let text = page_text(&beginning(body, MARKUP));
    let status = parts.status;
    let rest = text.strip_prefix(status.as_str()).unwrap_or(&text).trim_start_matches([' ', '-', ':']);
    let is_news = !rest.is_empty() && status.canonical_reason().is_none_or(|reason| !reason.eq_ignore_ascii_case(rest));
    is_news.then(|| rest.to_owned())
}

/// How the body is compressed, though requests allow nothing of the kind.
pub(crate) fn coding(parts: &Parts<'_>) -> Option<String> {
    let said = parts.headers.get(CONTENT_ENCODING).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let said = said.filter(|coding| !coding.trim().is_empty() && !coding.trim().eq_ignore_ascii_case("identity"));
    let seen = match parts.body {
        [0x1F, 0x8B, ..] => Some("gzip"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some("zstd"),
        [0x78, 0x01 | 0x9C | 0xDA, ..] => Some("deflate"),
        _ => None,
    };
    said.map(Cow::into_owned).or_else(|| seen.map(str::to_owned))
}

/// What a body that cannot be read as an output seems to be; `None` where it is what it should be, but for a fault.
pub(crate) fn suspicion(parts: &Parts<'_>, protocol: Protocol) -> Option<String> {
    if let Some(coding) = coding(parts) {
        return Some(format!(
            "the body is {coding}-encoded, which the request did not allow (accept-encoding: identity)"
        ));
    }
    let expected = protocol.content_type();
    let said = parts.headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let said = said.filter(|said| {
        let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let family = match protocol.codec() {
            Codec::Json => "json",
            Codec::Cbor => "cbor",
            #[cfg(feature = "xml")]
            Codec::Xml => "xml",
        };
        !essence.contains(family)
    });
    let notation = Notation::of(parts, protocol);
    let (what, advice) = match notation {
        _ if notation == Notation::of_protocol(protocol) => ("", ""),
        Notation::Html => ("an HTML page", ": a proxy or a login page seems to answer for the service"),
        Notation::Json => ("JSON", ": the endpoint seems to speak another protocol (`.protocol(..)` chooses one)"),
        Notation::Cbor => ("CBOR", ": the endpoint seems to speak another protocol (`.protocol(..)` chooses one)"),
        Notation::Xml => ("XML", ": the endpoint seems to be another service's"),
        Notation::Text if protocol.is_cbor() => ("text", ""),
        Notation::Text | Notation::Empty | Notation::Unknown => ("", ""),
    };
    let page = (notation == Notation::Html).then(|| page(parts, parts.body)).flatten();
    let page = page.map(|text| format!(" (\"{}\")", crate::one_line::OneLine(text))).unwrap_or_default();
    match (what, said) {
        ("", None) => None,
        ("", Some(said)) => Some(format!("the answer's content type is `{said}`, not `{expected}`")),
        (what, None) => Some(format!("the body is {what}{page}{advice}")),
        (what, Some(said)) => {
            Some(format!("the body is {what}{page} of content type `{said}`, not `{expected}`{advice}"))
        }
    }
}

/// The first bytes as text, whatever they are.
fn beginning(body: &[u8], length: usize) -> Cow<'_, str> {
    let cut = body.get(..length).unwrap_or(body);
    match std::str::from_utf8(cut) {
        Ok(text) => Cow::Borrowed(text),
        // The last character may be cut.
        Err(error) if cut.len() < body.len() && error.error_len().is_none() => {
            String::from_utf8_lossy(cut.get(..error.valid_up_to()).unwrap_or_default())
        }
        Err(_) => String::from_utf8_lossy(cut),
    }
}

fn is_plain(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok_and(|text| !text.contains('\0'))
}

/// Some servers write a byte order mark before UTF-8.
fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}
