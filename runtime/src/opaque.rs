//! `Debug` of readers and writers: their names. What they are in the middle of may be secret.

use crate::{ListReader, ListWriter, MapReader, MapWriter, Reader, StructureReader, StructureWriter};
use crate::{UnionReader, UnionWriter, Writer};
use std::fmt;

macro_rules! opaque {
    ($($name:ident)*) => { $(
        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )* };
}

opaque!(Reader ListWriter MapWriter StructureWriter UnionWriter);

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

macro_rules! opaque_reader {
    ($($name:ident)*) => { $(
        impl fmt::Debug for $name<'_, '_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )* };
}

opaque_reader!(ListReader MapReader StructureReader UnionReader);
