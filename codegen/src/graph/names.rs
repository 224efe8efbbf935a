//! Whether names are names: they become identifiers, paths and links.
//!
//! Specification: Smithy 2.0, "Identifiers and naming".

use super::{NameRef, Origin, ServiceBuilder, Shape, ShapeKind, scalar};
use crate::diagnostic::Diagnostics;
use crate::markup::code_span;

/// Smithy's identifiers: ASCII letters, digits and underscores. The first is a letter, or the first after underscores
/// is a letter or digit.
pub(crate) fn is_identifier(name: &str) -> bool {
    let rest = name.trim_start_matches('_');
    let begins = match rest.chars().next() {
        Some(first) => first.is_ascii_alphabetic() || first.is_ascii_digit() && rest.len() < name.len(),
        None => false,
    };
    begins && rest.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// A shape goes by its identifier, or by its id where that tells it from others.
fn is_shape_name(name: &str) -> bool {
    let (namespace, identifier) = name.split_once('#').unwrap_or(("n", name));
    is_identifier(identifier) && namespace.split('.').all(is_identifier)
}

/// What a service's folder may be called: it becomes a module and a feature.
fn is_service_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    name.starts_with(|first: char| first.is_ascii_alphanumeric()) && name.chars().all(is_letter)
}

/// Reports every name that is none.
pub(super) fn check(service: &ServiceBuilder, origin: &Origin, diagnostics: &mut Diagnostics) {
    if !is_service_name(&service.name) {
        diagnostics
            .error("invalid-name", origin, format!("{} is no name of a service", code_span(&service.name)))
            .hint("use letters, digits, dashes and underscores, and begin with a letter or a digit");
    }
    let mut check = Check { diagnostics };
    service.shapes.iter().for_each(|shape| check.shape(shape));
    for operation in &service.operations {
        check.identifier(&operation.name, "an operation", &operation.origin);
    }
    for waiter in &service.waiters {
        check.identifier(&waiter.name, "a waiter", &waiter.origin);
    }
    for parameter in service.rule_set.iter().flat_map(|rules| &rules.parameters) {
        check.identifier(&parameter.name, "an endpoint parameter", &parameter.origin);
    }
}

struct Check<'d> {
    diagnostics: &'d mut Diagnostics,
}

impl Check<'_> {
    fn shape(&mut self, shape: &Shape<NameRef>) {
        if !is_shape_name(&shape.name) {
            self.report(&shape.name, "a shape", &shape.origin);
        }
        // Those in lists and maps are the format's.
        shape.kind.named_members().iter().for_each(|member| self.identifier(&member.name, "a member", &member.origin));
        let values: Vec<&str> = match &shape.kind {
            ShapeKind::Enum(values) => values.iter().filter_map(|value| value.name.as_deref()).collect(),
            ShapeKind::IntEnum(values) => values.iter().map(|value| value.name.as_str()).collect(),
            ShapeKind::Structure(_)
            | ShapeKind::Union(_)
            | ShapeKind::List { .. }
            | ShapeKind::Map { .. }
            | scalar!() => Vec::new(),
        };
        values.into_iter().for_each(|name| self.identifier(name, "an enum's value", &shape.origin));
    }

    fn identifier(&mut self, name: &str, of: &str, origin: &Origin) {
        if !is_identifier(name) {
            self.report(name, of, origin);
        }
    }

    fn report(&mut self, name: &str, of: &str, origin: &Origin) {
        self.diagnostics
            .error("invalid-name", origin, format!("{} is no name of {of}", code_span(name)))
            .hint("use letters, digits and underscores, and begin with a letter, as Smithy's identifiers do");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        for name in ["a", "Fleet", "_a", "__string", "_1", "a_1", "AbpV1_0_x"] {
            assert!(is_identifier(name), "{name}");
        }
        for name in ["", "_", "__", "1", "1a", "a-b", "a b", "a.b", "a#b", "é", "a\u{1b}", "a\n", "a`", "r#type"] {
            assert!(!is_identifier(name), "{name}");
        }
        assert!(is_shape_name("com.example#A") && is_shape_name("A"));
        assert!(!is_shape_name("#A") && !is_shape_name("a#") && !is_shape_name("a#b#c") && !is_shape_name("a..b#A"));
        assert!(is_service_name("2020-service") && is_service_name("a_b"));
        assert!(!is_service_name("") && !is_service_name("-a") && !is_service_name("../a") && !is_service_name("a\"b"));
    }
}
