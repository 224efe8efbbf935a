//! What the types and operations of generated code say without a path.

pub use crate::{
    Batched, Blob, Document, Operation, OperationDescription, Paginated, PaginatedItems, Structure, StructureReader,
    StructureWriter, Timestamp, TimestampFormat, Union, UnionReader, UnionWriter, UnknownValue, Value, int_enum,
    modelled_error, redacted_debug, string_enum, structure, union,
};
pub use std::collections::BTreeMap;

/// What only some protocols need, under a name that no type of a service has.
pub mod wire {
    #[cfg(feature = "checksum")]
    pub use crate::Checksum;
    #[cfg(feature = "xml")]
    pub use crate::Names;
    #[cfg(feature = "rest")]
    pub use crate::{Body, Http, Place};
}
