//! What an update means, and how that is told.

use crate::changelog::{self, Format, ModelChanges};
use crate::lock::Lock;
use serde_json::{Value, json};
use workstream_codegen::diff::PartitionChanges;
use workstream_codegen::diff::render::{self, Frame};
use workstream_codegen::diff::rules::{Bump, Effects};

/// What an update does to users of the crate, and where it comes from.
pub(super) struct Verdict {
    /// The lock of the models that were there.
    pub old: Lock,
    /// The lock of the new ones.
    pub new: Lock,
    /// The worst in each dimension, partitions included.
    pub severity: Effects,
    /// What differs between the partitions.
    pub partitions: PartitionChanges,
    /// Whether the generated crate changes.
    pub regenerated: bool,
    /// The version of the crate.
    pub version: &'static str,
    /// What users notice, as items of a list in Markdown.
    pub notes: String,
}

impl Verdict {
    pub fn new(
        locks: (Lock, Lock),
        (changes, frame): (&ModelChanges<'_>, Frame<'_>),
        partitions: PartitionChanges,
        regenerated: bool,
    ) -> Self {
        let severity = partitions.severity().max(changes.severity(frame.severities));
        let (old, new) = locks;
        let notes = changes.notes(frame) + &partition_notes(&partitions, frame);
        Self { old, new, severity, partitions, regenerated, version: env!("CARGO_PKG_VERSION"), notes }
    }

    /// The part of the version that a release has to raise.
    pub fn bump(&self) -> Bump {
        self.severity.bump()
    }

    pub fn next_version(&self) -> Option<String> {
        self.bump().next(self.version)
    }

    /// Whether the facts differ, whatever package they come from.
    pub fn changed(&self) -> bool {
        self.old.files != self.new.files
    }

    /// `botocore 1.44.5`.
    pub fn name(lock: &Lock) -> String {
        format!("{} {}", lock.package, lock.version)
    }

    /// What it comes to, in a sentence without a full stop.
    pub fn headline(&self) -> String {
        if !self.changed() {
            return "the models are the same".to_owned();
        }
        let bump = self.bump();
        match self.next_version().filter(|_| bump != Bump::None) {
            Some(next) => {
                format!("{}, {bump} change: the next version after {} is {next}", self.severity.label(), self.version)
            }
            None => format!("{}, no new version is needed", self.severity.label()),
        }
    }

    /// The changelog with the verdict of the whole at its top.
    pub fn changelog(&self, changes: &ModelChanges<'_>, frame: Frame<'_>, format: Format) -> String {
        let names = format!("{} -> {}", Self::name(&self.old), Self::name(&self.new));
        let headline = self.headline();
        let (mut text, bullet) = match format {
            Format::Json => return changelog::json_text(&self.json(changes, frame)),
            Format::Html => return self.page(changes, frame),
            Format::Text => (format!("{names}: {headline}\n\n"), "  "),
            Format::Markdown => (format!("**{names}**: {headline}\n\n"), "- "),
        };
        text.push_str(&changes.written(frame, format));
        if !self.partitions.lines().is_empty() {
            text.push_str(if format == Format::Markdown { "\n## Partitions\n\n" } else { "\nPartitions\n" });
            for line in self.partitions.lines() {
                // Patterns of regions are full of what Markdown takes for its own.
                let line = if format == Format::Markdown { render::code_span(line) } else { render::visible(line) };
                text.push_str(&format!("{bullet}{line}\n"));
            }
        }
        text
    }

    /// The changelog as a page; the partitions, which all services share, stand with each.
    fn page(&self, changes: &ModelChanges<'_>, frame: Frame<'_>) -> String {
        let notes: Vec<String> = self.partitions.lines().iter().map(|line| format!("partitions: {line}")).collect();
        let mut page = render::HtmlPage::default();
        changes.comparisons.iter().for_each(|comparison| page.add(comparison, frame, &notes));
        if !changes.presence.is_empty() {
            page.add_services(&changes.presence, frame);
        }
        page.html()
    }

    fn json(&self, changes: &ModelChanges<'_>, frame: Frame<'_>) -> Value {
        let mut json = changes.in_json(frame);
        let Effects { wire, source, behaviour } = self.severity;
        json["bump"] = self.bump().name().into();
        json["severity"] = json!({"wire": wire.name(), "source": source.name(), "behaviour": behaviour.name()});
        json["partitions"] = json!(self.partitions.lines());
        json["update"] = self.entries().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        json
    }

    /// A line `key=value` for each entry, as `$GITHUB_OUTPUT` takes them.
    pub fn lines(&self) -> String {
        let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        // What a package says of itself must not become an entry of its own.
        let line = |(key, value)| format!("{key}={}\n", text(value).replace(['\n', '\r'], " "));
        self.entries().into_iter().map(line).collect()
    }

    fn entries(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("package", json!(self.new.package)),
            ("old_version", json!(self.old.version)),
            ("new_version", json!(self.new.version)),
            ("sha256", json!(self.new.sha256)),
            ("old_digest", json!(self.old.digest())),
            ("digest", json!(self.new.digest())),
            ("changed", json!(self.changed())),
            ("regenerated", json!(self.regenerated)),
            ("breaking", json!(self.severity.is_breaking())),
            ("label", json!(self.severity.label())),
            ("bump", json!(self.bump().name())),
            ("crate_version", json!(self.version)),
            ("next_version", json!(self.next_version())),
        ]
    }
}

fn partition_notes(partitions: &PartitionChanges, frame: Frame<'_>) -> String {
    if partitions.lines().is_empty() {
        return String::new();
    }
    let [old, new] = [&frame.old.label, &frame.new.label].map(|label| render::escaped_markdown(label));
    let lines = partitions.lines().iter().map(|line| format!("  - {}\n", render::code_span(line)));
    lines.fold(format!("- Partitions, {old} -> {new}:\n"), |text, line| text + &line)
}
