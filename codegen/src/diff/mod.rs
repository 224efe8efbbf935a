//! What differs between two models of one service, and what it means to users of
//! the generated crate.
//!
//! [`facts`](facts()) says what differs, completely: [`apply`](apply()) makes the new
//! model of the old one and the facts. [`rules`] say what that means, [`render`]
//! says it to people and programs. This room knows graphs, what the plan makes of
//! them, and no file formats.

mod apply;
mod facts;
mod history;
mod json;
mod meaning;
mod pages;
mod partitions;
pub mod properties;
mod renames;
pub mod render;
pub mod rules;
mod select;
pub mod source;
mod text;

pub use apply::{ApplyError, apply};
pub use facts::Fact;
pub use history::History;
pub use pages::{Pages, SideChange, Updated};
pub use partitions::PartitionChanges;
pub use properties::Change;
pub use select::select;
pub use source::Difference;

use crate::graph::{Service, ServiceBuilder};
use crate::plan::{Outline, Surface, outline};
use rules::{Bump, Effects, Finding, Severities};
use std::panic::resume_unwind;
use std::thread;

/// Two models of a service, compared.
#[derive(Clone, Debug)]
pub struct Comparison<'g> {
    /// The old model.
    pub old: &'g Service,
    /// The new one.
    pub new: &'g Service,
    /// All that differs.
    pub facts: Vec<Fact>,
    /// The operations that are new, gone, or look different.
    pub pages: Pages,
    /// What code that uses the crate notices: the difference of the surfaces of both models.
    pub source: Vec<Difference>,
    /// What the facts mean.
    pub findings: Vec<Finding>,
}

/// All that differs between two models of a service, in a fixed order. Where the
/// models were read from makes no difference.
pub fn facts(old: &Service, new: &Service) -> Vec<Fact> {
    Pair::of(old, new).facts()
}

/// Two models by names. The shapes of the old one go by their new names.
struct Pair {
    old: ServiceBuilder,
    new: ServiceBuilder,
    /// Shapes that have another name.
    renamed: Vec<Change<String>>,
}

impl Pair {
    fn of(old: &Service, new: &Service) -> Self {
        let (mut old, new) = (old.to_builder(), new.to_builder());
        let renamed = renames::renames(&old, &new);
        renames::rename(&mut old, &renamed);
        Self { old, new, renamed }
    }

    fn facts(&self) -> Vec<Fact> {
        facts::differences(&self.old, &self.new, &self.renamed)
    }
}

/// Compares two models of one service.
pub fn compare<'g>(old: &'g Service, new: &'g Service) -> Comparison<'g> {
    let (pair, facts, [before, after]) = both_ways(old, new);
    let source = source::differences(&before.1, &after.1, &pair.renamed);
    let findings = rules::findings((old, &before.0), (new, &after.0), pair, &facts, &source);
    Comparison { old, new, pages: pages::pages(old, new, &facts), facts, source, findings }
}

/// What the crate offers of a service.
type Offer<'g> = (Outline<'g>, Surface);

/// What differs, and what the crate offers of both models. Neither needs the other, so a second thread does a part.
fn both_ways<'g>(old: &'g Service, new: &'g Service) -> (Pair, Vec<Fact>, [Offer<'g>; 2]) {
    thread::scope(|scope| {
        let after = scope.spawn(|| offer(new));
        let pair = Pair::of(old, new);
        let facts = pair.facts();
        let before = offer(old);
        match after.join() {
            Ok(after) => (pair, facts, [before, after]),
            Err(panic) => resume_unwind(panic),
        }
    })
}

fn offer(service: &Service) -> Offer<'_> {
    let outline = outline(service);
    let surface = outline.surface(service);
    (outline, surface)
}

impl Comparison<'_> {
    /// The worst in each dimension.
    pub fn severity(&self, severities: &Severities) -> Effects {
        worst(&self.findings, severities)
    }

    /// The version that a release with these changes needs.
    pub fn bump(&self, severities: &Severities) -> Bump {
        bump(&self.findings, severities)
    }

    /// Whether old clients, or code that uses the crate, break.
    pub fn is_breaking(&self, severities: &Severities) -> bool {
        self.severity(severities).is_breaking()
    }
}

/// The worst of findings in each dimension.
pub fn worst(findings: &[Finding], severities: &Severities) -> Effects {
    findings.iter().map(|finding| finding.severity(severities)).fold(Effects::default(), Effects::max)
}

/// The version that a release with these findings needs.
pub fn bump(findings: &[Finding], severities: &Severities) -> Bump {
    worst(findings, severities).bump()
}
