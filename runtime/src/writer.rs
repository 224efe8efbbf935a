//! Writing values: four notations, one set of calls.

mod cbor;
#[cfg(feature = "validate")]
mod check;
#[cfg(feature = "serde")]
mod collected;
mod containers;
mod debug;
#[cfg(feature = "xml")]
mod elements;
#[cfg(feature = "query")]
mod form;
#[cfg(feature = "rest")]
mod head;
pub(crate) mod json;
#[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
mod look;
mod output;
#[cfg(feature = "test-util")]
mod redacted;
#[cfg(feature = "rest")]
mod text;
#[cfg(feature = "xml")]
mod xml;

pub(crate) use self::output::REDACTED;
#[cfg(feature = "validate")]
pub(crate) use check::check;
#[cfg(feature = "serde")]
pub(crate) use collected::Collected;
pub(crate) use containers::UNKNOWN_MEMBER;
pub use containers::{ListWriter, MapWriter, StructureWriter, UnionWriter};
pub use debug::debug;
#[cfg(feature = "rest")]
pub(crate) use head::Head;

#[cfg(feature = "serde")]
use self::collected::Collector;
#[cfg(feature = "xml")]
use self::elements::ElementText;
#[cfg(feature = "query")]
pub(crate) use self::form::FormStyle;
#[cfg(feature = "query")]
use self::form::FormText;
use self::json::JsonStyle;
#[cfg(any(feature = "serde", feature = "validate"))]
use self::look::Look;
use self::output::Output;
#[cfg(feature = "xml")]
use self::xml::XmlText;
#[cfg(feature = "xml")]
use crate::names::Names;
use crate::{EncodeError, MAX_DEPTH, Timestamp, TimestampFormat, Value};

/// What becomes of a union whose member the model does not have: nobody knows its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UnknownMembers {
    /// It cannot be sent.
    Refused,
    /// People see its name.
    Shown,
    /// Its name is there as in boto3, but for that of a required union which a response lacks.
    Named,
    /// Its name is there, so that whoever reads it has the same value.
    Kept,
}

/// Writes one value to a body.
///
/// The first error is kept, and everything after it writes nothing;
/// [`finish`](Self::finish) tells.
pub struct Writer {
    output: Output,
    /// How many structures, unions, lists and maps are open.
    depth: usize,
    /// Where a member says so.
    format: Option<TimestampFormat>,
    error: Option<EncodeError>,
    /// Where members go that travel beside the body.
    #[cfg(feature = "rest")]
    head: Option<Box<Head>>,
}

impl Writer {
    /// JSON as the awsJson protocols have it.
    pub fn json() -> Self {
        Self::json_in(Vec::new())
    }

    /// The same at the end of a buffer.
    pub fn json_in(buffer: Vec<u8>) -> Self {
        Self::new(Output::Json { buffer, style: JsonStyle::Wire })
    }

    /// CBOR as the RPC v2 protocol has it.
    pub fn cbor() -> Self {
        Self::cbor_in(Vec::new())
    }

    /// The same at the end of a buffer.
    pub fn cbor_in(buffer: Vec<u8>) -> Self {
        Self::new(Output::Cbor { buffer })
    }

    /// JSON for people and tools: timestamps are seconds since 1970 whatever
    /// the model says, and an unknown union member is there by its name.
    pub fn dynamic_json() -> Self {
        Self::new(Output::Json { buffer: Vec::new(), style: JsonStyle::Dynamic })
    }

    /// JSON to keep, as [`crate::json`] has it.
    pub(crate) fn readable_json() -> Self {
        Self::new(Output::Json { buffer: Vec::new(), style: JsonStyle::Readable })
    }

    /// What a value consists of.
    #[cfg(feature = "serde")]
    pub(crate) fn collect(value: &dyn Value) -> Result<Collected, EncodeError> {
        let mut writer = Self::new(Output::Look(Look::Collect(Collector::default())));
        value.write(&mut writer);
        match (writer.error, writer.output) {
            (Some(error), _) => Err(error),
            (None, Output::Look(Look::Collect(collector))) => Ok(collector.finish()),
            (None, _) => Ok(Collected::Null),
        }
    }

    /// The same for logs: secrets are redacted as in `Debug`, and blobs told by their size.
    pub(crate) fn redacted_json() -> Self {
        Self::new(Output::Json { buffer: Vec::new(), style: JsonStyle::Redacted })
    }

    /// XML, within the root element that the names say.
    #[cfg(feature = "xml")]
    pub fn xml(root: &'static Names) -> Self {
        Self::new(Output::Elements(ElementText::Xml(XmlText::new(Vec::new(), Some(root)))))
    }

    /// The same within this root element, if bodies are XML.
    #[cfg(all(feature = "rest", feature = "xml"))]
    pub(crate) fn with_root(mut self, root: Option<&'static Names>) -> Self {
        if let (Output::Elements(ElementText::Xml(text)), Some(root)) = (&mut self.output, root) {
            text.begin_within(root);
        }
        self
    }

    /// XML after what is there already: of a structure its members alone.
    #[cfg(feature = "xml")]
    pub(crate) fn xml_in(buffer: Vec<u8>) -> Self {
        Self::new(Output::Elements(ElementText::Xml(XmlText::new(buffer, None))))
    }

    /// A form of the query protocols, with the names of an operation and of its API's version.
    #[cfg(feature = "query")]
    pub(crate) fn form(style: FormStyle, action: &str, version: &str) -> Self {
        Self::new(Output::Elements(ElementText::Form(FormText::new(style, action, version))))
    }

    fn new(output: Output) -> Self {
        Self {
            output,
            depth: 0,
            format: None,
            error: None,
            #[cfg(feature = "rest")]
            head: None,
        }
    }

    /// Ends writing and returns the body.
    ///
    /// # Errors
    ///
    /// The first error that occurred: a union without a known member, a date
    /// beyond the calendar, or more than [`MAX_DEPTH`] levels.
    pub fn finish(self) -> Result<Vec<u8>, EncodeError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.output.into_buffer()),
        }
    }

    /// Begins a structure.
    pub fn structure(&mut self, name: &'static str) -> StructureWriter<'_> {
        StructureWriter::begin(self, name)
    }

    /// Begins a union.
    pub fn union(&mut self, name: &'static str) -> UnionWriter<'_> {
        UnionWriter::begin(self, name)
    }

    /// Begins a list of so many elements.
    pub fn list(&mut self, length: usize) -> ListWriter<'_> {
        ListWriter::begin(self, length)
    }

    /// Begins a map of so many entries.
    pub fn map(&mut self, length: usize) -> MapWriter<'_> {
        MapWriter::begin(self, length)
    }

    /// Writes null.
    pub fn null(&mut self) {
        if let Some(output) = self.open() {
            output.null();
        }
    }

    /// Writes true or false.
    pub fn boolean(&mut self, value: bool) {
        if let Some(output) = self.open() {
            output.boolean(value);
        }
    }

    /// Writes an integer.
    pub fn integer(&mut self, value: i64) {
        if let Some(output) = self.open() {
            output.integer(value);
        }
    }

    /// Writes an integer that may be beyond `i64`.
    pub fn unsigned(&mut self, value: u64) {
        if let Some(output) = self.open() {
            output.unsigned(value);
        }
    }

    /// Writes a number. `NaN` and the infinities are strings in JSON.
    pub fn float(&mut self, value: f64) {
        if let Some(output) = self.open() {
            output.float(value);
        }
    }

    /// Writes a number of single precision, in as few digits as that takes.
    pub fn float32(&mut self, value: f32) {
        if let Some(output) = self.open() {
            output.float32(value);
        }
    }

    /// Writes text.
    pub fn string(&mut self, value: &str) {
        if let Some(output) = self.open() {
            output.string(value);
        }
    }

    /// Writes bytes: base64 in JSON.
    pub fn blob(&mut self, value: &[u8]) {
        if let Some(output) = self.open() {
            output.blob(value);
        }
    }

    /// Writes a timestamp in the format of its member.
    pub fn timestamp(&mut self, value: Timestamp) {
        let format = self.format;
        if let Some(output) = self.open()
            && !output.timestamp(value, format)
        {
            self.fail(EncodeError::new("a timestamp beyond the years that dates can say"));
        }
    }

    /// Whether secrets are left out.
    fn redacts(&self) -> bool {
        match &self.output {
            Output::Json { style, .. } => *style == JsonStyle::Redacted,
            Output::Debug(_) => true,
            Output::Cbor { .. } => false,
            #[cfg(feature = "rest")]
            Output::Text(_) => false,
            #[cfg(feature = "xml")]
            Output::Elements(_) => false,
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Output::Look(_) => false,
        }
    }

    /// Whether members go by their names on the wire.
    fn is_wire(&self) -> bool {
        match &self.output {
            Output::Json { style, .. } => *style == JsonStyle::Wire,
            Output::Cbor { .. } => true,
            Output::Debug(_) => false,
            #[cfg(feature = "rest")]
            Output::Text(_) => true,
            #[cfg(feature = "xml")]
            Output::Elements(_) => true,
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Output::Look(_) => false,
        }
    }

    /// Where names matter, what they are for the member that comes, if it does.
    #[cfg(feature = "xml")]
    fn expect(&mut self, names: &'static Names, value: &dyn Value) {
        match &mut self.output {
            Output::Elements(text) if !value.is_absent() => text.expect(names),
            Output::Elements(_) | Output::Json { .. } | Output::Cbor { .. } | Output::Debug(_) => {}
            #[cfg(feature = "rest")]
            Output::Text(_) => {}
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Output::Look(_) => {}
        }
    }

    /// How a union says that its member is none of the model's.
    fn unknown_members(&self) -> UnknownMembers {
        match &self.output {
            Output::Debug(_) => UnknownMembers::Shown,
            Output::Json { style: JsonStyle::Dynamic | JsonStyle::Redacted, .. } => UnknownMembers::Named,
            Output::Json { style: JsonStyle::Readable, .. } => UnknownMembers::Kept,
            Output::Json { style: JsonStyle::Wire, .. } | Output::Cbor { .. } => UnknownMembers::Refused,
            #[cfg(feature = "rest")]
            Output::Text(_) => UnknownMembers::Refused,
            #[cfg(feature = "xml")]
            Output::Elements(_) => UnknownMembers::Refused,
            #[cfg(any(feature = "serde", feature = "test-util", feature = "validate"))]
            Output::Look(look) => look.unknown_members(),
        }
    }

    /// What checks values, where nothing is written and there was no error.
    #[cfg(feature = "validate")]
    fn checker(&mut self) -> Option<&mut check::Checker> {
        let Output::Look(Look::Check(checker)) = self.open()? else { return None };
        Some(checker)
    }

    /// Where values are checked: the member that comes is a secret, or not.
    #[cfg(feature = "validate")]
    fn look_at_secret(&mut self, is_secret: bool) {
        if is_secret && let Some(checker) = self.checker() {
            checker.secret();
        }
    }

    /// Where values are checked: compares the last element of a list with those before it, if that matters.
    #[cfg(feature = "validate")]
    fn look_at_element(&mut self, element: &dyn Value) {
        let Some(checker) = self.checker().filter(|checker| checker.wants_unique()) else { return };
        let mut writer = Self::dynamic_json();
        element.write(&mut writer);
        // What cannot be written has been found already.
        if let Ok(text) = writer.finish() {
            checker.compare(text);
        }
    }

    /// Whether values are checked: then a union's unknown member is something to tell.
    #[cfg(feature = "validate")]
    fn looks_at_unknown(&mut self, union: &str, member: &str) -> bool {
        self.checker().map(|checker| checker.unknown(union, member)).is_some()
    }

    /// Where to write, unless there was an error.
    fn open(&mut self) -> Option<&mut Output> {
        if self.error.is_none() { Some(&mut self.output) } else { None }
    }

    /// Goes one level down.
    fn descend(&mut self) -> Option<&mut Output> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.fail(EncodeError::new(format!("more than {MAX_DEPTH} levels")));
        }
        self.open()
    }

    /// Comes one level up.
    fn ascend(&mut self) -> Option<&mut Output> {
        self.depth -= 1;
        self.open()
    }

    /// Writes a value by its own description. An error goes back to the caller,
    /// who knows where it was.
    fn value(&mut self, value: &dyn Value) -> Result<(), EncodeError> {
        value.write(self);
        match self.error.take() {
            None => Ok(()),
            Some(error) => Err(error),
        }
    }

    #[cold]
    fn fail(&mut self, error: EncodeError) {
        self.error.get_or_insert(error);
    }
}
