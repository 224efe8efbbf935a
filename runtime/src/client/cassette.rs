//! Calls that were recorded, and are answered from the recording: tests of an application without the service.

mod difference;
mod file;
mod print;
mod recorder;
mod replay;
mod tape;

pub use recorder::Recorder;
pub use replay::Replay;
pub use tape::Tape;

use crate::client::TransportErrorKind;
use crate::dynamic::ErrorFacts;
use crate::one_line::Message;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

/// Calls and their answers, in the order in which they were made: a [`Recorder`] makes one, a [`Replay`] answers from it. Its
/// text is JSON, to be reviewed and kept beside tests.
///
/// ```
/// use workstream_runtime::client::Cassette;
///
/// let text = r#"{
///   "cassette_version": 1,
///   "calls": [
///     { "service": "AppStream", "operation": "StartFleet", "input": { "Name": "fleet-1" }, "output": {} }
///   ]
/// }"#;
/// let cassette: Cassette = text.parse()?;
/// assert_eq!(cassette.len(), 1);
///
/// let error = text.replace("output", "outcome").parse::<Cassette>().unwrap_err();
/// assert!(error.to_string().contains("line 4"), "{error}");
/// # Ok::<(), workstream_runtime::client::CassetteError>(())
/// ```
///
/// # What it has
///
/// Each attempt of a call is an object: `service` (the service id), `operation` and `input`, then one of
///
/// - `output`,
/// - `error` with `status` and `code`, where there are any `message`, and `shape` and `members` of a modelled error,
/// - `failure` with `kind` and `message`, where no usable answer came: `connect`, `exchange`, `timeout`, `response` and
///   `request` are those of [`TransportErrorKind`]; `unanswered` is that the client did not wait any longer,
///
/// and `request_id`, if the answer had one. Inputs, outputs and members are in the notation of
/// [`dynamic`](crate::dynamic). There is nothing of credentials, signatures, headers and URLs.
///
/// # Secrets
///
/// A value that a model or an overlay marks as sensitive becomes `** redacted 1 **`, with the same number for the same value
/// within a cassette; bytes become the base64 of such text, keys `redacted-1`, numbers 0, booleans false. Members and the
/// number of elements stay. A secret of six bytes or more is redacted wherever else it is a whole value, and within messages;
/// a shorter one could be part of any text.
#[derive(Clone)]
pub struct Cassette {
    text: Arc<str>,
    /// Where it was read from.
    path: Option<Arc<Path>>,
    calls: Arc<[RecordedCall]>,
}

/// One attempt of a call.
struct RecordedCall {
    /// Where in the text it begins.
    start: usize,
    service: String,
    operation: String,
    /// Where in the text it stands; the same for the others.
    input: Range<usize>,
    answer: RecordedAnswer,
    request_id: Option<String>,
}

/// What came of it.
enum RecordedAnswer {
    Output(Range<usize>),
    /// With the members of its shape.
    Error(ErrorFacts, Option<Range<usize>>),
    Failure(RecordedFailure),
}

/// Why there was no answer.
#[derive(Clone)]
struct RecordedFailure {
    /// `None` where the client did not wait for one.
    kind: Option<TransportErrorKind>,
    is_permanent: bool,
    message: String,
}

impl Cassette {
    /// How many attempts of calls it has.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// What stands at `range`.
    fn text_at(&self, range: &Range<usize>) -> &[u8] {
        self.text.as_bytes().get(range.clone()).unwrap_or_default()
    }

    /// Where the byte at `offset` is, for people.
    fn place(&self, offset: usize) -> String {
        file::place(&self.text, self.path.as_deref(), offset)
    }

    /// What to call it.
    fn title(&self) -> String {
        self.path.as_deref().map_or_else(|| "the cassette".to_owned(), |path| path.display().to_string())
    }
}

impl FromStr for Cassette {
    type Err = CassetteError;

    fn from_str(text: &str) -> Result<Self, CassetteError> {
        Self::read(text, None)
    }
}

/// The text of the file.
impl fmt::Display for Cassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Cassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cassette").field("path", &self.path).field("calls", &self.len()).finish_non_exhaustive()
    }
}

/// Why a cassette cannot be read or written, or does not fit the calls: in one line, with the place and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CassetteError(String);

impl CassetteError {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for CassetteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Message(&self.0))
    }
}

impl std::error::Error for CassetteError {}

/// The kinds of failures that a cassette has.
const KINDS: [Option<TransportErrorKind>; 6] = [
    Some(TransportErrorKind::Connect),
    Some(TransportErrorKind::Exchange),
    Some(TransportErrorKind::Timeout),
    Some(TransportErrorKind::Response),
    Some(TransportErrorKind::Request),
    None,
];

/// The name that a cassette has for a kind of failure.
fn kind_name(kind: Option<TransportErrorKind>) -> &'static str {
    match kind {
        Some(TransportErrorKind::Connect) => "connect",
        Some(TransportErrorKind::Exchange) => "exchange",
        Some(TransportErrorKind::Timeout) => "timeout",
        Some(TransportErrorKind::Response) => "response",
        Some(TransportErrorKind::Request) => "request",
        None => "unanswered",
    }
}
