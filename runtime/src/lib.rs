//! Hand-written support that the generated crate `workstream` calls.
//!
//! Generated types say once what they consist of, by implementing [`Value`].
//! Each notation is then one [`Writer`] and one [`Reader`]:
//!
//! | notation | for | reads |
//! |---|---|---|
//! | JSON | awsJson1_0, awsJson1_1, restJson1 | leniently |
//! | CBOR | rpcv2Cbor | leniently |
//! | XML (feature `xml`) | restXml, and answers of awsQuery and ec2Query | leniently |
//! | forms (feature `query`) | requests of awsQuery and ec2Query | leniently |
//! | dynamic JSON | people and tools | strictly |
//! | [`json`], and any of serde's formats (feature `serde`) | files, caches, logs | strictly |
//! | debug text | `Debug` | |
//! | none (feature `validate`): constraints are looked at | `validate` | |
//!
//! Members are passed as `&dyn Value`: the algorithms are compiled once, here,
//! and a generated type costs one small function each way.
//!
//! # What is stable
//!
//! This crate serves the crates that `workstream-codegen` writes, and goes with the version that wrote them. Its public
//! items follow semantic versioning, but for what documentation does not show (`#[doc(hidden)]`): that is for generated
//! code, as are its macros, and changes in any release. [`Operation`], [`Paginated`], [`PaginatedItems`], [`Batched`],
//! [`Waiter`](waiter::Waiter) and [`ServiceError`] are sealed: code may call them and be generic over them. [`Value`] and
//! [`MapKey`] may be implemented too.
//!
//! What can grow is `#[non_exhaustive]`. What is not is closed: [`Document`] has the kinds of JSON, [`TimestampFormat`]
//! and [`WaiterState`](waiter::WaiterState) are those of Smithy.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_debug_implementations)]

// Generated code names this crate, also where it is a part of it.
extern crate self as workstream_runtime;

mod batch;
#[cfg(feature = "rest")]
mod bindings;
mod blob;
#[cfg(feature = "checksum")]
mod checksum;
#[cfg(feature = "client-core")]
pub mod client;
#[cfg(feature = "validate")]
mod constraints;
mod decimal;
mod decode_error;
mod description;
#[cfg(feature = "serde")]
mod deserialize;
mod document;
pub mod dynamic;
mod encode_error;
pub mod endpoint;
mod enums;
mod error;
mod error_body;
#[doc(hidden)]
pub mod generated;
/// Clients of the services that give credentials, with the operations that do: made as those of any other service are.
///
/// They are for the sources of credentials here, and follow these: operations come and go with them.
#[cfg(feature = "credentials")]
#[rustfmt::skip]
pub mod identity;
pub mod json;
#[cfg(feature = "serde_json")]
mod json_value;
mod markup;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod moments;
#[cfg(feature = "xml")]
mod names;
mod one_line;
mod opaque;
mod operation;
mod paginator;
mod parts;
mod path;
mod protocol;
mod reader;
#[cfg(feature = "test-util")]
mod redacted;
mod respond;
mod response;
mod sealed;
#[cfg(feature = "serde")]
mod serialize;
mod service_error;
#[cfg(feature = "client-core")]
mod shown;
mod structure;
mod timestamp;
#[cfg(feature = "xml")]
mod tree;
#[cfg(feature = "validate")]
mod validate;
mod value;
#[cfg(feature = "validate")]
mod violation;
pub mod waiter;
mod writer;

pub use http;

pub use batch::{Batched, Likeness};
#[cfg(feature = "rest")]
pub use bindings::{Body, Http, Place};
pub use blob::Blob;
#[cfg(feature = "checksum")]
pub use checksum::Checksum;
#[cfg(feature = "validate")]
pub use constraints::{Constraint, Constraints, MemberConstraint, Pattern};
pub use decode_error::DecodeError;
pub use description::{OperationDescription, ResolveEndpoint, RetryDefaults, ServiceDescription};
pub use document::{Document, Number};
pub use encode_error::EncodeError;
pub use enums::{EnumText, UnknownValue};
pub use error::{Error, ErrorKind, Retry, ServiceError};
#[cfg(feature = "xml")]
pub use names::Names;
pub use operation::{Operation, request};
pub use paginator::{Paginated, PaginatedItems};
pub use parts::ResponseMetadata;
pub use protocol::Protocol;
#[cfg(feature = "rest")]
pub use reader::PlacedReader;
pub use reader::{
    ErrorFields, ListReader, MapReader, NamedReader, Reader, StructureReader, UnionReader, scan_error_fields,
};
pub use respond::{respond, respond_error};
pub use structure::{Maybe, Structure, Union};
pub use timestamp::{ParseTimestampError, Timestamp, TimestampFormat, TimestampRangeError};
#[cfg(feature = "xml")]
pub use tree::Tree;
#[cfg(feature = "validate")]
pub use validate::Validate;
pub use value::{MapKey, Value};
#[cfg(feature = "validate")]
pub use violation::{Violation, ViolationKind, Violations};
pub use writer::{ListWriter, MapWriter, StructureWriter, UnionWriter, Writer, debug};

/// How many structures, unions, lists and maps may stand within each other, in
/// what is read and in what is written: no value can exhaust the stack.
pub const MAX_DEPTH: usize = 128;

/// How much memory what is read from a body of this length may take, in bytes, beside its text: some for any body, and more
/// for each byte. An element that says anything has more bytes than that share of its size; one of two bytes, such as an
/// empty structure, may take a thousand bytes of memory.
const fn memory_for(length: usize) -> usize {
    (16_usize << 20).saturating_add(length.saturating_mul(16))
}

/// For the macros of this crate.
#[doc(hidden)]
pub mod __private {
    pub use crate::batch::likeness;
    #[cfg(feature = "serde")]
    pub use crate::deserialize::deserialize;
    pub use crate::error::{write_modelled_error, write_service_error};
    pub use crate::sealed::Generated;
    #[cfg(feature = "serde")]
    pub use crate::serialize::{serde, serialize};
    pub use crate::structure::{read_structure, read_union, write_structure};
}
