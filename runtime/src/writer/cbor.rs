//! CBOR. Structures have indefinite length, since absent members are only found
//! on the way; everything else is definite and as short as possible.
//!
//! Writing to a vector cannot fail, so the encoder's results say nothing.

use super::output::{Shape, Slot};
use crate::Timestamp;
use minicbor::data::Tag;
use minicbor::encode::{Encoder, Error};
use std::convert::Infallible;

const EPOCH_SECONDS: Tag = Tag::new(1);

fn write(buffer: &mut Vec<u8>, head: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), Error<Infallible>>) {
    let _ = head(&mut Encoder::new(buffer));
}

pub(super) fn begin(buffer: &mut Vec<u8>, shape: Shape) {
    write(buffer, |encoder| match shape {
        Shape::Structure(_) => encoder.begin_map()?.ok(),
        Shape::Union(_) => encoder.map(1)?.ok(),
        Shape::List(length) => encoder.array(length as u64)?.ok(),
        Shape::Map(length) => encoder.map(length as u64)?.ok(),
    });
}

pub(super) fn end(buffer: &mut Vec<u8>, shape: Shape) {
    if let Shape::Structure(_) = shape {
        write(buffer, |encoder| encoder.end()?.ok());
    }
}

pub(super) fn slot(buffer: &mut Vec<u8>, slot: Slot<'_>) {
    if let Slot::Member(name) | Slot::Key(name) = slot {
        string(buffer, name);
    }
}

pub(super) fn null(buffer: &mut Vec<u8>) {
    write(buffer, |encoder| encoder.null()?.ok());
}

pub(super) fn boolean(buffer: &mut Vec<u8>, value: bool) {
    write(buffer, |encoder| encoder.bool(value)?.ok());
}

pub(super) fn integer(buffer: &mut Vec<u8>, value: i64) {
    write(buffer, |encoder| encoder.i64(value)?.ok());
}

pub(super) fn unsigned(buffer: &mut Vec<u8>, value: u64) {
    write(buffer, |encoder| encoder.u64(value)?.ok());
}

pub(super) fn float(buffer: &mut Vec<u8>, value: f64) {
    write(buffer, |encoder| encoder.f64(value)?.ok());
}

pub(super) fn float32(buffer: &mut Vec<u8>, value: f32) {
    write(buffer, |encoder| encoder.f32(value)?.ok());
}

pub(super) fn string(buffer: &mut Vec<u8>, value: &str) {
    write(buffer, |encoder| encoder.str(value)?.ok());
}

pub(super) fn blob(buffer: &mut Vec<u8>, value: &[u8]) {
    write(buffer, |encoder| encoder.bytes(value)?.ok());
}

pub(super) fn timestamp(buffer: &mut Vec<u8>, value: Timestamp) {
    write(buffer, |encoder| {
        let encoder = encoder.tag(EPOCH_SECONDS)?;
        if value.subsec_nanos() == 0 { encoder.i64(value.secs())?.ok() } else { encoder.f64(value.as_secs_f64())?.ok() }
    });
}
