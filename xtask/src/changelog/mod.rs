//! `cargo xtask changelog`: what differs between two sets of models, and what
//! that means to users of the crate.

mod fixture;
mod history;
mod sides;
mod trial;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value, json};
use workstream_codegen::SourceFile;
use workstream_codegen::diagnostic::nearest;
use workstream_codegen::diff::render::{self, Frame};
use workstream_codegen::diff::rules::{Bump, Effect, Rule, Severities};
use workstream_codegen::diff::{Comparison, compare, select};
use workstream_codegen::graph::Service;

use crate::failure::{Failure, Result};
use crate::paths::slashed;
use crate::report::{self, Sources};
use crate::stdout::print;
use sides::{Place, Side};

const EXAMPLES: &str = "\
Examples:
  cargo xtask changelog git:HEAD~1 models
  cargo xtask changelog models botocore-1.44.5-py3-none-any.whl --format markdown
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
    /// The old side: a folder in botocore's layout, a botocore wheel, or git:REV for models/ at a revision
    #[arg(required_unless_present_any = ["list_rules", "history"])]
    pub old: Option<OsString>,

    /// The new side, likewise
    #[arg(required_unless_present_any = ["list_rules", "history"])]
    pub new: Option<OsString>,

    /// Only this service, by its folder's name; may be repeated [default: all that a side has]
    #[arg(long = "service", value_name = "NAME")]
    pub services: Vec<String>,

    /// Only what touches these operations
    #[arg(long, value_name = "A,B,...", value_delimiter = ',')]
    pub operations: Vec<String>,

    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Exit with 1 when there are such changes
    #[arg(long, value_enum, value_name = "WHAT")]
    pub fail_on: Option<FailOn>,

    /// A TOML file of severities other than the rules' own, each with its reason
    #[arg(long, value_name = "FILE")]
    pub severities: Option<PathBuf>,

    /// Also write both sides into this folder, for a test: facts only, and what --operations reach
    #[arg(long, value_name = "DIR")]
    pub fixture: Option<PathBuf>,

    /// List the rules with their severities
    #[arg(long)]
    pub list_rules: bool,

    /// Compare each version with the next: folders of versions, each in botocore's layout
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with_all = ["old", "new", "operations", "fixture"])]
    pub history: Vec<PathBuf>,

    /// Also generate the code of each version of a history, in memory
    #[arg(long, requires = "history")]
    pub generate: bool,

    /// Also compile the code of N versions of each service of a history, spread over all of it
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
    /// A page for a browser, with a search, in one file
    Html,
}

/// What makes the command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// Old clients, or code that uses the crate, break
    Breaking,
    /// That, or programs act differently
    Behaviour,
    /// Anything differs
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
        return Err(Failure::new("two sides are needed"));
    };
    two_sides(args, &Place::parse(old), &Place::parse(new), &severities)
}

fn two_sides(args: &Args, old: &Place, new: &Place, severities: &Severities) -> Result<bool> {
    let services = services(args, old, new)?;
    let (mut old, mut new) = (old.open(&services)?, new.open(&services)?);
    if old.has_overlays() != new.has_overlays() {
        eprintln!("overlays are on one side only, and left out");
        old.leave_out_overlays();
        new.leave_out_overlays();
    }
    if let Some(folder) = &args.fixture {
        fixture::write(folder, &old, &new, &args.operations)?;
    }
    let pairs = pairs(&services, &old, &new, &args.operations)?;
    let frame = Frame { old: &old.release, new: &new.release, severities, version: Some(env!("CARGO_PKG_VERSION")) };
    let comparisons: Vec<Comparison<'_>> = pairs.iter().map(|(old, new)| compare(old, new)).collect();
    print(&written(&comparisons, frame, args.format))?;
    Ok(comparisons.iter().any(|comparison| fails(comparison, severities, args.fail_on)))
}

/// The services that are asked for, or else all that a side has.
fn services(args: &Args, old: &Place, new: &Place) -> Result<Vec<String>> {
    if !args.services.is_empty() {
        return Ok(args.services.clone());
    }
    let mut services: Vec<String> = old.services()?.into_iter().chain(new.services()?).collect();
    services.sort();
    services.dedup();
    if services.is_empty() {
        services = crate::import::SERVICES.map(str::to_owned).to_vec();
    }
    Ok(services)
}

/// Each service on both sides, cut down to the operations that are asked for.
fn pairs(services: &[String], old: &Side, new: &Side, operations: &[String]) -> Result<Vec<(Service, Service)>> {
    let (old_model, new_model) = (old.read()?, new.read()?);
    let mut pairs = Vec::new();
    for name in services {
        let missing = |side: &Side| Failure::new(format!("{} has no service `{name}`", side.release.label));
        let one = old_model.service(name).ok_or_else(|| missing(old))?;
        let other = new_model.service(name).ok_or_else(|| missing(new))?;
        let (mut one, mut other) = (one.clone(), other.clone());
        // Facts without their documentation are not a change of documentation.
        if one.is_documented() != other.is_documented() {
            (one, other) = (one.without_documentation(), other.without_documentation());
        }
        pairs.push((one, other));
    }
    check_operations(&pairs, operations)?;
    if !operations.is_empty() {
        pairs = pairs.iter().map(|(old, new)| (select(old, operations), select(new, operations))).collect();
    }
    Ok(pairs)
}

fn check_operations(pairs: &[(Service, Service)], operations: &[String]) -> Result<()> {
    let all = || pairs.iter().flat_map(|(old, new)| [old, new]);
    for name in operations {
        if all().all(|service| service.operation_named(name).is_none()) {
            let failure = Failure::new(format!("neither side has an operation `{name}`"));
            let known = all().flat_map(|service| service.operations().map(|(_, operation)| operation.name.as_str()));
            return Err(match nearest(name, known) {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure,
            });
        }
    }
    Ok(())
}

fn fails(comparison: &Comparison<'_>, severities: &Severities, fail_on: Option<FailOn>) -> bool {
    match fail_on {
        None => false,
        Some(FailOn::Any) => !comparison.facts.is_empty(),
        Some(FailOn::Breaking) => comparison.is_breaking(severities),
        Some(FailOn::Behaviour) => {
            comparison.is_breaking(severities) || comparison.severity(severities).behaviour != Effect::None
        }
    }
}

pub(crate) fn written(comparisons: &[Comparison<'_>], frame: Frame<'_>, format: Format) -> String {
    let texts = |write: fn(&Comparison<'_>, Frame<'_>) -> String| {
        comparisons.iter().map(|comparison| write(comparison, frame)).collect::<Vec<_>>().join("\n")
    };
    match format {
        Format::Text => texts(render::text),
        Format::Markdown => texts(render::markdown),
        Format::Json => json_text(&in_json(comparisons, frame)),
        Format::Html => {
            let mut page = render::Page::default();
            comparisons.iter().for_each(|comparison| page.add(comparison, frame, &[]));
            page.html()
        }
    }
}

pub(crate) fn in_json(comparisons: &[Comparison<'_>], frame: Frame<'_>) -> Value {
    let bump = comparisons.iter().map(|comparison| comparison.bump(frame.severities)).max();
    let services: Vec<Value> = comparisons.iter().map(|comparison| render::json(comparison, frame)).collect();
    json!({
        "schema": render::SCHEMA,
        "bump": bump.unwrap_or(Bump::None).name(),
        "services": services,
    })
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

fn rules(severities: &Severities, format: Format) -> Result<String> {
    let rows = Rule::ALL.iter().map(|rule| (rule, severities.of(*rule)));
    Ok(match format {
        Format::Json => {
            let list: Vec<Value> = rows
                .map(|(rule, severity)| {
                    json!({
                        "rule": rule.id(),
                        "title": rule.title(),
                        "wire": severity.wire.name(),
                        "source": severity.source.name(),
                        "behaviour": severity.behaviour.name(),
                        "bump": severity.bump().name(),
                        "reason": severities.reason(*rule),
                    })
                })
                .collect();
            json_text(&json!(list))
        }
        Format::Text => {
            let width = Rule::ALL.iter().map(|rule| rule.id().len()).max().unwrap_or_default();
            let mut text = format!("{:width$}  wire    source  behav.  bump\n", "rule");
            for (rule, s) in rows {
                let (bump, id, title) = (s.bump(), rule.id(), rule.title());
                text.push_str(&format!(
                    "{id:width$}  {:6}  {:6}  {:6}  {bump:5}  {title}\n",
                    s.wire, s.source, s.behaviour
                ));
            }
            text
        }
        Format::Markdown => {
            let mut text = "| rule | wire | source | behaviour | bump | |\n|---|---|---|---|---|---|\n".to_owned();
            for (rule, s) in rows {
                let (bump, id, title) = (s.bump(), rule.id(), rule.title());
                text.push_str(&format!(
                    "| `{id}` | {} | {} | {} | {bump} | {title} |\n",
                    s.wire, s.source, s.behaviour
                ));
            }
            text
        }
        Format::Html => {
            return Err(Failure::new("the rules are not written as html").hint("use --format markdown, text or json"));
        }
    })
}
