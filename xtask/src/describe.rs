//! `cargo xtask describe`: what an API looks like, in three notations.

use crate::discover::{discover, resolve_service};
use crate::failure::{Failure, Result};
use crate::paths::{self, in_workspace, slashed, workspace};
use crate::process::cargo;
use crate::report::{self, Sources, counted};
use crate::stderr::eprintln;
use crate::stdout;
use crate::writer::write_crate;
use clap::ValueEnum;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use workstream_codegen::describe::{Described, Description, Style};
use workstream_codegen::{Model, read};

const EXAMPLES: &str = "\
Examples:
  cargo xtask describe appstream                       an overview
  cargo xtask describe appstream CreateFleet           an operation: its request, response and errors
  cargo xtask describe appstream create_fleet --style rust
                                                       code that calls it
  cargo xtask describe workspaces WorkspaceProperties  a shape, and where it is used
  cargo xtask describe appstream --paginator DescribeFleets --style boto3
  cargo xtask describe dynamodb PutItem --models botocore/data
                                                       from another folder in botocore's layout
  cargo xtask describe dynamodb --models ../smithy-models
                                                       from a checkout of the official Smithy models";

/// What to describe.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The service, by its folder's name
    #[arg(required_unless_present = "check_rust")]
    pub service: Option<String>,

    /// An operation or a shape of the service, in any spelling: DescribeFleets, describe_fleets
    #[arg(value_name = "OPERATION|SHAPE")]
    pub subject: Option<String>,

    /// Show how this operation is paginated
    #[arg(long, value_name = "OPERATION", conflicts_with = "subject")]
    pub paginator: Option<String>,

    /// How to print it
    #[arg(long, value_enum, default_value_t = Notation::Tree)]
    pub style: Notation,

    /// Where the models are, in botocore's layout or Smithy's [default: the workspace's models/]
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,

    /// Compile the Rust for every service, operation, shape and paginator of models/ and of the test fixtures
    #[arg(long, conflicts_with_all = ["service", "subject", "paginator", "style", "models"])]
    pub check_rust: bool,
}

/// Notations of a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Notation {
    /// Everything in the model: types, constraints, values, and where a shape is used
    Tree,
    /// As in boto3's documentation
    Boto3,
    /// Rust code that compiles
    Rust,
}

impl Notation {
    fn style(self) -> Style {
        match self {
            // Where no terminal shows it, `anstream` takes colour out again.
            Self::Tree => Style::Tree { colour: true },
            Self::Boto3 => Style::Boto3,
            Self::Rust => Style::Rust,
        }
    }
}

/// Runs the command; `false` when the models have errors or a snippet does not
/// compile, of which the user has been told.
///
/// # Errors
///
/// When what is asked for is not there, a file cannot be read, or the description cannot be written.
pub fn run(args: &Args) -> Result<bool> {
    let Some(service) = &args.service else { return check_rust() };
    let models = args.models.clone().unwrap_or_else(|| in_workspace("models"));
    let service = resolve_service(&models, service)?;
    let Some(model) = model(&models, std::slice::from_ref(&service))? else { return Ok(false) };
    let text = describe(&model, &service, args)?;
    stdout::print(&text)?;
    Ok(true)
}

/// The description, with colours.
///
/// # Errors
///
/// When what is asked for is not there.
pub fn describe(model: &Model, service: &str, args: &Args) -> Result<String> {
    let missing = || Failure::new(format!("there is no model of service `{service}`"));
    let description = Description::new(model, service).ok_or_else(missing)?;
    let style = args.style.style();
    let no_rust = |name: &str, otherwise: &str| {
        let reason = description.no_rust(name).unwrap_or_else(|| otherwise.to_owned());
        Failure::new(format!("there is no Rust to show: {reason}")).hint("the other styles are `tree` and `boto3`")
    };
    if let Some(name) = &args.paginator {
        let id = description.find_operation(name).map_err(|near| unknown(service, "operation", name, near))?;
        let name = &description.service()[id].name;
        if !description.paginated().any(|paginated| paginated == name) {
            return Err(Failure::new(format!("`{name}` is not paginated")).hint(paginated(&description)));
        }
        return description.paginator(id, style).ok_or_else(|| no_rust(name, ""));
    }
    let Some(name) = &args.subject else {
        return description.overview(style).ok_or_else(|| no_rust("", ""));
    };
    let found = description.find(name).map_err(|near| unknown(service, "operation or shape", name, near))?;
    let otherwise = match found {
        Described::Shape(id) => {
            format!("the {} `{name}` has no type of its own", description.service()[id].kind.type_name())
        }
        Described::Operation(_) => String::new(),
    };
    description.subject(found, style).ok_or_else(|| no_rust(name, &otherwise))
}

fn unknown(service: &str, what: &str, name: &str, near: Option<String>) -> Failure {
    let failure = Failure::new(format!("{service} has no {what} `{name}`"));
    match near {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("`cargo xtask describe {service}` lists the operations")),
    }
}

fn paginated(description: &Description<'_>) -> String {
    let names: Vec<&str> = description.paginated().collect();
    if names.is_empty() { "no operation is".to_owned() } else { format!("these are: {}", names.join(", ")) }
}

/// Reads models, and prints what is wrong with them; `None` if that is an error.
fn model(models: &Path, services: &[String]) -> Result<Option<Model>> {
    let set = discover(models, services)?;
    let (model, found) = read(&set);
    if model.is_none() {
        let files = set.services.iter().flat_map(|service| &service.files).chain(&set.partitions);
        let sources: Sources<'_> = files.map(|file| (file.path.as_str(), file.text.as_slice())).collect();
        report::diagnostics(&found, &sources);
    }
    Ok(model)
}

/// The generated crates whose snippets are checked: models, folder and package.
const CRATES: [(&str, &str, &str); 2] =
    [("models", "generated", "workstream"), (paths::FIXTURES_MODELS, paths::FIXTURES_CRATE, paths::FIXTURES_PACKAGE)];

/// Writes all snippets into crates below the target folder, and compiles them.
fn check_rust() -> Result<bool> {
    let mut compiles = true;
    for (models, generated, package) in CRATES {
        let Some(model) = model(&workspace().join(models), &[])? else { return Ok(false) };
        let descriptions: Vec<Description<'_>> =
            model.services().iter().filter_map(|service| Description::new(&model, service.name())).collect();
        let snippets: Vec<String> = descriptions.iter().flat_map(snippets).collect();
        let folder = workspace().join("target").join("describe").join(package);
        let sources = folder.join("src");
        if sources.exists() {
            fs::remove_dir_all(&sources).map_err(|e| Failure::io("remove", &sources, &e))?;
        }
        write_crate(&folder, files(manifest(generated, package, &descriptions), &snippets))?;
        let mut check = cargo();
        check.args(["check", "--quiet"]).current_dir(&folder);
        let status = check.status().map_err(|e| Failure::new(format!("cannot run {check:?}: {e}")))?;
        if status.success() {
            eprintln!("{models}: {} compile", counted(snippets.len(), "snippet"));
        }
        compiles &= status.success();
    }
    Ok(compiles)
}

/// The files of a crate with a module per snippet, which are as they are printed.
fn files(manifest: String, snippets: &[String]) -> BTreeMap<String, String> {
    let modules = (0..snippets.len()).map(|index| format!("pub mod snippet_{index};\n"));
    let root = format!("#![allow(deprecated)]\n{}", modules.collect::<String>());
    let snippets = snippets.iter().enumerate();
    let snippets = snippets.map(|(index, text)| (format!("src/snippet_{index}.rs"), text.clone()));
    snippets.chain([("src/lib.rs".to_owned(), root), ("Cargo.toml".to_owned(), manifest)]).collect()
}

/// All that there is of a service in Rust.
fn snippets(description: &Description<'_>) -> Vec<String> {
    let service = description.service();
    let mut snippets: Vec<String> = description.overview(Style::Rust).into_iter().collect();
    for (id, _) in service.operations() {
        snippets.extend(description.subject(Described::Operation(id), Style::Rust));
        snippets.extend(description.paginator(id, Style::Rust));
    }
    for (id, _) in service.shapes() {
        snippets.extend(description.subject(Described::Shape(id), Style::Rust));
    }
    snippets
}

/// Snippets know the generated crate by the name `workstream`, whatever its package is called.
fn manifest(generated: &str, package: &str, services: &[Description<'_>]) -> String {
    let features: Vec<String> = services.iter().map(|service| format!("{:?}", service.names().feature)).collect();
    let path = slashed(&workspace().join(generated));
    format!(
        "[package]\nname = \"snippets\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies.workstream]\npackage = {package:?}\npath = {path:?}\ndefault-features = false\n\
         features = [\"credentials\", {}]\n\n[workspace]\n",
        features.join(", "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Operations as they were in one release: what is nearest to a name depends on all that there are.
    fn models() -> Model {
        model(&workspace().join("tests/fixtures/frozen"), &[]).unwrap().unwrap()
    }

    fn args(subject: Option<&str>, paginator: Option<&str>, style: Notation) -> Args {
        let owned = |name: Option<&str>| name.map(str::to_owned);
        let (subject, paginator) = (owned(subject), owned(paginator));
        Args { service: None, subject, paginator, style, models: None, check_rust: false }
    }

    /// The message and the hint.
    fn failure(model: &Model, args: &Args) -> (String, Option<String>) {
        let failure = describe(model, "appstream", args).unwrap_err();
        (failure.message, failure.hint)
    }

    #[test]
    fn everything_can_be_described() {
        for (models, ..) in CRATES {
            let model = model(&workspace().join(models), &[]).unwrap().unwrap();
            for service in model.services() {
                let description = Description::new(&model, service.name()).unwrap();
                for style in [Notation::Tree, Notation::Boto3, Notation::Rust].map(Notation::style) {
                    describe_all(&description, style);
                }
            }
        }
    }

    fn describe_all(description: &Description<'_>, style: Style) {
        let service = description.service();
        assert!(description.overview(style).is_some());
        for (id, operation) in service.operations() {
            let text = description.subject(Described::Operation(id), style);
            let skipped = style == Style::Rust && description.no_rust(&operation.name).is_some();
            assert_eq!(text.is_none(), skipped, "{} {style:?}", operation.name);
            assert!(text.is_none_or(|text| text.ends_with('\n')), "{} {style:?}", operation.name);
        }
        let paginated = service.operations().filter_map(|(id, _)| description.paginator(id, style)).count();
        assert_eq!(paginated, description.paginated().count());
        for (id, shape) in service.shapes() {
            let text = description.subject(Described::Shape(id), style);
            assert!(text.is_some() || style == Style::Rust, "{} {style:?}", shape.name);
        }
    }

    #[test]
    fn what_is_not_there_is_told_with_the_nearest() {
        let model = models();
        let unknown = failure(&model, &args(Some("DescribeImageBuilder"), None, Notation::Tree));
        assert_eq!(unknown.0, "appstream has no operation or shape `DescribeImageBuilder`");
        assert_eq!(unknown.1.as_deref(), Some("did you mean `DescribeImageBuilders`?"));
        let unknown = failure(&model, &args(Some("Elephant"), None, Notation::Tree));
        assert_eq!(unknown.1.as_deref(), Some("`cargo xtask describe appstream` lists the operations"));
        let unknown = failure(&model, &args(None, Some("Fleet"), Notation::Tree));
        assert_eq!(unknown.0, "appstream has no operation `Fleet`");
        let (message, hint) = failure(&model, &args(None, Some("create_fleet"), Notation::Tree));
        assert_eq!(message, "`CreateFleet` is not paginated");
        assert!(hint.is_some_and(|hint| hint.contains("DescribeImageBuilders")));
        let (message, _) = failure(&model, &args(Some("Arn"), None, Notation::Rust));
        assert_eq!(message, "there is no Rust to show: the string `Arn` has no type of its own");
    }

    #[test]
    fn services_are_found_in_any_case() {
        let models = workspace().join("models");
        assert_eq!(resolve_service(&models, "AppStream").as_deref(), Ok("appstream"));
        assert_eq!(resolve_service(&models, "work-spaces").as_deref(), Ok("workspaces"));
        let unknown = resolve_service(&models, "appsteam").unwrap_err();
        assert_eq!(unknown.hint.as_deref(), Some("did you mean `appstream`?"));
    }
}
