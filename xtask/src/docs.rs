//! `cargo xtask docs`: which parts of the services have a sentence of our own, and whether it is our own.

use crate::discover::{discover, resolve_service};
use crate::failure::{Failure, Result};
use crate::paths::in_workspace;
use crate::report::{self, Sources, counted};
use crate::service_list;
use crate::shared_words::{LONGEST_SHARED, UpstreamText};
use crate::stderr::eprintln;
use crate::stdout::print;
use crate::upstream::{self, Partitions, Wanted};
use std::path::{Path, PathBuf};
use workstream_codegen::graph::{Documented, Service, TopicKind};
use workstream_codegen::{Model, ModelSet, ServiceFiles, SourceFile, read};

const EXAMPLES: &str = "\
Examples:
  cargo xtask docs                       how much of each service has a sentence
  cargo xtask docs appstream --missing   what has none
  cargo xtask docs --against botocore-1.44.5-py3-none-any.whl

Exit codes:
  0  the sentences fit the models, and none is too much like upstream's text
  1  an entry of a docs.toml is wrong or applies to nothing, a sentence is too much like upstream's text, or there is no
     such service
  2  a file cannot be read or written";

/// What to report.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The service, by its folder's name [default: all]
    pub service: Option<String>,

    /// Also name what has no sentence
    #[arg(long)]
    pub missing: bool,

    /// Also compare every sentence with the text of this botocore wheel
    #[arg(long, value_name = "WHEEL")]
    pub against: Option<PathBuf>,

    /// Where the models are [default: the workspace's models/]
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

/// Runs the command; `false` when something is wrong with the sentences, of which the user has been told.
///
/// # Errors
///
/// When a service that is not there is asked for, or a file cannot be read or written.
pub fn run(args: &Args) -> Result<bool> {
    let models = args.models.clone().unwrap_or_else(|| in_workspace("models"));
    let service = args.service.as_ref().map(|name| resolve_service(&models, name)).transpose()?;
    let Some(model) = checked(&discover(&models, service.as_slice())?) else { return Ok(false) };
    print(&coverage(&model))?;
    if args.missing {
        print(&missing(&model))?;
    }
    match &args.against {
        Some(wheel) => compare(&model, &models, wheel),
        None => Ok(true),
    }
}

/// Reads models, and prints what is wrong with them; nothing if that is an error.
fn checked(set: &ModelSet) -> Option<Model> {
    let (model, found) = read(set);
    if model.is_none() {
        let files = set.services.iter().flat_map(|service| &service.files).chain(&set.partitions);
        let sources: Sources<'_> = files.map(|file| (file.path.as_str(), file.text.as_slice())).collect();
        report::diagnostics(&found, &sources);
    }
    model
}

/// A line for each service: of how many parts of each kind something is said.
fn coverage(model: &Model) -> String {
    let width = model.services().iter().map(|service| service.name().len()).max().unwrap_or_default();
    let header = TopicKind::ALL.map(|(_, name)| format!(" {name:>COLUMN$}")).concat();
    let mut text = format!("{:width$}{header}\n", "");
    for service in model.services() {
        let told = service.documented();
        let columns = TopicKind::ALL.map(|(kind, _)| {
            let of_kind = || told.iter().filter(|told| told.kind == kind);
            let said = of_kind().filter(|told| told.sentence.is_some()).count();
            format!(" {:>COLUMN$}", format!("{said}/{}", of_kind().count()))
        });
        text.push_str(&format!("{:width$}{}\n", service.name(), columns.concat()));
    }
    text
}

/// The width of a column.
const COLUMN: usize = 10;

/// The names of all that has no sentence, by service and kind; of members with what they hold, as entries may name it.
fn missing(model: &Model) -> String {
    let mut text = String::new();
    for service in model.services() {
        let told = service.documented();
        for (kind, name) in TopicKind::ALL {
            let without: Vec<String> =
                told.iter().filter(|told| told.kind == kind && told.sentence.is_none()).map(named).collect();
            if !without.is_empty() {
                text.push_str(&format!(
                    "\n{}: {name} without a sentence\n  {}\n",
                    service.name(),
                    without.join("\n  ")
                ));
            }
        }
    }
    text
}

fn named(told: &Documented<'_>) -> String {
    match told.target {
        Some(target) => format!("{}: {target}", told.topic),
        None => told.topic.to_string(),
    }
}

/// Lists sentences that share too many words in a row with upstream's text; whether there are none.
fn compare(model: &Model, models: &Path, wheel: &Path) -> Result<bool> {
    let list = service_list::find(models)?.unwrap_or_default();
    let mut shared = 0;
    for service in model.services() {
        let wanted = list.get(service.name()).map_or(Wanted::newest(service.name()), Wanted::of_botocore);
        let text = upstream_text(wheel, wanted)?;
        for told in service.documented() {
            for words in told.sentence.into_iter().filter_map(|sentence| text.shared_with(sentence)) {
                shared += 1;
                print(&format!("{}: {} says as upstream does: {words}\n", service.name(), told.topic))?;
            }
        }
    }
    let limit = format!("more than {LONGEST_SHARED} words in a row");
    eprintln!("{} with {limit} of {}", counted(shared, "sentence"), wheel.display());
    Ok(shared == 0)
}

/// The documentation of a service in a wheel.
fn upstream_text(wheel: &Path, wanted: Wanted<'_>) -> Result<UpstreamText> {
    let files = upstream::read_wheel(wheel, &[wanted], Partitions::LeftOut)?.files.into_values();
    let files = files.map(|file| SourceFile { path: file.origin, text: file.bytes }).collect();
    let services = vec![ServiceFiles { name: wanted.name.to_owned(), files }];
    let model = checked(&ModelSet { services, partitions: None });
    let service = model.as_ref().and_then(|model| model.services().first());
    let unread = || Failure::new(format!("the model of {} in {} has errors", wanted.upstream, wheel.display()));
    service.map(UpstreamText::of).ok_or_else(unread)
}

/// Names what is new in a model and has no sentence yet, where the service has sentences at all.
pub(crate) fn tell_of_new(old: Option<&Service>, new: &Service) {
    if let Some(names) = new_without_sentence(old, new) {
        let first = format!("{}: docs.toml has no sentence yet for {}:", new.name(), counted(names.len(), "new name"));
        eprintln!("{}", report::wrapped(&first, &names, 2));
    }
}

fn new_without_sentence(old: Option<&Service>, new: &Service) -> Option<Vec<String>> {
    let has_sentences = [old, Some(new)].into_iter().flatten().any(|service| !service.sentences().is_empty());
    let known = old.map(Service::documented).unwrap_or_default();
    let is_new = |told: &Documented<'_>| known.iter().all(|known| known.topic != told.topic);
    let told = new.documented().into_iter().filter(|told| told.sentence.is_none() && is_new(told));
    let names: Vec<String> = told.map(|told| told.topic.to_string()).collect();
    (has_sentences && !names.is_empty()).then_some(names)
}
