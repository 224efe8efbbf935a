//! The facts of an upstream file: what is left when its prose is gone, and of a part of its operations where that is
//! asked for.
//!
//! Prose is told apart by its place, never by its key alone, because a shape or a member may itself be called
//! `documentation`. The formats say which places those are.

use super::node::{At, File, Node};
use super::{SourceFile, botocore, locate_all, smithy};
use crate::diagnostic::Diagnostics;
use std::cell::RefCell;

/// The kinds of file that are taken from upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Metadata, operations and shapes.
    Service,
    /// Paginators.
    Paginators,
    /// Waiters.
    Waiters,
    /// The endpoint rule set.
    EndpointRuleSet,
    /// The partitions and their regions.
    Partitions,
    /// All that there is of a service, in Smithy's JSON AST.
    Smithy,
}

impl FileKind {
    /// The kinds that belong to a service in botocore's layout, the indispensable one first.
    pub const OF_A_SERVICE: [Self; 4] = [Self::Service, Self::Paginators, Self::Waiters, Self::EndpointRuleSet];

    /// The file's name, without the `.gz` that it may have upstream.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Service => "service-2.json",
            Self::Paginators => "paginators-1.json",
            Self::Waiters => "waiters-2.json",
            Self::EndpointRuleSet => "endpoint-rule-set-1.json",
            Self::Partitions => "partitions.json",
            Self::Smithy => "model.json",
        }
    }

    /// The objects that a file of this kind cannot be without.
    const fn required_objects(self) -> &'static [&'static str] {
        match self {
            Self::Service => &["metadata", "operations", "shapes"],
            Self::Paginators => &["pagination"],
            Self::Waiters => &["waiters"],
            Self::EndpointRuleSet => &["parameters"],
            Self::Partitions => &[],
            Self::Smithy => &["shapes"],
        }
    }

    const fn prose(self) -> &'static Prose {
        match self {
            Self::Service => &botocore::prose::SERVICE,
            Self::Paginators => &Prose::NONE,
            Self::Waiters => &botocore::prose::WAITERS,
            Self::EndpointRuleSet => &RULE_SET,
            Self::Partitions => &PARTITIONS,
            Self::Smithy => &smithy::prose::MODEL,
        }
    }
}

/// Where prose stands in one kind of JSON value.
pub(super) struct Prose {
    /// Keys of this object that hold prose.
    pub keys: &'static [&'static str],
    /// Keys of this object whose values hold prose further down.
    pub below: &'static [(&'static str, &'static Prose)],
    /// What every value of this list, or of this object of freely chosen keys, holds.
    pub each: Option<&'static Prose>,
}

impl Prose {
    pub const NONE: Self = Self { keys: &[], below: &[], each: None };

    pub const fn keys(keys: &'static [&'static str]) -> Self {
        Self { keys, ..Self::NONE }
    }

    pub const fn each(item: &'static Self) -> Self {
        Self { each: Some(item), ..Self::NONE }
    }

    pub const fn below(self, below: &'static [(&'static str, &'static Self)]) -> Self {
        Self { below, ..self }
    }
}

/// An object documented by itself, such as a member reference.
pub(super) static DOCUMENTED: Prose = Prose::keys(&["documentation"]);
pub(super) static ALL_DOCUMENTED: Prose = Prose::each(&DOCUMENTED);

/// An endpoint rule set, which both formats write alike.
pub(super) static RULE_SET: Prose = Prose::NONE.below(&[("parameters", &ALL_DOCUMENTED), ("rules", &RULES)]);
static RULES: Prose = Prose::each(&RULE);
static RULE: Prose = Prose::keys(&["documentation"]).below(&[("rules", &RULES)]);

static PARTITIONS: Prose = Prose::NONE.below(&[("partitions", &Prose::each(&PARTITION))]);
static PARTITION: Prose = Prose::NONE.below(&[("regions", &Prose::each(&Prose::keys(&["description"])))]);

/// The facts of an upstream file, formatted; nothing where there is an error. Where operations are named, only what has
/// to do with them is left, and nothing if that is nothing: fixtures are made so.
pub fn facts(kind: FileKind, file: &SourceFile, operations: &[String]) -> (Option<String>, Diagnostics) {
    let findings = RefCell::new(Diagnostics::new());
    let text = text(kind, file, operations, &findings);
    let mut diagnostics = findings.into_inner();
    locate_all(&mut diagnostics, |path| (path == file.path).then_some(&file.text));
    (text.filter(|_| !diagnostics.has_errors()), diagnostics)
}

fn text(
    kind: FileKind,
    source: &SourceFile,
    operations: &[String],
    diagnostics: &RefCell<Diagnostics>,
) -> Option<String> {
    let file = File::new(&source.path, diagnostics);
    let mut node = file.parse(&source.text)?;
    require(&At::root(&file, &node), kind.required_objects());
    remove(kind.prose(), &mut node);
    if !operations.is_empty() && !botocore::cut::cut(kind, &mut node, operations) {
        return None;
    }
    // A tree that was JSON is JSON again.
    serde_json::to_string_pretty(&node).ok().map(|text| text + "\n")
}

fn require(root: &At<'_, '_>, keys: &[&'static str]) {
    let Some(object) = (!keys.is_empty()).then(|| root.object()).flatten() else { return };
    for key in keys {
        object.require(key).map(|at| at.object());
    }
}

fn remove(prose: &Prose, node: &mut Node<'_>) {
    match node {
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) => {}
        Node::Array(items) => {
            if let Some(each) = prose.each {
                items.iter_mut().for_each(|item| remove(each, item));
            }
        }
        Node::Object(entries) => {
            entries.retain(|(key, _)| !prose.keys.contains(&key.as_ref()));
            for (key, node) in entries {
                let below = prose.below.iter().find(|(name, _)| name == key).map(|(_, prose)| *prose);
                if let Some(below) = below.or(prose.each) {
                    remove(below, node);
                }
            }
        }
    }
}
