//! `cargo xtask changelog`: what differs between two sets of models, and what
//! that means to users of the crate.

mod fixture;
mod history;
mod sides;
mod trial;

use crate::docs;
use crate::failure::{Failure, Result};
use crate::paths::slashed;
use crate::report::{self, Sources, counted};
use crate::stderr::eprintln;
use crate::stdout::print;
use serde_json::{Value, json};
use sides::{Place, Side};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
pub(crate) use trial::is_chosen;
use workstream_codegen::diagnostic::nearest;
use workstream_codegen::diff::render::{self, Frame};
use workstream_codegen::diff::rules::{Bump, Effect, Effects, Finding, Rule, Severities};
use workstream_codegen::diff::{Comparison, bump, compare, select, worst};
use workstream_codegen::graph::Service;
use workstream_codegen::{Model, SourceFile};

const EXAMPLES: &str = "\
Examples:
  cargo xtask changelog git:HEAD~1 models
  cargo xtask changelog models botocore-1.44.5-py3-none-any.whl --format markdown
  cargo xtask changelog models ../smithy-models --service appstream
  cargo xtask changelog git:v0.1.0 git:HEAD --service appstream --fail-on breaking
  cargo xtask changelog --history ../history/appstream
  cargo xtask changelog --history ../history/appstream --format html > appstream.html

Exit codes:
  0  the comparison was made, and nothing that --fail-on names was found
  1  something that --fail-on names was found, or a step of a history is unexplained
  2  the comparison could not be made or written: a side is missing or broken, or the command is wrong";

/// What to compare.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The old models: a folder in botocore's layout or Smithy's, a botocore wheel, or git:REV for models/ at a revision
    #[arg(required_unless_present_any = ["list_rules", "history"])]
    pub old: Option<OsString>,

    /// The new models, in the same forms
    #[arg(required_unless_present_any = ["list_rules", "history"])]
    pub new: Option<OsString>,

    /// Compare this service only, by the name of its folder; may be repeated [default: all; if one side is a wheel, those of the other side]
    #[arg(long = "service", value_name = "NAME")]
    pub services: Vec<String>,

    /// Compare these operations only, and the shapes that they use
    #[arg(long, value_name = "A,B,...", value_delimiter = ',')]
    pub operations: Vec<String>,

    /// The format of the changelog
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Exit with 1 if there are changes of this kind
    #[arg(long, value_enum, value_name = "WHAT")]
    pub fail_on: Option<FailOn>,

    /// A TOML file that overrides the severities of rules, each with a reason
    #[arg(long, value_name = "FILE")]
    pub severities: Option<PathBuf>,

    /// Also write both sides into this folder as models for a test, cut down to --operations
    #[arg(long, value_name = "DIR")]
    pub fixture: Option<PathBuf>,

    /// List all rules with their severities
    #[arg(long)]
    pub list_rules: bool,

    /// Compare each version with the next: folders of versions, each version in botocore's layout or Smithy's
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with_all = ["old", "new", "operations", "fixture"])]
    pub history: Vec<PathBuf>,

    /// Also generate each version of the history, in memory
    #[arg(long, requires = "history")]
    pub generate: bool,

    /// Also compile N versions of each service of the history, evenly spread
    #[arg(long, value_name = "N", requires = "history", default_value_t = 0, hide_default_value = true)]
    pub compile: usize,
}

/// How a changelog is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Plain text
    Text,
    /// Markdown, as for a pull request
    Markdown,
    /// JSON, for programs
    Json,
    /// A page for a browser, in one file, with a search
    Html,
}

/// What makes the command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// Changes that break old clients or code that uses the crate
    Breaking,
    /// Those, and changes in how programs behave
    Behaviour,
    /// All changes
    Any,
}

/// Runs the command.
pub fn run(args: &Args) -> ExitCode {
    match outcome(args) {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::from(1),
        Err(failure) => {
            report::failure(&failure);
            ExitCode::from(2)
        }
    }
}

/// Whether something was found that the user does not want.
fn outcome(args: &Args) -> Result<bool> {
    let severities = args.severities.as_ref().map(read_severities).transpose()?.unwrap_or_default();
    if args.list_rules {
        print(&rules(&severities, args.format)?)?;
        return Ok(false);
    }
    if !args.history.is_empty() {
        return history::run(args, &severities);
    }
    let [Some(old), Some(new)] = [&args.old, &args.new] else {
        return Err(Failure::new("OLD and NEW are needed"));
    };
    two_sides(args, &Place::parse(old), &Place::parse(new), &severities)
}

/// The names of the services to compare, and both sides with the files of these.
fn opened(args: &Args, old: &Place, new: &Place) -> Result<(Vec<String>, Side, Side)> {
    let list = match new.list()? {
        Some(list) => list,
        None => old.list()?.unwrap_or_default(),
    };
    let (in_old, in_new) = (old.services(&list)?, new.services(&list)?);
    let services = services(args, (old, &in_old), (new, &in_new))?;
    let of = |has: &BTreeSet<String>| -> Vec<String> {
        services.iter().filter(|service| has.contains(*service)).cloned().collect()
    };
    let (mut old, mut new) = (old.open(&of(&in_old), &list)?, new.open(&of(&in_new), &list)?);
    if old.has_overlays() != new.has_overlays() {
        eprintln!("only one side has overlays, so they are left out");
        old.leave_out_overlays();
        new.leave_out_overlays();
    }
    Ok((services, old, new))
}

fn two_sides(args: &Args, old: &Place, new: &Place, severities: &Severities) -> Result<bool> {
    let (services, mut old, mut new) = opened(args, old, new)?;
    if let Some(folder) = &args.fixture {
        fixture::write_sides(folder, &old, &new, &args.operations)?;
    }
    let (old_release, new_release) = (old.release.clone(), new.release.clone());
    let version = Some(env!("CARGO_PKG_VERSION"));
    let frame = Frame { old: &old_release, new: &new_release, severities, version };
    let (mut report, mut presence, mut bad) = (Report::new(args.format), Vec::new(), false);
    let (mut left_out, mut operations) = (Vec::new(), OperationNames::default());
    // One by one: the graphs of all services would take gigabytes.
    for name in services {
        let sides = (old.take(&name)?, new.take(&name)?);
        let all = [&sides.0, &sides.1];
        if args.services.is_empty() && !all.into_iter().flatten().any(is_generated) {
            left_out.push(name);
            continue;
        }
        all.into_iter().flatten().for_each(|service| operations.add(service, &args.operations));
        match sides {
            (Some(old), Some(new)) => {
                docs::tell_of_new(Some(&old), &new);
                let (old, new) = alike(old, new, &args.operations);
                let comparison = compare(&old, &new);
                bad |= fails(&comparison, severities, args.fail_on);
                report.add(&comparison, frame);
            }
            (None, Some(new)) => presence.push(Finding::service_added(&new)),
            (Some(old), None) => presence.push(Finding::service_removed(&old)),
            (None, None) => {}
        }
    }
    operations.check(&args.operations)?;
    tell_left_out(&left_out);
    if !presence.is_empty() {
        bad |= fails_of(worst(&presence, severities), true, args.fail_on);
        report.add_services(&presence, frame);
    }
    print(&report.finish())?;
    Ok(bad)
}

fn tell_left_out(services: &[String]) {
    if !services.is_empty() {
        let (count, names) = (counted(services.len(), "service"), services.join(", "));
        eprintln!(
            "{count} left out, because their models name no protocol (--service NAME compares one anyway): {names}"
        );
    }
}

/// The services that are asked for, or else all: where one side is a wheel, which has all of AWS, those of the other.
fn services(
    args: &Args,
    (old, in_old): (&Place, &BTreeSet<String>),
    (new, in_new): (&Place, &BTreeSet<String>),
) -> Result<Vec<String>> {
    let all: BTreeSet<&String> = match (old.is_wheel(), new.is_wheel()) {
        (true, false) => in_new.iter().collect(),
        (false, true) => in_old.iter().collect(),
        _ => in_old.union(in_new).collect(),
    };
    if args.services.is_empty() {
        return Ok(all.into_iter().cloned().collect());
    }
    let known = || in_old.union(in_new).map(String::as_str);
    if let Some(name) = args.services.iter().find(|name| known().all(|known| known != name.as_str())) {
        let failure = Failure::new(format!("neither side has a service `{name}`"));
        return Err(match nearest(name, known()) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure,
        });
    }
    let asked: BTreeSet<&String> = args.services.iter().collect();
    Ok(asked.into_iter().cloned().collect())
}

/// Whether the crate can have the service.
fn is_generated(service: &Service) -> bool {
    !service.metadata().protocols.is_empty()
}

/// Both models of a service as they are compared: cut down to the operations that are asked for, and with
/// documentation where both have it. Facts without theirs are not a change of documentation.
fn alike(mut old: Service, mut new: Service, operations: &[String]) -> (Service, Service) {
    if old.is_documented() != new.is_documented() {
        (old, new) = (old.without_documentation(), new.without_documentation());
    }
    if operations.is_empty() { (old, new) } else { (select(&old, operations), select(&new, operations)) }
}

/// The operations of all that is compared, where some are asked for.
#[derive(Default)]
struct OperationNames(BTreeSet<String>);

impl OperationNames {
    fn add(&mut self, service: &Service, asked: &[String]) {
        if !asked.is_empty() {
            self.0.extend(service.operations().map(|(_, operation)| operation.name.clone()));
        }
    }

    fn check(&self, asked: &[String]) -> Result<()> {
        let Some(name) = asked.iter().find(|name| !self.0.contains(*name)) else { return Ok(()) };
        let failure = Failure::new(format!("neither side has an operation `{name}`"));
        Err(match nearest(name, self.0.iter().map(String::as_str)) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure,
        })
    }
}

fn fails(comparison: &Comparison<'_>, severities: &Severities, fail_on: Option<FailOn>) -> bool {
    fails_of(comparison.severity(severities), !comparison.facts.is_empty(), fail_on)
}

fn fails_of(severity: Effects, differs: bool, fail_on: Option<FailOn>) -> bool {
    match fail_on {
        None => false,
        Some(FailOn::Any) => differs,
        Some(FailOn::Breaking) => severity.is_breaking(),
        Some(FailOn::Behaviour) => severity.is_breaking() || severity.behaviour != Effect::None,
    }
}

/// What is written of comparisons: they can be dropped once they are in it.
struct Report {
    format: Format,
    texts: Vec<String>,
    services: Vec<Value>,
    presence: Vec<Value>,
    bump: Bump,
    page: render::HtmlPage,
}

impl Report {
    fn new(format: Format) -> Self {
        let (texts, services, presence) = Default::default();
        Self { format, texts, services, presence, bump: Bump::None, page: render::HtmlPage::default() }
    }

    fn add(&mut self, comparison: &Comparison<'_>, frame: Frame<'_>) {
        self.bump = self.bump.max(comparison.bump(frame.severities));
        match self.format {
            Format::Text => self.texts.push(render::text(comparison, frame)),
            Format::Markdown => self.texts.push(render::markdown(comparison, frame)),
            Format::Json => self.services.push(render::json(comparison, frame)),
            Format::Html => self.page.add(comparison, frame, &[]),
        }
    }

    /// Services that came or went, which stand first.
    fn add_services(&mut self, findings: &[Finding], frame: Frame<'_>) {
        self.bump = self.bump.max(bump(findings, frame.severities));
        match self.format {
            Format::Text => self.texts.insert(0, render::services_text(findings, frame)),
            Format::Markdown => self.texts.insert(0, render::services_markdown(findings, frame)),
            Format::Json => self.presence.extend(findings.iter().map(|finding| render::finding(finding, frame))),
            Format::Html => self.page.add_services(findings, frame),
        }
    }

    fn json(self) -> Value {
        json!({
            "schema": render::SCHEMA,
            "bump": self.bump.name(),
            "findings": self.presence,
            "services": self.services,
        })
    }

    fn finish(self) -> String {
        match self.format {
            Format::Text | Format::Markdown => self.texts.join("\n"),
            Format::Json => json_text(&self.json()),
            Format::Html => self.page.html(),
        }
    }
}

/// What differs between two sets of models.
pub(crate) struct ModelChanges<'m> {
    /// What differs in the services of both.
    pub comparisons: Vec<Comparison<'m>>,
    /// The services that came or went.
    pub presence: Vec<Finding>,
}

impl<'m> ModelChanges<'m> {
    /// What differs between two models.
    pub fn between(old: &'m Model, new: &'m Model) -> Self {
        let gone = |service: &&Service| new.service(service.name()).is_none();
        let mut presence: Vec<Finding> = old.services().iter().filter(gone).map(Finding::service_removed).collect();
        let mut comparisons = Vec::new();
        for service in new.services() {
            match old.service(service.name()) {
                Some(before) => comparisons.push(compare(before, service)),
                None => presence.push(Finding::service_added(service)),
            }
        }
        Self { comparisons, presence }
    }

    /// The worst in each dimension.
    pub fn severity(&self, severities: &Severities) -> Effects {
        let of_services = self.comparisons.iter().map(|comparison| comparison.severity(severities));
        of_services.fold(worst(&self.presence, severities), Effects::max)
    }

    fn report(&self, frame: Frame<'_>, format: Format) -> Report {
        let mut report = Report::new(format);
        self.comparisons.iter().for_each(|comparison| report.add(comparison, frame));
        if !self.presence.is_empty() {
            report.add_services(&self.presence, frame);
        }
        report
    }

    /// The changelog.
    pub fn written(&self, frame: Frame<'_>, format: Format) -> String {
        self.report(frame, format).finish()
    }

    /// What users notice, as items of a list in Markdown; empty where they notice nothing.
    pub fn notes(&self, frame: Frame<'_>) -> String {
        let of_services = self.comparisons.iter().filter_map(|comparison| render::notes(comparison, frame));
        render::services_notes(&self.presence, frame).into_iter().chain(of_services).collect()
    }

    /// The changelog for programs.
    pub fn in_json(&self, frame: Frame<'_>) -> Value {
        self.report(frame, Format::Json).json()
    }
}

pub(crate) fn json_text(value: &Value) -> String {
    format!("{value:#}\n")
}

pub(crate) fn read_severities(path: &PathBuf) -> Result<Severities> {
    let text = std::fs::read(path).map_err(|e| Failure::io("read", path, &e))?;
    let file = SourceFile { path: slashed(path), text };
    let (severities, diagnostics) = workstream_codegen::read_severities(&file);
    report::diagnostics(&diagnostics, &Sources::from([(file.path.as_str(), file.text.as_slice())]));
    severities.ok_or_else(|| Failure::new(format!("{} has errors", slashed(path))))
}

/// What stands for source where code that is compared decides.
const NOTICED: &str = "noticed";

const OF_NOTICED: &str =
    "noticed: what code that uses the crate notices, by the comparison of all that both crates offer";

fn rules(severities: &Severities, format: Format) -> Result<String> {
    let rows = Rule::ALL.iter().map(|rule| {
        let source = severities.source(*rule).map_or(NOTICED, Effect::name);
        (rule.id(), [severities.wire(*rule).name(), source, severities.behaviour(*rule).name()], *rule)
    });
    Ok(match format {
        Format::Json => {
            let list: Vec<Value> = rows
                .map(|(id, [wire, source, behaviour], rule)| {
                    json!({
                        "rule": id,
                        "title": rule.title(),
                        "wire": wire,
                        "source": source,
                        "behaviour": behaviour,
                        "reason": severities.get(rule).map(|set| &set.reason),
                    })
                })
                .collect();
            json_text(&json!(list))
        }
        Format::Text => {
            let width = Rule::ALL.iter().map(|rule| rule.id().len()).max().unwrap_or_default();
            let mut text = format!("{:width$}  wire    source   behav.\n", "rule");
            for (id, [wire, source, behaviour], rule) in rows {
                text.push_str(&format!("{id:width$}  {wire:6}  {source:7}  {behaviour:6}  {}\n", rule.title()));
            }
            text.push_str(&format!("\n{OF_NOTICED}\n"));
            text
        }
        Format::Markdown => {
            let mut text = "| rule | wire | source | behaviour | |\n|---|---|---|---|---|\n".to_owned();
            for (id, dimensions, rule) in rows {
                text.push_str(&format!("| `{id}` | {} | {} |\n", dimensions.join(" | "), rule.title()));
            }
            text.push_str(&format!("\n{OF_NOTICED}\n"));
            text
        }
        Format::Html => {
            return Err(Failure::new("there is no list of rules in HTML").hint("use --format markdown, text or json"));
        }
    })
}
