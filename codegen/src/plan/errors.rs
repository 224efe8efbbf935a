//! The errors of a service: which codes on the wire mean which.

use super::{TypeId, TypePlan};
use crate::graph::{Retry, Service};
use std::collections::HashSet;

/// An error of the service.
#[derive(Debug)]
pub struct ErrorPlan<'g> {
    /// Its structure.
    pub id: TypeId,
    /// Another code than the shape's name by which it is told, too.
    pub code: Option<&'g str>,
    /// Documentation of its variant, as Markdown.
    pub docs: String,
    /// What it means for another try, where model or overlay say so.
    pub retry: Option<Retry>,
}

/// The plans of `errors`, in their order. A shape's name wins over the code of another shape, and the first shape with a
/// code over the others.
pub(super) fn errors<'g>(service: &'g Service, types: &[TypePlan<'g>], errors: &[TypeId]) -> Vec<ErrorPlan<'g>> {
    let wire_name = |id: &TypeId| types[id.0 as usize].wire_name;
    let mut known: HashSet<&str> = errors.iter().map(wire_name).collect();
    let error = |&id: &TypeId| {
        let said = types[id.0 as usize].shape.and_then(|shape| service[shape].traits.error.as_ref());
        let code = said.and_then(|error| error.code.as_deref()).filter(|code| known.insert(code));
        ErrorPlan { id, code, docs: String::new(), retry: said.and_then(|error| error.retry) }
    };
    errors.iter().map(error).collect()
}
