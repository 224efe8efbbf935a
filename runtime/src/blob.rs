//! Binary values.

use std::fmt;
use std::ops::Deref;

/// Bytes: base64 text in JSON, a byte string in CBOR. What slices of bytes can, a blob can too.
///
/// ```
/// use workstream_runtime::Blob;
///
/// let blob = Blob::from("PNG");
/// assert_eq!(blob.len(), 3);
/// assert_eq!(blob, *b"PNG");
/// assert_eq!(&blob[1..], b"NG");
/// assert_eq!(Some(blob).as_deref(), Some(&b"PNG"[..]));
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blob(Vec<u8>);

impl Blob {
    /// A blob of these bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The bytes, as [`into_bytes`](Self::into_bytes) gives them: what the AWS SDK for Rust calls it. `Vec::from` does
    /// the same.
    pub fn into_inner(self) -> Vec<u8> {
        self.0
    }
}

impl Deref for Blob {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Blob {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// `From` of what can be made bytes, with or without a copy.
macro_rules! blob_from {
    ($($({$($generic:tt)*})? $from:ty)*) => {$(
        impl$(<$($generic)*>)? From<$from> for Blob {
            fn from(bytes: $from) -> Self {
                Self(bytes.into())
            }
        }
    )*};
}

blob_from! {
    Vec<u8>
    &[u8]
    {const N: usize} [u8; N]
    {const N: usize} &[u8; N]
    Box<[u8]>
    &str
    String
}

#[cfg(feature = "client-core")]
blob_from!(bytes::Bytes);

impl From<Blob> for Vec<u8> {
    fn from(blob: Blob) -> Self {
        blob.0
    }
}

/// `==` with other bytes.
macro_rules! blob_equals {
    ($($({$($generic:tt)*})? $other:ty)*) => {$(
        impl$(<$($generic)*>)? PartialEq<$other> for Blob {
            fn eq(&self, other: &$other) -> bool {
                self.0 == *other
            }
        }
    )*};
}

blob_equals! {
    [u8]
    &[u8]
    Vec<u8>
    {const N: usize} [u8; N]
    {const N: usize} &[u8; N]
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}
