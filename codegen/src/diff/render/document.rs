//! What a changelog says, before it is known how it is written.

use super::Frame;
use crate::describe::{Skeleton, boto3};
use crate::diff::rules::{Bump, Effect, Effects, Finding, Rule};
use crate::diff::{Comparison, SideChange, Updated, bump, worst};
use crate::graph::Service;
use std::collections::BTreeMap;

/// A changelog, from top to bottom.
pub type Document = Vec<Block>;

/// A piece of a changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The title of the whole.
    Title(String),
    /// The title of a part.
    Section(String),
    /// An operation, and what happened to it, such as `new`.
    Operation(String, &'static str),
    /// Text in lines of its own, with what it is.
    Code(String, String),
    /// A sentence.
    Line(String),
    /// A rule with what it found.
    Rule {
        /// The rule.
        rule: Rule,
        /// Its severity.
        severity: Effects,
        /// Why that is not the rule's own.
        reason: Option<String>,
        /// What it found.
        found: Vec<Told>,
    },
    /// The verdict: each dimension with its worst effect, and what that means.
    Verdict(Vec<(&'static str, Effect, &'static str)>),
}

/// What happened to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it is about.
    pub subject: String,
    /// What happened to it.
    pub message: String,
    /// The operations that it touches.
    pub operations: Vec<String>,
}

pub(super) fn document(comparison: &Comparison<'_>, frame: Frame<'_>) -> Document {
    let mut blocks = vec![Block::Title(title(comparison, frame)), Block::Line(sides(frame))];
    if !comparison.facts.is_empty() {
        blocks.extend(changes(comparison, frame));
        blocks.extend(verdict(comparison, frame));
    }
    blocks
}

/// Which services came and went, as `services` tell it.
pub(super) fn services(services: &[Finding], frame: Frame<'_>) -> Document {
    let mut blocks = vec![Block::Title(service_counts(services)), Block::Line(sides(frame))];
    blocks.extend(rules(services, frame));
    blocks.extend(verdict_on(services, frame));
    blocks
}

/// `2 new services, 1 service is gone`.
pub(super) fn service_counts(services: &[Finding]) -> String {
    let count = |rule: Rule| services.iter().filter(|finding| finding.rule == rule).count();
    let parts = [(count(Rule::ServiceAdded), "new", ""), (count(Rule::ServiceRemoved), "", " gone")];
    let parts = parts.into_iter().filter(|(count, ..)| *count > 0).map(|(count, before, after)| {
        let services = if count == 1 { "service" } else { "services" };
        format!("{count} {before}{}{services}{after}", if before.is_empty() { "" } else { " " })
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// The operations, and what the rules found.
pub(super) fn changes(comparison: &Comparison<'_>, frame: Frame<'_>) -> Document {
    let mut blocks = Document::new();
    blocks.extend(comparison.pages.new.iter().flat_map(|name| new_operation(comparison.new, name)));
    blocks.extend(comparison.pages.updated.iter().flat_map(updated_operation));
    blocks.extend(comparison.pages.removed.iter().map(|name| Block::Operation(name.clone(), "removed")));
    blocks.extend(rules(&comparison.findings, frame));
    blocks
}

/// `2017/09/29 - Amazon AppStream - 7 new api methods`.
fn title(comparison: &Comparison<'_>, frame: Frame<'_>) -> String {
    let date = frame.new.date.as_ref().map(|date| date.replace('-', "/") + " - ").unwrap_or_default();
    format!("{date}{} - {}", name(comparison.new), counts(comparison))
}

/// `7 new api methods`.
pub(super) fn counts(comparison: &Comparison<'_>) -> String {
    let pages = &comparison.pages;
    let counts = [(pages.new.len(), "new"), (pages.updated.len(), "updated"), (pages.removed.len(), "removed")];
    let counts: Vec<(usize, &str)> = counts.into_iter().filter(|(count, _)| *count > 0).collect();
    match counts.last() {
        None if comparison.facts.is_empty() => "no changes".to_owned(),
        None => "no api methods changed".to_owned(),
        Some((last, _)) => {
            let listed: Vec<String> = counts.iter().map(|(count, what)| format!("{count} {what}")).collect();
            format!("{} api method{}", listed.join(" "), if counts.len() == 1 && *last == 1 { "" } else { "s" })
        }
    }
}

/// The service's name for people.
pub(super) fn name(service: &Service) -> &str {
    service.metadata().full_name.as_deref().unwrap_or_else(|| service.name())
}

fn sides(frame: Frame<'_>) -> String {
    format!("{} -> {}", frame.old.label, frame.new.label)
}

fn new_operation(service: &Service, name: &str) -> Vec<Block> {
    let mut blocks = vec![Block::Operation(name.to_owned(), "new")];
    let Some(id) = service.operation_named(name) else { return blocks };
    let parts = [
        ("Request syntax", Some(boto3::request_syntax(service, id))),
        ("Response syntax", boto3::response_syntax(service, id)),
        ("Request structure", Some(boto3::request_structure(service, id))),
        ("Response structure", boto3::response_structure(service, id)),
    ];
    let present = parts.into_iter().filter_map(|(title, text)| Some(Block::Code(title.to_owned(), text?)));
    blocks.extend(present);
    blocks
}

/// Columns up to which a value stands in one line.
const LINE: usize = 100;

fn updated_operation(updated: &Updated) -> Vec<Block> {
    let mut blocks = vec![Block::Operation(updated.operation.clone(), "updated")];
    let Updated { request, response, .. } = updated;
    // Skeletons of a request and a response that look the same are the same change.
    let alike = shown(&request.added) == shown(&response.added) && shown(&request.removed) == shown(&response.removed);
    if alike {
        blocks.extend(part("both", request));
    } else {
        blocks.extend(part("request", request));
        blocks.extend(part("response", response));
    }
    blocks
}

fn shown(skeleton: &Option<Skeleton>) -> Option<String> {
    skeleton.as_ref().map(syntax)
}

/// A part in one line if it fits.
pub(super) fn syntax(skeleton: &Skeleton) -> String {
    let line = skeleton.line();
    if line.len() <= LINE { line } else { skeleton.syntax() }
}

fn part(side: &str, part: &SideChange) -> Vec<Block> {
    let code = |what: &str, skeleton: &Option<Skeleton>| {
        skeleton.as_ref().map(|skeleton| Block::Code(what.to_owned(), syntax(skeleton)))
    };
    let added = code(&format!("Changes ({side})"), &part.added);
    added.into_iter().chain(code(&format!("Removed ({side})"), &part.removed)).collect()
}

/// Rules by how grave they are, worst first; documentation is apart.
pub(super) fn rules(findings: &[Finding], frame: Frame<'_>) -> Vec<Block> {
    let mut by_rule: BTreeMap<(Rule, Effects), Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.rule != Rule::DocumentationChanged) {
        by_rule.entry((finding.rule, finding.severity(frame.severities))).or_default().push(finding);
    }
    let documentation = findings.iter().filter(|finding| finding.rule == Rule::DocumentationChanged).count();
    let mut blocks = Vec::new();
    for (worst, title) in
        [(Effect::Break, "What breaks"), (Effect::Change, "What changes"), (Effect::None, "What nobody notices")]
    {
        let these = by_rule.iter().filter(|((_, severity), _)| worst_of(*severity) == worst);
        let these: Vec<Block> = these.map(|(of, found)| rule_block(*of, found, frame)).collect();
        if !these.is_empty() {
            blocks.push(Block::Section(title.to_owned()));
            blocks.extend(these);
        }
    }
    if documentation > 0 {
        let places = if documentation == 1 { "place" } else { "places" };
        blocks.push(Block::Line(format!("Documentation text differs in {documentation} {places}.")));
    }
    blocks
}

fn worst_of(severity: Effects) -> Effect {
    severity.wire.max(severity.source).max(severity.behaviour)
}

fn rule_block((rule, severity): (Rule, Effects), found: &[&Finding], frame: Frame<'_>) -> Block {
    Block::Rule {
        rule,
        severity,
        reason: frame.severities.get(rule).map(|set| set.reason.clone()),
        found: found.iter().map(|finding| told(finding)).collect(),
    }
}

fn told(finding: &Finding) -> Told {
    let Finding { subject, message, operations, .. } = finding.clone();
    Told { subject, message, operations }
}

pub(super) fn verdict(comparison: &Comparison<'_>, frame: Frame<'_>) -> [Block; 3] {
    verdict_on(&comparison.findings, frame)
}

pub(super) fn verdict_on(findings: &[Finding], frame: Frame<'_>) -> [Block; 3] {
    let severity = worst(findings, frame.severities);
    let bump = bump(findings, frame.severities);
    let meaning = |effect: Effect, texts: [&'static str; 3]| match effect {
        Effect::None => texts[0],
        Effect::Change => texts[1],
        Effect::Break => texts[2],
    };
    let wire = ["is as it was", "has more or other things, and old clients still work", "an old client breaks"];
    let source = ["is as it was", "has new things", "code that uses the crate stops compiling"];
    let behaviour = ["is as it was", "programs act differently", "programs do what they should not"];
    let rows = vec![
        ("wire", severity.wire, meaning(severity.wire, wire)),
        ("source", severity.source, meaning(severity.source, source)),
        ("behaviour", severity.behaviour, meaning(severity.behaviour, behaviour)),
    ];
    [Block::Section("Verdict".to_owned()), Block::Verdict(rows), Block::Line(suggestion(bump, frame.version))]
}

fn suggestion(bump: Bump, version: Option<&str>) -> String {
    let next = version.and_then(|version| Some((version, bump.next(version)?)));
    match (bump, next) {
        (Bump::None, _) => "Suggested version bump: none".to_owned(),
        (bump, Some((version, next))) => format!("Suggested version bump: {bump} ({version} -> {next})"),
        (bump, None) => format!("Suggested version bump: {bump}"),
    }
}
