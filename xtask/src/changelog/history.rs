//! `--history`: every version reads, every step is explained by its facts.

use super::sides::open_folder;
use super::trial;
use super::{Args, Format, fails, json_text};
use crate::discover;
use crate::failure::{Failure, Result};
use crate::paths::slashed;
use crate::report::{self, counted};
use crate::stderr::eprintln;
use crate::stdout::print;
use crate::upstream::Wanted;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use workstream_codegen::diff::render::{self, Frame};
use workstream_codegen::diff::rules::Severities;
use workstream_codegen::diff::{Comparison, History, apply, compare};
use workstream_codegen::graph::Service;

/// A version of the models of some services.
struct Version {
    folder: PathBuf,
    services: Vec<String>,
    label: String,
    date: Option<String>,
}

/// A line of the table.
struct Step {
    from: String,
    to: String,
    date: String,
    explained: bool,
    counts: [usize; 4],
    verdict: [&'static str; 4],
}

/// What is written after the last step.
#[derive(Default)]
struct Reports {
    json: Vec<Value>,
    page: render::HtmlPage,
}

/// Whether something is unexplained, or there is something that --fail-on names.
pub(super) fn run(args: &Args, severities: &Severities) -> Result<bool> {
    let (mut bad, mut any) = (false, false);
    let mut reports = Reports::default();
    for folder in histories(&args.history)? {
        let versions = versions(&folder)?;
        let services: BTreeSet<&String> = versions.iter().flat_map(|version| &version.services).collect();
        let is_asked = |service: &&&String| args.services.is_empty() || args.services.contains(service);
        for service in services.iter().filter(is_asked) {
            any = true;
            // Not every service is as old as the history.
            let own: Vec<&Version> = versions.iter().filter(|version| version.services.contains(service)).collect();
            bad |= one(args, severities, service, &own, &mut reports)?;
        }
    }
    if !any {
        return Err(Failure::new(format!("no history has the service {}", args.services.join(" or "))));
    }
    match args.format {
        Format::Json => print(&json_text(&json!({"schema": render::SCHEMA, "steps": reports.json})))?,
        Format::Html => print(&reports.page.html())?,
        // Written service by service.
        Format::Text | Format::Markdown => {}
    }
    Ok(bad)
}

/// Folders of versions among `folders`, or directly below them.
fn histories(folders: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in folders {
        let below = discover::subfolders(folder)?;
        if below.iter().any(|folder| is_version(folder)) {
            found.push(folder.clone());
        } else {
            found.extend(below);
        }
    }
    Ok(found)
}

fn is_version(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(|c: char| c.is_ascii_digit()))
}

/// The versions in a folder, oldest first; their dates are in `versions.tsv`.
fn versions(folder: &Path) -> Result<Vec<Version>> {
    let dates = dates(&folder.join("versions.tsv"))?;
    let folders = discover::subfolders(folder)?.into_iter().filter(|folder| is_version(folder));
    let version = |folder: PathBuf| {
        let label = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let services = discover::services(&folder)?;
        Ok(Version { date: dates.get(&label).cloned(), folder, services, label })
    };
    let mut versions: Vec<Version> = folders.map(version).collect::<Result<_>>()?;
    let number = |version: &Version| -> Vec<u64> {
        version.label.split('.').map(|part| part.parse().unwrap_or(u64::MAX)).collect()
    };
    versions.sort_by_key(number);
    if versions.len() < 2 {
        let message = format!("{} has {}", slashed(folder), counted(versions.len(), "version"));
        return Err(
            Failure::new(message).hint("expected folders named after versions, each in botocore's layout or Smithy's")
        );
    }
    Ok(versions)
}

fn dates(path: &Path) -> Result<BTreeMap<String, String>> {
    if !path.is_file() {
        return Ok(BTreeMap::new());
    }
    let text = fs::read_to_string(path).map_err(|e| Failure::io("read", path, &e))?;
    let rows = text.lines().filter_map(|line| line.split_once('\t'));
    let rows = rows.map(|(version, date)| (version.to_owned(), date.trim().to_owned()));
    Ok(rows.filter(|(_, date)| !date.is_empty()).collect())
}

fn one(
    args: &Args,
    severities: &Severities,
    service: &str,
    versions: &[&Version],
    reports: &mut Reports,
) -> Result<bool> {
    let mut bad = false;
    let (mut steps, mut undone) = (Vec::new(), Vec::new());
    let mut history = History::default();
    let mut old: Option<(Service, &Version)> = None;
    let mut times = Vec::new();
    for (index, version) in versions.iter().enumerate() {
        let new = read(args, version, service, trial::is_chosen(index, versions.len(), args.compile))?;
        if let Some((before, from)) = &old {
            eprintln!("{service} {} -> {}", from.label, version.label);
            let start = Instant::now();
            let mut comparison = compare(before, &new);
            times.push(start.elapsed());
            let explained = is_explained(&comparison, service, version);
            bad |= !explained;
            bad |= fails(&comparison, severities, args.fail_on);
            let notes = history.step(&mut comparison, &version.label);
            steps.push(Step { explained, ..step(&comparison, severities, from, version) });
            let (old, new) = (release(from), release(version));
            let frame = Frame { old: &old, new: &new, severities, version: None };
            match args.format {
                Format::Json => reports.json.push(render::json(&comparison, frame)),
                Format::Html => reports.page.add(&comparison, frame, &notes),
                Format::Text | Format::Markdown => {}
            }
            undone.extend(notes.into_iter().map(|note| format!("{}: {note}", version.label)));
        }
        old = Some((new, version));
    }
    eprintln!("{}", summary(args, service, versions.len(), &steps, times));
    match args.format {
        Format::Json | Format::Html => {}
        Format::Text => print(&text_table(service, &steps, &undone))?,
        Format::Markdown => print(&markdown_table(service, &steps, &undone))?,
    }
    Ok(bad)
}

/// The graph of a version.
fn read(args: &Args, version: &Version, service: &str, is_chosen: bool) -> Result<Service> {
    let model = open_folder(&version.folder, &[Wanted::newest(service)])?.read()?;
    if args.generate || args.compile > 0 {
        let output = trial::generated(&model, &slashed(&version.folder))?;
        if is_chosen {
            trial::compile(&output, service, &version.label)?;
        }
    }
    let missing = || Failure::new(format!("{} has no service `{service}`", slashed(&version.folder)));
    model.service(service).cloned().ok_or_else(missing)
}

/// What was done, for people.
fn summary(args: &Args, service: &str, versions: usize, steps: &[Step], mut times: Vec<Duration>) -> String {
    times.sort();
    let ms = |index: usize| times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    let explained = steps.iter().filter(|step| step.explained).count();
    let mut text = format!("{service}: {explained} of {} explained", counted(steps.len(), "step"));
    if args.generate || args.compile > 0 {
        text.push_str(&format!(", {} generated", counted(versions, "version")));
    }
    if args.compile > 0 {
        text.push_str(&format!(", {} compiled", args.compile.min(versions)));
    }
    let (median, longest) = (ms(times.len() / 2), ms(times.len().saturating_sub(1)));
    text.push_str(&format!("; comparing took {median:.1} ms, at most {longest:.1} ms"));
    text
}

fn release(version: &Version) -> render::Release {
    render::Release { label: version.label.clone(), date: version.date.clone() }
}

/// Whether the facts make the new model of the old one; else the user has been told.
fn is_explained(comparison: &Comparison<'_>, service: &str, version: &Version) -> bool {
    let failure = match apply(comparison.old, &comparison.facts) {
        Ok(made) if made == *comparison.new => return true,
        Ok(_) => "the facts do not make the new model of the old one".to_owned(),
        Err(error) => error.to_string(),
    };
    report::failure(
        &Failure::new(format!("{service} {}: {failure}", version.label))
            .hint("this is a defect of the changelog, please report it with both models"),
    );
    false
}

fn step(comparison: &Comparison<'_>, severities: &Severities, from: &Version, to: &Version) -> Step {
    let (pages, severity) = (&comparison.pages, comparison.severity(severities));
    Step {
        from: from.label.clone(),
        to: to.label.clone(),
        date: to.date.clone().unwrap_or_default(),
        explained: false,
        counts: [pages.new.len(), pages.updated.len(), pages.removed.len(), comparison.facts.len()],
        verdict: [
            severity.wire.name(),
            severity.source.name(),
            severity.behaviour.name(),
            comparison.bump(severities).name(),
        ],
    }
}

fn text_table(service: &str, steps: &[Step], undone: &[String]) -> String {
    let explained = steps.iter().filter(|step| step.explained).count();
    let mut text = format!("{service}: {}, {explained} explained\n", counted(steps.len(), "step"));
    text.push_str("from       to         date        new  updated  removed  facts  wire    source  behav.  bump\n");
    for Step {
        from, to, date, counts: [new, updated, removed, facts], verdict: [wire, source, behaviour, bump], ..
    } in steps
    {
        text.push_str(&format!(
            "{from:9}  {to:9}  {date:10}  {new:3}  {updated:7}  {removed:7}  {facts:5}  {wire:6}  {source:6}  {behaviour:6}  {bump}\n"
        ));
    }
    for note in undone {
        text.push_str(&format!("{}\n", render::visible(note)));
    }
    text
}

fn markdown_table(service: &str, steps: &[Step], undone: &[String]) -> String {
    let mut text = format!(
        "## {service}\n\n| from | to | date | new | updated | removed | facts | wire | source | behaviour | bump |\n\
         |---|---|---|---:|---:|---:|---:|---|---|---|---|\n"
    );
    for Step {
        from, to, date, counts: [new, updated, removed, facts], verdict: [wire, source, behaviour, bump], ..
    } in steps
    {
        text.push_str(&format!(
            "| {from} | {to} | {date} | {new} | {updated} | {removed} | {facts} | {wire} | {source} | {behaviour} | {bump} |\n"
        ));
    }
    text.push('\n');
    for note in undone {
        text.push_str(&format!("- {}\n", render::escaped_markdown(note)));
    }
    text
}
