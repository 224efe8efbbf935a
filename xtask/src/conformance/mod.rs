//! `cargo xtask conformance`: the generated crate, and descriptions in boto3's
//! notation, beside botocore, operation by operation; how calls are retried; how
//! the shared files are read; where credentials are found; what JMESPath means; what
//! inputs may have; and botocore's protocol vectors. The comparisons are
//! tests/conformance/{compare,skeletons,retries,profiles,credentials,expressions,validation,vectors}.py;
//! what they need is made ready here.

mod catalog;
mod endpoints;
pub(crate) mod made;
mod random;
mod vectors;

use crate::expressions;
use crate::failure::{Failure, Result};
use crate::lock::Lock;
use crate::paths::{self, workspace};
use crate::process::{target, test_programs};
use crate::python::{Environment, Python};
use crate::sdist::SdistSources;
use crate::skeletons;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What to compare.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The seed of the random values
    #[arg(long, value_name = "TEXT", default_value = "1")]
    pub seed: String,

    /// How many random values to try for each input and output, besides an empty and a full one
    #[arg(long, value_name = "NUMBER", default_value_t = 4)]
    pub rounds: u32,

    // Of the group `only` one may be given.
    /// Compare only what `describe --style boto3` prints: for these models, or for all of botocore's
    #[arg(long, value_name = "DIR", num_args = 0..=1, group = "only")]
    pub descriptions: Option<Option<PathBuf>>,

    /// Compare only how calls are retried: this many random scripts of calls, in both modes
    #[arg(long, value_name = "NUMBER", num_args = 0..=1, default_missing_value = "4000", group = "only")]
    pub retries: Option<u32>,

    /// Compare only how ~/.aws/config and credentials are read: this many random pairs of files, and crafted ones
    #[arg(long, value_name = "NUMBER", num_args = 0..=1, default_missing_value = "10000", group = "only")]
    pub profiles: Option<u32>,

    /// Compare only where credentials are found, and by which requests: in written surroundings, and this many random ones
    #[arg(long, value_name = "NUMBER", num_args = 0..=1, default_missing_value = "300", group = "only")]
    pub credentials: Option<u32>,

    /// Compare only what JMESPath expressions mean: this many random ones, compiled as waiters
    #[arg(long, value_name = "NUMBER", num_args = 0..=1, default_missing_value = "2000", group = "only")]
    pub expressions: Option<u32>,

    /// Compare only what is found in inputs that their models do not allow: this many random ones
    #[arg(long, value_name = "NUMBER", num_args = 0..=1, default_missing_value = "10000", group = "only")]
    pub validate: Option<u32>,

    /// Run only botocore's protocol vectors, through generated crates: all files, or those with this in their name
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", group = "only")]
    pub vectors: Option<String>,

    /// Run only the endpoint tests of all of botocore's services, against the generated resolvers
    #[arg(long, group = "only")]
    pub endpoints: bool,

    /// Only generate all services that are in a folder of models, or in botocore, in one run, and let clippy look at them
    #[arg(long, value_name = "DIR", num_args = 0..=1, group = "only")]
    pub catalog: Option<Option<PathBuf>>,

    /// How many of the shards of 20 services are compiled, spread over all; 0 for none [default: all]
    #[arg(long, value_name = "NUMBER", requires = "catalog")]
    pub shards: Option<usize>,

    /// Compare only these services, each in its own protocols, through a crate that is made of them
    #[arg(long, value_name = "A,B,...", value_delimiter = ',', group = "only")]
    pub services: Vec<String>,

    /// The folder of the models of those services, in botocore's layout [default: botocore's]
    #[arg(long, value_name = "DIR", requires = "services")]
    pub models: Option<PathBuf>,

    /// What the environment is made with
    #[command(flatten)]
    pub python: Python,
}

/// Programs that answer for a crate.
const PROGRAMS: &[(&str, &str)] = &[("--bin", "wire"), ("--example", "wire-fixtures")];

/// The folders of their crates' models.
const MODELS: [&str; 2] = ["models", paths::FIXTURES_MODELS];

/// Compares; `false` when something differs, of which the user has been told.
///
/// # Errors
///
/// When the programs cannot be built, or there is no Python with botocore.
pub fn run(args: &Args) -> Result<bool> {
    let program = std::env::current_exe().unwrap_or_default();
    let target = target(&program);
    if let Some(models) = &args.descriptions {
        let python = environment(target, &args.python)?;
        let models = models.clone().map_or_else(|| skeletons::models_of_botocore(&python), Ok)?;
        return skeletons::compare(&python, &models);
    }
    if let Some(scripts) = args.retries {
        return retries(args, scripts);
    }
    if let Some(pairs) = args.profiles {
        let own = ["--files".into(), pairs.to_string().into()];
        return example_beside_botocore(args, "profiles", environment, &own);
    }
    if let Some(count) = args.credentials {
        let own = ["--random".into(), count.to_string().into()];
        return example_beside_botocore(args, "credentials", environment_with_signatures, &own);
    }
    if let Some(inputs) = args.validate {
        let models = workspace().join("models").into_os_string();
        let own = ["--models".into(), models, "--inputs".into(), inputs.to_string().into()];
        return example_beside_botocore(args, "validation", environment, &own);
    }
    if let Some(count) = args.expressions {
        let python = environment(target, &args.python)?;
        return expressions::compare(&python, &target.join("conformance-expressions"), &args.seed, count);
    }
    if let Some(part) = &args.vectors {
        return vectors::run(&environment(target, &args.python)?, &sources(target, &args.python)?, part, target);
    }
    if args.endpoints {
        return endpoints::run(&sources(target, &args.python)?, target);
    }
    if let Some(models) = &args.catalog {
        return catalog::run(&models_or_botocores(models.as_ref(), target, args)?, args.shards, target);
    }
    let options = ["--seed", &args.seed, "--rounds", &args.rounds.to_string()].map(str::to_owned);
    if !args.services.is_empty() {
        let models = models_or_botocores(args.models.as_ref(), target, args)?;
        return random::run(&environment(target, &args.python)?, &models, &args.services, &options, target);
    }
    messages(args, &options)
}

/// The folder of models that was given, or that of botocore.
fn models_or_botocores(given: Option<&PathBuf>, target: &Path, args: &Args) -> Result<PathBuf> {
    given.map_or_else(|| Ok(sources(target, &args.python)?.models()), |given| Ok(given.clone()))
}

/// Compares requests and responses of all operations, and their descriptions.
fn messages(args: &Args, options: &[String]) -> Result<bool> {
    let programs = test_programs(PROGRAMS)?;
    let python = environment(target(&programs[0]), &args.python)?;
    let script = workspace().join("tests").join("conformance").join("compare.py");
    let mut same = true;
    for (models, program) in MODELS.iter().zip(programs) {
        let mut compare = python.script(&script);
        compare.arg("--wire").arg(program).arg("--models").arg(workspace().join(models));
        compare.args(options);
        let status = compare.status().map_err(|e| Failure::new(format!("cannot run {compare:?}: {e}")))?;
        same &= status.success();
        same &= skeletons::compare(&python, &workspace().join(models))?;
    }
    Ok(same)
}

/// Compares decisions, pauses, budget and rates of retries, over random scripts.
fn retries(args: &Args, scripts: u32) -> Result<bool> {
    let models = workspace().join(paths::FIXTURES_MODELS).into_os_string();
    let own = ["--fixtures".into(), models, "--scripts".into(), scripts.to_string().into()];
    example_beside_botocore(args, "retries", environment, &own)
}

/// Compares what an example of the tests package answers, by the script of its name with these arguments of its own, in
/// an environment that is made for the target folder.
fn example_beside_botocore(
    args: &Args,
    name: &str,
    environment: fn(&Path, &Python) -> Result<Environment>,
    own: &[OsString],
) -> Result<bool> {
    let program = test_programs(&[("--example", name)])?.remove(0);
    // An example is one folder deeper than a program.
    let python = environment(target(program.parent().unwrap_or(&program)), &args.python)?;
    let script = workspace().join("tests").join("conformance").join(format!("{name}.py"));
    let mut compare = python.script(&script);
    compare.arg("--program").arg(program).args(["--seed", &args.seed]).args(own);
    let status = compare.status().map_err(|e| Failure::new(format!("cannot run {compare:?}: {e}")))?;
    Ok(status.success())
}

/// An environment with the botocore that the models are from.
fn environment(target: &Path, args: &Python) -> Result<Environment> {
    args.environment(&target.join("conformance"), &[&format!("botocore=={}", version()?)])
}

/// The same, with the package that botocore signs proofs of possession with.
fn environment_with_signatures(target: &Path, args: &Python) -> Result<Environment> {
    args.environment(&target.join("conformance-credentials"), &[&format!("botocore[crt]=={}", version()?)])
}

/// The sources of the botocore that the models are from.
pub(crate) fn sources(target: &Path, args: &Python) -> Result<SdistSources> {
    SdistSources::of(args, &version()?, &target.join("conformance-sources"))
}

/// The version of the botocore that the models are from.
fn version() -> Result<String> {
    let lock = Lock::read(&workspace().join("models"))?;
    lock.map(|lock| lock.version).ok_or_else(|| Failure::new("the models have no lock file"))
}
