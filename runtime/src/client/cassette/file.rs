//! Reading and writing the text of a cassette.

use super::{Cassette, CassetteError, KINDS, RecordedAnswer, RecordedCall, RecordedFailure, kind_name};
use crate::client::transport::TransportErrorKind;
use crate::dynamic::ErrorFacts;
use crate::{DecodeError, Reader, Value, Writer};
use http::StatusCode;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The version of the form that is written and read.
pub(super) const VERSION: i32 = 1;
/// The member that has it.
pub(super) const VERSION_NAME: &str = "cassette_version";

impl Cassette {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no cassette: with file, line and column.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        let path = path.as_ref();
        let text = fs::read(path).map_err(|error| {
            let advice = if error.kind() == io::ErrorKind::NotFound { "; it has to be recorded first" } else { "" };
            CassetteError::new(format!("the cassette {} cannot be read: {error}{advice}", path.display()))
        })?;
        let text = String::from_utf8(text)
            .map_err(|_| CassetteError::new(format!("the cassette {} is not UTF-8", path.display())))?;
        Self::read(&text, Some(path))
    }

    /// Writes a file, whole or not at all: what was there stays until all is written. Folders that are missing are made.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), CassetteError> {
        let path = path.as_ref();
        let temporary = beside(path);
        let written = folder(path).and_then(|()| fs::write(&temporary, self.text.as_bytes()));
        written.and_then(|()| fs::rename(&temporary, path)).map_err(|error| {
            // Nothing half written is left; there may be nothing at all.
            let _ = fs::remove_file(&temporary);
            CassetteError::new(format!("the cassette {} cannot be written: {error}", path.display()))
        })
    }

    pub(super) fn read(text: &str, path: Option<&Path>) -> Result<Self, CassetteError> {
        let located =
            |error: Misread| CassetteError::new(format!("{}: {}", place(text, path, error.offset), error.message));
        let mut version = CassetteVersion(None);
        read(Reader::json(text.as_bytes()), 0, &mut version).map_err(located)?;
        if version.0.is_some_and(|version| version != VERSION) {
            let at = text.find(VERSION_NAME).unwrap_or_default();
            let found = version.0.unwrap_or_default();
            let message = format!("expected {VERSION_NAME} {VERSION}, found {found}: record it anew");
            return Err(located(Misread { message, offset: at }));
        }
        let mut file = CassetteFile::default();
        read(Reader::dynamic_json(text.as_bytes()), 0, &mut file).map_err(located)?;
        let calls = file.calls.iter().map(|span| call(text, span.0.clone()));
        let calls = calls.collect::<Result<Vec<_>, _>>().map_err(located)?;
        Ok(Self { text: text.into(), path: path.map(Arc::from), calls: calls.into() })
    }
}

/// Makes the folder of a file.
fn folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder),
        _ => Ok(()),
    }
}

/// A file in the same folder that nobody else writes.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", crate::client::random::uuid()));
    path.with_file_name(name)
}

/// Where in a file the byte at `offset` is, for people.
pub(super) fn place(text: &str, path: Option<&Path>, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    match path {
        Some(path) => format!("{}:{line}:{column}", path.display()),
        None => format!("the cassette, line {line}, column {column}"),
    }
}

/// What is wrong, and where in the text.
struct Misread {
    message: String,
    offset: usize,
}

/// Reads `value`, whose text begins at `start`.
fn read(mut reader: Reader<'_>, start: usize, value: &mut dyn Value) -> Result<(), Misread> {
    value.read(&mut reader);
    reader.finish().map_err(|error| Misread { message: said(&error), offset: start + error.offset() })
}

/// What a decode error says, without the place.
pub(super) fn said(error: &DecodeError) -> String {
    let path = error.path();
    if path.is_empty() { error.message().to_owned() } else { format!("{path}: {}", error.message()) }
}

/// One call, whose text is at `span`.
fn call(text: &str, span: Range<usize>) -> Result<RecordedCall, Misread> {
    let start = span.start;
    let mut call = CallText::default();
    let bytes = text.as_bytes().get(span).unwrap_or_default();
    read(Reader::dynamic_json(bytes), start, &mut call)?;
    let at = |span: TextSpan| start + span.0.start..start + span.0.end;
    let misread = |message: String| Misread { message, offset: start };
    let answer = match (call.output, call.error, call.failure) {
        (Some(output), None, None) => RecordedAnswer::Output(at(output)),
        (None, Some(error), None) => {
            let status = u16::try_from(error.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
            let status = status.ok_or_else(|| misread(format!("error: {} is no status of HTTP", error.status)))?;
            let facts = ErrorFacts { status, code: error.code, shape: error.shape, message: error.message };
            RecordedAnswer::Error(facts, error.members.map(at))
        }
        (None, None, Some(failure)) => RecordedAnswer::Failure(failure.check().map_err(misread)?),
        _ => return Err(misread("expected one of `output`, `error` and `failure`, found none or several".to_owned())),
    };
    let CallText { service, operation, input, request_id, .. } = call;
    Ok(RecordedCall { start, service, operation, input: at(input), answer, request_id })
}

/// Which version a file is of, whatever else it has.
struct CassetteVersion(Option<i32>);

/// A file: calls are read one by one, to say where they are.
#[derive(Default)]
struct CassetteFile {
    version: i32,
    calls: Vec<TextSpan>,
}

/// Where a value stands.
#[derive(Default)]
struct TextSpan(Range<usize>);

#[derive(Default)]
struct CallText {
    service: String,
    operation: String,
    input: TextSpan,
    output: Option<TextSpan>,
    error: Option<ErrorText>,
    failure: Option<FailureText>,
    request_id: Option<String>,
}

#[derive(Default)]
struct ErrorText {
    status: i32,
    code: String,
    shape: Option<String>,
    message: Option<String>,
    members: Option<TextSpan>,
}

#[derive(Default)]
struct FailureText {
    kind: String,
    is_permanent: Option<bool>,
    message: String,
}

impl FailureText {
    fn check(self) -> Result<RecordedFailure, String> {
        let Some(kind) = KINDS.into_iter().find(|kind| kind_name(*kind) == self.kind) else {
            let known = KINDS.map(kind_name).join(", ");
            return Err(format!("failure: expected a kind of {known}, found another"));
        };
        let is_permanent = self.is_permanent.unwrap_or_else(|| is_permanent(kind));
        Ok(RecordedFailure { kind, is_permanent, message: self.message })
    }
}

/// Whether a failure of this kind is for good where nothing else is said.
pub(super) fn is_permanent(kind: Option<TransportErrorKind>) -> bool {
    match kind {
        Some(TransportErrorKind::Request | TransportErrorKind::Response) => true,
        Some(TransportErrorKind::Connect | TransportErrorKind::Exchange | TransportErrorKind::Timeout) | None => false,
    }
}

/// What is only read: files are written by their own printer, over lines.
macro_rules! read_only {
    ($($name:ident: |$value:ident, $members:ident| $read:block)*) => {$(
        impl Value for $name {
            fn write(&self, writer: &mut Writer) {
                writer.null();
            }

            fn read(&mut self, reader: &mut Reader<'_>) {
                let $value = self;
                let mut members = reader.structure(stringify!($name));
                while members.next() {
                    let $members = &mut members;
                    $read
                }
            }
        }
    )*};
}

read_only! {
    CassetteVersion: |value, s| {
        s.member(VERSION_NAME, &mut value.0);
    }
    CassetteFile: |value, s| {
        s.required(VERSION_NAME, &mut value.version);
        s.required("calls", &mut value.calls);
    }
    CallText: |value, s| {
        s.required("service", &mut value.service);
        s.required("operation", &mut value.operation);
        s.required("input", &mut value.input);
        s.member("output", &mut value.output);
        s.member("error", &mut value.error);
        s.member("failure", &mut value.failure);
        s.member("request_id", &mut value.request_id);
    }
    ErrorText: |value, s| {
        s.required("status", &mut value.status);
        s.required("code", &mut value.code);
        s.member("shape", &mut value.shape);
        s.member("message", &mut value.message);
        s.member("members", &mut value.members);
    }
    FailureText: |value, s| {
        s.required("kind", &mut value.kind);
        s.member("permanent", &mut value.is_permanent);
        s.required("message", &mut value.message);
    }
}

impl Value for TextSpan {
    fn write(&self, writer: &mut Writer) {
        writer.null();
    }

    fn read(&mut self, reader: &mut Reader<'_>) {
        self.0 = reader.span();
    }
}
