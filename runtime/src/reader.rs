//! Reading values: three notations, one set of calls.

mod cbor;
mod containers;
mod input;
mod json;
#[cfg(feature = "rest")]
mod message;
mod named;
mod scan;
mod strict;
mod structure;
#[cfg(feature = "rest")]
mod text;
#[cfg(feature = "xml")]
mod tree;
mod union;

use std::any::type_name;
use std::borrow::Cow;
use std::collections::BTreeMap;

pub use containers::{ListReader, MapReader};
#[cfg(feature = "rest")]
pub use message::PlacedReader;
#[cfg(feature = "rest")]
pub(crate) use message::Received;
pub use named::NamedReader;
pub use scan::{ErrorFields, scan_error_fields};
pub(crate) use scan::{Scanned, scan};
pub use structure::StructureReader;
pub use union::UnionReader;

use self::cbor::CborInput;
use self::input::{Cursor, Input, Kind, Result};
use self::json::JsonInput;
#[cfg(feature = "xml")]
use self::tree::{Layout, TreeInput};
use crate::path::Path;
#[cfg(feature = "xml")]
use crate::tree::{Id, Tree};
#[cfg(feature = "query")]
use crate::writer::FormStyle;
use crate::{DecodeError, Document, MAX_DEPTH, Timestamp, Value, memory_for};

/// Reads one value from a body.
///
/// The memory that it takes is bounded: some 16 MiB, and 16 bytes for each of the body. Beyond that is an error.
///
/// The first error is kept, and everything after it yields empty values;
/// [`finish`](Self::finish) tells.
pub struct Reader<'a> {
    input: Input<'a>,
    /// Whether what does not fit the model is an error.
    strict: bool,
    /// How many structures, unions, lists and maps are open.
    depth: usize,
    /// How many bytes of memory elements may still take.
    memory: usize,
    error: Option<DecodeError>,
    /// What is beside the body, until somebody reads it.
    #[cfg(feature = "rest")]
    message: Option<&'a Received<'a>>,
}

impl<'a> Reader<'a> {
    /// JSON as the awsJson protocols have it. Lenient: unknown members are
    /// passed over, missing ones stay as they are, and a body that is empty or
    /// null is an empty structure.
    pub fn json(body: &'a [u8]) -> Self {
        let (text, error) = match std::str::from_utf8(body) {
            Ok(text) => (text, None),
            Err(error) => ("", Some(DecodeError::new("found bytes that are not UTF-8", error.valid_up_to()))),
        };
        Self { error, ..Self::new(Input::Json(JsonInput::new(text)), body.len()) }
    }

    /// CBOR as the RPC v2 protocol has it; lenient in the same way.
    pub fn cbor(body: &'a [u8]) -> Self {
        Self::new(Input::Cbor(CborInput::new(body)), body.len())
    }

    /// JSON as people and tools write it: timestamps are seconds since 1970
    /// (or RFC 3339 text) whatever the model says. Strict: unknown members are
    /// errors, and so are missing ones that the model requires.
    pub fn dynamic_json(body: &'a [u8]) -> Self {
        Self { strict: true, ..Self::json(body) }
    }

    /// XML as the query protocols and restXml have it; lenient in the same way. What stands around the value is passed over.
    #[cfg(feature = "xml")]
    pub fn xml(tree: &'a Tree<'a>) -> Self {
        Self::tree(tree, tree.root(), Layout::Xml)
    }

    /// XML as the query protocols answer: the operation's result, or all where there is no such element.
    #[cfg(feature = "query")]
    pub(crate) fn result(tree: &'a Tree<'a>, operation: &str) -> Self {
        let is_result = |id: &Id| tree.name(*id).strip_suffix("Result") == Some(operation);
        let result = tree.root().and_then(|root| tree.children(root).find(is_result));
        Self::tree(tree, result.or(tree.root()), Layout::Xml)
    }

    /// XML as an error has it, whatever is around it.
    #[cfg(feature = "xml")]
    pub(crate) fn error(tree: &'a Tree<'a>) -> Self {
        let step = |id: Id| match tree.name(id) {
            "ErrorResponse" | "Errors" => tree.child(id, "Error"),
            "Response" => tree.child(id, "Errors"),
            _ => None,
        };
        let error = std::iter::successors(tree.root(), |id| step(*id)).last();
        Self::tree(tree, error, Layout::Xml)
    }

    /// Forms as servers of the query protocols get them; lenient in the same way.
    #[cfg(feature = "query")]
    pub(crate) fn form(tree: &'a Tree<'a>, style: FormStyle) -> Self {
        let layout = match style {
            FormStyle::AwsQuery => Layout::AwsQuery,
            FormStyle::Ec2Query => Layout::Ec2Query,
        };
        Self::tree(tree, tree.root(), layout)
    }

    #[cfg(feature = "xml")]
    fn tree(tree: &'a Tree<'a>, root: Option<Id>, layout: Layout) -> Self {
        let reader = Self::new(Input::Tree(TreeInput::new(tree, root, layout)), tree.length());
        Self { memory: reader.memory.saturating_sub(tree.memory()), ..reader }
    }

    fn new(input: Input<'a>, length: usize) -> Self {
        Self {
            input,
            strict: false,
            depth: 0,
            memory: memory_for(length),
            error: None,
            #[cfg(feature = "rest")]
            message: None,
        }
    }

    /// Ends reading.
    ///
    /// # Errors
    ///
    /// The first error that occurred, or that the body goes on after the value.
    pub fn finish(mut self) -> std::result::Result<(), DecodeError> {
        match self.error.take() {
            Some(error) => Err(error),
            None if self.input.at_end() => Ok(()),
            None => Err(DecodeError::new("expected the end, found more", self.input.offset())),
        }
    }

    /// Begins a structure. Its members are read in passes:
    /// [`StructureReader::next`].
    pub fn structure(&mut self, name: &'static str) -> StructureReader<'_, 'a> {
        StructureReader::begin(self, name, false)
    }

    /// Begins a union: [`UnionReader::next`].
    pub fn union(&mut self, name: &'static str) -> UnionReader<'_, 'a> {
        UnionReader::begin(self, name)
    }

    /// Begins a list, in which nulls are elements or nothing at all.
    pub fn list(&mut self, nulls: bool) -> ListReader<'_, 'a> {
        ListReader::begin(self, nulls)
    }

    /// Begins a map, in which nulls are values or nothing at all.
    pub fn map(&mut self, nulls: bool) -> MapReader<'_, 'a> {
        MapReader::begin(self, nulls)
    }

    /// Reads true or false.
    pub fn boolean(&mut self) -> bool {
        let result = self.input.boolean();
        self.keep(result)
    }

    /// Reads an integer; `5.0` is one too. Beyond `T` it is an error.
    pub fn integer<T: TryFrom<i64> + Default>(&mut self) -> T {
        let offset = self.input.offset();
        let result = self.input.integer().and_then(|value| {
            T::try_from(value).map_err(|_| DecodeError::mismatch(type_name::<T>(), "an integer out of range", offset))
        });
        self.keep(result)
    }

    /// Reads a number. `NaN` and the infinities are strings in JSON.
    pub fn float(&mut self) -> f64 {
        let result = self.input.float();
        self.keep(result)
    }

    /// Reads a number of single precision. A double too large for it is
    /// infinite, as in other SDKs: one member should not make a whole answer
    /// unreadable. In strict reading it is an error.
    pub fn float32(&mut self) -> f32 {
        let offset = self.input.offset();
        let result = self.input.float().and_then(|value| {
            let single = value as f32;
            let lost = self.strict && single.is_infinite() && value.is_finite();
            if lost { Err(DecodeError::mismatch("f32", "a number out of range", offset)) } else { Ok(single) }
        });
        self.keep(result)
    }

    /// Reads text, which is copied only if the body has it in pieces.
    pub fn string(&mut self) -> Cow<'a, str> {
        match self.plain_string() {
            Some(text) => Cow::Borrowed(text),
            None => {
                let result = self.input.string();
                self.keep(result)
            }
        }
    }

    /// Reads text that is one slice of the body, and nothing else.
    pub(crate) fn plain_string(&mut self) -> Option<&'a str> {
        self.input.plain_string()
    }

    /// Reads bytes: base64 in JSON.
    pub fn blob(&mut self) -> Vec<u8> {
        let result = self.input.blob();
        self.keep(result)
    }

    /// Reads a timestamp: a number is seconds since 1970, text a date in the
    /// forms of RFC 3339, ISO 8601 and HTTP (UTC where it names no zone). They
    /// cannot be mistaken for each other, so that reading, unlike writing, need
    /// not know the format that the model asks for.
    pub fn timestamp(&mut self) -> Timestamp {
        let result = self.any_timestamp();
        self.keep(result)
    }

    /// Reads whatever comes.
    pub fn document(&mut self) -> Document {
        let result = self.any_document();
        self.keep(result)
    }

    fn any_timestamp(&mut self) -> Result<Timestamp> {
        if self.input.kind()? != Kind::String {
            return self.input.epoch_seconds();
        }
        let offset = self.input.offset();
        let text = self.input.string()?;
        let time = if self.strict { text.parse().ok() } else { Timestamp::from_text(&text) };
        time.ok_or_else(|| DecodeError::mismatch("a timestamp", "another string", offset))
    }

    fn any_document(&mut self) -> Result<Document> {
        Ok(match self.input.kind()? {
            Kind::Null => {
                self.input.take_null()?;
                Document::Null
            }
            Kind::Bool => Document::Bool(self.input.boolean()?),
            Kind::Number => Document::Number(self.input.number()?),
            Kind::String => Document::String(self.input.string()?.into_owned()),
            // A document has no bytes of its own.
            Kind::Bytes => Document::String(crate::value::base64(&self.input.blob()?)),
            Kind::List => {
                let mut cursor = self.open_list()?;
                let mut values = Vec::new();
                while self.next_element(&mut cursor)? {
                    self.take_memory(size_of::<Document>())?;
                    values.push(self.any_document()?);
                }
                Document::Array(values)
            }
            Kind::Map => {
                let mut cursor = self.open_map()?;
                let mut values = BTreeMap::new();
                while self.more_keys(&mut cursor)? {
                    let key = self.input.key()?;
                    self.input.begin_value()?;
                    self.take_memory(size_of::<(String, Document)>())?;
                    values.insert(key.into_owned(), self.any_document()?);
                }
                Document::Object(values)
            }
        })
    }

    /// Passes over a value, and says where it stands.
    #[cfg(feature = "test-util")]
    pub(crate) fn span(&mut self) -> std::ops::Range<usize> {
        let start = self.input.kind().map(|_| self.input.offset());
        let start = self.keep(start);
        let end = self.skip();
        self.keep(end);
        start..self.input.offset()
    }

    /// Passes over a value, which must be well-formed nevertheless.
    fn skip(&mut self) -> Result<()> {
        match self.input.kind()? {
            Kind::Null => drop(self.input.take_null()?),
            Kind::Bool => drop(self.input.boolean()?),
            Kind::Number => self.input.skip_number()?,
            Kind::String => drop(self.input.string()?),
            Kind::Bytes => drop(self.input.blob()?),
            Kind::List => {
                let mut cursor = self.open_list()?;
                while self.next_element(&mut cursor)? {
                    self.skip()?;
                }
            }
            Kind::Map => {
                let mut cursor = self.open_map()?;
                while self.more_keys(&mut cursor)? {
                    self.input.key()?;
                    self.input.begin_value()?;
                    self.skip()?;
                }
            }
        }
        Ok(())
    }

    fn open_map(&mut self) -> Result<Cursor> {
        self.descend()?;
        self.input.open_map()
    }

    fn open_structure(&mut self, is_union: bool) -> Result<Cursor> {
        self.descend()?;
        self.input.open_structure(is_union)
    }

    fn open_list(&mut self) -> Result<Cursor> {
        self.descend()?;
        self.input.open_list()
    }

    fn descend(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("expected at most {MAX_DEPTH} levels, found more");
            return Err(DecodeError::new(message, self.input.offset()));
        }
        Ok(())
    }

    fn more_keys(&mut self, cursor: &mut Cursor) -> Result<bool> {
        let more = self.input.more_keys(cursor)?;
        self.depth -= usize::from(!more);
        Ok(more)
    }

    fn next_element(&mut self, cursor: &mut Cursor) -> Result<bool> {
        let more = self.input.next_element(cursor)?;
        self.depth -= usize::from(!more);
        Ok(more)
    }

    /// Allows for `bytes` more of memory.
    #[inline]
    fn take_memory(&mut self, bytes: usize) -> Result<()> {
        match self.memory.checked_sub(bytes) {
            Some(left) => self.memory = left,
            None => return Err(self.out_of_memory()),
        }
        Ok(())
    }

    #[cold]
    fn out_of_memory(&self) -> DecodeError {
        DecodeError::new("expected no more elements than fit the body's length, found more", self.input.offset())
    }

    /// Allows for a value of this size outside of its structure; an error otherwise.
    #[inline]
    pub(crate) fn make_room(&mut self, bytes: usize) {
        let result = self.take_memory(bytes);
        self.keep(result);
    }

    /// Reads a value that may be null, which then stays as it is.
    fn element(&mut self, value: &mut dyn Value, nulls: bool) {
        if nulls {
            let null = self.input.take_null();
            if self.keep(null) {
                return;
            }
        }
        value.read(self);
    }

    /// Says where within a container an error was.
    #[cold]
    fn within(&mut self, step: impl FnOnce(&mut Path)) {
        if let Some(error) = &mut self.error {
            step(error.path_mut());
        }
    }

    /// Whether the body has nothing, or is null, which some servers write for a structure without members.
    fn is_empty_body(&mut self) -> bool {
        if self.input.at_end() {
            return true;
        }
        let null = if self.strict { Ok(false) } else { self.input.take_null() };
        self.keep(null) || self.failed()
    }

    fn failed(&self) -> bool {
        self.error.is_some()
    }

    fn keep<T: Default>(&mut self, result: Result<T>) -> T {
        match result {
            Ok(value) => value,
            Err(error) => {
                self.fail(error);
                T::default()
            }
        }
    }

    #[cold]
    fn fail(&mut self, error: DecodeError) {
        if self.error.is_none() {
            self.error = Some(error);
            self.input.stop();
        }
    }
}
