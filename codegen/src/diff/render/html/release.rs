//! The releases of a page.

use super::super::document::{Block, Told};
use super::super::plain::said_of_all;
use super::{ComparisonEntry, Section, escaped, escaped_lines, slug};
use crate::diff::rules::{Effect, Effects, Rule};
use std::collections::HashSet;

/// Operations that are named where something touches them; more are counted, and named on demand.
const NAMED: usize = 3;

/// What is inside of `main`.
#[derive(Debug)]
pub(super) struct MainWriter {
    text: String,
    ids: HashSet<String>,
}

/// What the anchors and texts of a release have in common.
struct Context<'a> {
    id: &'a str,
    label: &'a str,
}

impl MainWriter {
    /// A writer that gives away none of these anchors.
    pub fn new(taken: &[&str]) -> Self {
        Self { text: String::new(), ids: taken.iter().map(|id| (*id).to_owned()).collect() }
    }

    pub fn finish(self) -> String {
        self.text
    }

    pub fn section(&mut self, section: &Section, prefix: &str) {
        // Given in the order of the page, so that a repeated version keeps its anchor.
        let ids: Vec<String> =
            section.entries.iter().map(|entry| self.id(&format!("{prefix}{}", slug(&entry.new.label)))).collect();
        let releases: Vec<(&ComparisonEntry, &String)> = section.entries.iter().zip(&ids).rev().collect();
        let service = self.id(&slug(&section.service));
        let name = escaped(&section.name);
        self.line(&format!(r#"<section class="service" aria-labelledby="{service}">"#));
        self.line(&format!(r#"<h2 id="{service}">{name}</h2>"#));
        if releases.len() > 1 {
            self.overview(&releases);
        }
        for (entry, id) in releases {
            self.release(entry, id);
        }
        self.line("</section>");
    }

    fn overview(&mut self, releases: &[(&ComparisonEntry, &String)]) {
        self.line(&format!(r#"<details class="overview"><summary>All {} releases</summary>"#, releases.len()));
        self.line(r#"<div class="wide" tabindex="0"><table><thead><tr><th scope="col">version</th><th scope="col">date</th><th scope="col">bump</th><th scope="col">changes</th></tr></thead><tbody>"#);
        for (entry, id) in releases {
            let (label, date) = (escaped(&entry.new.label), escaped(entry.new.date.as_deref().unwrap_or_default()));
            let (bump, summary) = (entry.bump, escaped(&entry.summary));
            self.line(&format!(
                r##"<tr><th scope="row"><a href="#{id}">{label}</a></th><td>{date}</td><td><span class="bump {bump}">{bump}</span></td><td>{summary}</td></tr>"##
            ));
        }
        self.line("</tbody></table></div></details>");
    }

    fn release(&mut self, entry: &ComparisonEntry, id: &str) {
        let (label, bump) = (escaped(&entry.new.label), entry.bump);
        self.line(&format!(r#"<section class="release" id="{id}" aria-labelledby="{id}--title" data-bump="{bump}">"#));
        self.text.push_str(&format!(r#"<h3 id="{id}--title">{label} "#));
        if let Some(date) = entry.new.date.as_deref().map(escaped) {
            self.text.push_str(&format!(r#"<time datetime="{date}">{date}</time> "#));
        }
        self.line(&format!(r#"<span class="bump {bump}">{bump}</span></h3>"#));
        self.link(id, &entry.new.label);
        self.line(&format!(r#"<p class="what">{}, since {}</p>"#, escaped(&entry.summary), escaped(&entry.old.label)));
        for block in &entry.verdict {
            self.verdict(block);
        }
        let context = Context { id, label: &entry.new.label };
        self.notes(&entry.notes, &context);
        self.changes(&entry.changes, &context);
        self.line("</section>");
    }

    fn verdict(&mut self, block: &Block) {
        match block {
            Block::Verdict(rows) => {
                self.line(r#"<ul class="verdict">"#);
                for (dimension, effect, meaning) in rows {
                    let meaning = if *effect == Effect::None { String::new() } else { format!(" {meaning}") };
                    self.line(&format!("<li>{}{meaning}</li>", mark(dimension, *effect)));
                }
                self.line("</ul>");
            }
            Block::Line(line) if line.contains("->") => self.line(&format!("<p>{}</p>", escaped(line))),
            // The heading says the bump already.
            _ => {}
        }
    }

    fn notes(&mut self, notes: &[String], context: &Context<'_>) {
        if notes.is_empty() {
            return;
        }
        self.line(r#"<section class="group"><h4>Withdrawn or brought back</h4><ul class="found">"#);
        for note in notes {
            // `Fleet.Size is back, was withdrawn in 1.2.3`
            let subject = note.split(" is ").next().unwrap_or(note);
            let id = self.id(&format!("{}-undone-{}", context.id, slug(subject)));
            self.line(&format!(r#"<li class="item" id="{id}"><span>{}</span>"#, escaped(note)));
            self.link(&id, &format!("{subject} in {}", context.label));
            self.line("</li>");
        }
        self.line("</ul></section>");
    }

    fn changes(&mut self, blocks: &[Block], context: &Context<'_>) {
        let is_of_rules = |block: &Block| matches!(block, Block::Section(_) | Block::Line(_));
        let (operations, rules) = blocks.split_at(blocks.iter().position(is_of_rules).unwrap_or(blocks.len()));
        if !operations.is_empty() {
            self.line(r#"<section class="group"><h4>Operations</h4>"#);
            let of_one = operations.chunk_by(|_, next| matches!(next, Block::Code(..)));
            of_one.for_each(|blocks| self.operation(blocks, context));
            self.line("</section>");
        }
        for group in rules.chunk_by(|_, next| matches!(next, Block::Rule { .. })) {
            self.group(group, context);
        }
    }

    /// An operation with its syntax.
    fn operation(&mut self, blocks: &[Block], context: &Context<'_>) {
        let [Block::Operation(name, what), code @ ..] = blocks else { return };
        let id = self.id(&format!("{}-{}", context.id, slug(name)));
        let title = format!(r#"<code>{}</code> <span class="tag {what}">{what}</span>"#, escaped(name));
        self.line(&format!(r#"<div class="item operation" id="{id}">"#));
        if code.is_empty() {
            self.line(&format!("<p>{title}</p>"));
        } else {
            self.line(&format!("<details><summary>{title}</summary>"));
            for block in code {
                if let Block::Code(title, code) = block {
                    self.line(&format!("<h5>{}</h5>", escaped(title)));
                    self.line(&format!(r#"<pre tabindex="0"><code>{}</code></pre>"#, escaped_lines(code)));
                }
            }
            self.line("</details>");
        }
        self.link(&id, &format!("{name} in {}", context.label));
        self.line("</div>");
    }

    /// A section's title and its rules, or a line.
    fn group(&mut self, blocks: &[Block], context: &Context<'_>) {
        match blocks {
            [Block::Section(title), rules @ ..] => {
                self.line(&format!(r#"<section class="group"><h4>{}</h4>"#, escaped(title)));
                for rule in rules {
                    if let Block::Rule { rule, severity, reason, found } = rule {
                        self.rule(*rule, *severity, reason.as_deref(), found, context);
                    }
                }
                self.line("</section>");
            }
            [Block::Line(line)] => self.line(&format!(r#"<p class="what">{}</p>"#, escaped(line))),
            _ => {}
        }
    }

    fn rule(&mut self, rule: Rule, severity: Effects, reason: Option<&str>, found: &[Told], context: &Context<'_>) {
        let dimensions = [("wire", severity.wire), ("source", severity.source), ("behaviour", severity.behaviour)];
        let present = dimensions.into_iter().filter(|(_, effect)| *effect != Effect::None);
        let marks: Vec<String> = present.map(|(dimension, effect)| format!(" {}", mark(dimension, effect))).collect();
        self.line(&format!(r#"<div class="rule" data-rule="{}">"#, rule.id()));
        self.line(&format!(
            "<h5>{} <code>{}</code>{}</h5>",
            escaped(&sentence(rule.title())),
            rule.id(),
            marks.concat()
        ));
        if let Some(reason) = reason {
            self.line(&format!("<p>Severity set here: {}</p>", escaped(reason)));
        }
        let names_only = said_of_all(found).is_some();
        self.line(if names_only { r#"<ul class="found names">"# } else { r#"<ul class="found">"# });
        for found in found {
            let id = self.id(&format!("{}-{}-{}", context.id, rule.id(), slug(&found.subject)));
            self.text.push_str(&format!(r#"<li class="item" id="{id}"><code>{}</code>"#, escaped(&found.subject)));
            if !names_only {
                self.text.push_str(&format!(" <span>{}</span>{}", escaped(&found.message), touched(found)));
            }
            self.line("");
            self.link(&id, &format!("{} in {}", found.subject, context.label));
            self.line("</li>");
        }
        self.line("</ul></div>");
    }

    fn link(&mut self, id: &str, what: &str) {
        self.line(&format!(r##"<a class="link" href="#{id}" aria-label="Link to {}">#</a>"##, escaped(what)));
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The anchor, with a number if there is such a one already.
    fn id(&mut self, wanted: &str) -> String {
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let mut candidates = std::iter::once(wanted.to_owned()).chain(numbered);
        let free = candidates.find(|id| !self.ids.contains(id)).unwrap_or_default();
        self.ids.insert(free.clone());
        free
    }
}

fn mark(dimension: &str, effect: Effect) -> String {
    format!(r#"<span class="mark {effect}">{dimension} {effect}</span>"#)
}

/// The operations that a finding touches.
fn touched(found: &Told) -> String {
    let Told { operations, subject, .. } = found;
    if operations.is_empty() || operations.contains(subject) {
        return String::new();
    }
    let names: Vec<String> = operations.iter().map(|name| format!("<code>{}</code>", escaped(name))).collect();
    let names_listed = names.join(", ");
    if names.len() <= NAMED {
        return format!(r#" <span class="touched">in {names_listed}</span>"#);
    }
    format!(r#"<details class="touched"><summary>in {} operations</summary>{names_listed}</details>"#, names.len())
}

/// With a capital letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
