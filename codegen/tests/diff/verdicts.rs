//! What the rules say of Rust source is what the compiler's view of the two
//! generated crates says.
//!
//! Every model that is compared becomes a module of one crate, of which rustdoc
//! writes the public API as JSON: one build, and no bodies to compile. What is
//! gone or different there breaks code; what is new does not.

use crate::rustdoc::{self, Api};
use crate::{package, release, renames, rules, service};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use workstream_codegen::diagnostic::{self, Diagnostics};
use workstream_codegen::diff::rules::{Effect, Finding, Rule, Severities, Severity};
use workstream_codegen::diff::{Comparison, compare};
use workstream_codegen::graph::Service;
use workstream_codegen::{Manifest, Model, Options, generate};

/// Real changes, each between two releases.
const REAL: [(&str, [&str; 2]); 16] = [
    ("appstream", ["1.7.19", "1.7.20"]),
    ("appstream", ["1.10.55", "1.10.58"]),
    ("appstream", ["1.12.82", "1.12.83"]),
    ("appstream", ["1.28.4", "1.29.164"]),
    ("appstream", ["1.31.48", "1.31.49"]),
    ("appstream", ["1.31.49", "1.31.72"]),
    ("appstream", ["1.43.34", "1.43.55"]),
    ("appstream", ["1.44.4", "1.44.5"]),
    ("workspaces", ["1.12.72", "1.12.87"]),
    ("workspaces", ["1.12.179", "1.12.180"]),
    ("workspaces", ["1.12.180", "1.12.233"]),
    ("workspaces", ["1.34.136", "1.34.139"]),
    ("workspaces", ["1.37.8", "1.38.13"]),
    ("workspaces", ["1.38.13", "1.38.17"]),
    ("workspaces", ["1.43.127", "1.44.1"]),
    // Nothing changes.
    ("appstream", ["1.44.5", "1.44.5"]),
];

/// What breaks by a rule, and the compiler sees less of it: what that is, and why.
const EXCEPTIONS: [(Rule, Effect, &str); 3] = [
    (
        Rule::RequiredMembersReordered,
        Effect::None,
        "arguments of one type that change places: such code compiles, and means something else",
    ),
    (Rule::NameTaken, Effect::Change, "a name that stands for something else: such code compiles, and means that"),
    (Rule::NameTaken, Effect::None, "the same, where what had the name is gone"),
];

/// What is gone, as the compiler sees it: by its name, which something else may have taken.
const REMOVALS: [Rule; 4] =
    [Rule::EnumValueRemovedInput, Rule::EnumValueRemovedOutput, Rule::MemberRemovedInput, Rule::MemberRemovedOutput];

/// Two models, by their names as modules.
struct Pair {
    what: String,
    old: String,
    new: String,
}

/// Models by the names that they have as modules.
#[derive(Default)]
struct Models(BTreeMap<String, Service>);

impl Models {
    fn add(&mut self, service: &Service) -> String {
        let name = format!("m{:03}", self.0.len());
        let mut builder = service.to_builder();
        builder.name = name.clone();
        self.0.insert(name.clone(), builder.build(&mut Diagnostics::new()).unwrap());
        name
    }
}

/// Each pair, in both directions.
fn pairs(models: &mut Models) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut add = |what: &str, old: &str, new: &str| {
        pairs.push(Pair { what: what.to_owned(), old: old.to_owned(), new: new.to_owned() });
        pairs.push(Pair { what: format!("{what}, reversed"), old: new.to_owned(), new: old.to_owned() });
    };
    let mut releases: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for (service, versions) in REAL {
        let [old, new] = versions.map(|version| {
            releases.entry((service, version)).or_insert_with(|| models.add(&release(version, service))).clone()
        });
        add(&format!("{service} {} -> {}", versions[0], versions[1]), &old, &new);
    }
    let (old, changes) = rules::changes();
    let old = models.add(&old);
    for changed in changes {
        add(&changed.what, &old, &models.add(&changed.new));
    }
    let old = models.add(&service(&renames::pets(&[])));
    for names in [[("FeedRequest", "FeedInput"), ("Pets", "PetList")], [("Pet", "Animal"), ("Mood", "State")]] {
        add(&format!("{names:?}"), &old, &models.add(&service(&renames::pets(&names))));
    }
    pairs
}

/// The APIs of all models, by their names.
fn documented(models: Models) -> BTreeMap<String, Api> {
    let package = package();
    let root = package.parent().unwrap();
    let folder = own_folder(&package);
    let features: Vec<String> = models.0.keys().cloned().chain(["client-core".to_owned()]).collect();
    let runtime = root.join("runtime").display().to_string().replace('\\', "/");
    let options = Options { services: vec![], operations: vec![], manifest: Manifest::Standalone { runtime } };
    let (output, found) = generate(&Model::of(models.0.into_values().collect()), &options);
    let errors: Vec<_> = found.iter().filter(|found| found.severity == diagnostic::Severity::Error).collect();
    let output = output.unwrap_or_else(|| panic!("{errors:#?}"));
    let source = folder.join("crate");
    let _ = std::fs::remove_dir_all(&source);
    for (path, text) in &output.files {
        write(&source.join(path), text);
    }
    // The versions that the workspace has.
    write(&source.join("Cargo.lock"), &std::fs::read_to_string(root.join("Cargo.lock")).unwrap());

    let target = folder.join("target");
    let rustdoc = |extra: &[&str]| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into()));
        cargo.current_dir(&source).env("CARGO_TARGET_DIR", &target).env("RUSTC_BOOTSTRAP", "1");
        cargo.args(["rustdoc", "--lib", "--quiet", "--no-default-features"]).args(extra);
        cargo.args(["--features", &features.join(",")]);
        cargo.args(["--", "-Zunstable-options", "--output-format=json", "--cap-lints=allow"]);
        cargo.output().unwrap()
    };
    // Without a network if that is possible: all is there when the whole workspace was built. When only this package
    // was, cargo gets what it lacks.
    let mut done = rustdoc(&["--offline"]);
    if !done.status.success() {
        done = rustdoc(&[]);
    }
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    rustdoc::modules(&target.join("doc/workstream.json"))
}

/// What code that used the old API notices of the new one, and an example of it.
fn effect(old: &Api, new: &Api) -> (Effect, String) {
    for (path, was) in &old.0 {
        match new.0.get(path) {
            None => return (Effect::Break, format!("{path} is gone")),
            Some(is) if is.signature != was.signature => {
                return (Effect::Break, format!("{path} is {}, and was {}", is.signature, was.signature));
            }
            Some(_) => {}
        }
    }
    if let Some(path) = new.0.keys().find(|path| !old.0.contains_key(*path)) {
        return (Effect::Change, format!("{path} is new"));
    }
    match old.0.iter().find(|(path, was)| new.0[*path].deprecated != was.deprecated) {
        Some((path, _)) => (Effect::Change, format!("{path} is deprecated, or no longer")),
        None => (Effect::None, "the same API".to_owned()),
    }
}

/// A folder of this checkout's own: others may share the target folder and be tested at the same time.
fn own_folder(package: &Path) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    package.hash(&mut hasher);
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("verdicts-{:016x}", hasher.finish()))
}

fn write(path: &PathBuf, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A pair, as the rules and the compiler see it.
struct Compared<'g> {
    what: &'g str,
    comparison: Comparison<'g>,
    effect: Effect,
    example: String,
}

impl Compared<'_> {
    fn is_exception(&self, said: Effect, severities: &Severities) -> bool {
        EXCEPTIONS.iter().any(|(excepted, effect, _)| {
            let mut rules = self.comparison.findings.iter().map(|finding| finding.rule);
            let is_of_names = |rule| *excepted == Rule::NameTaken && REMOVALS.contains(&rule);
            *effect == self.effect
                && rules.clone().any(|rule| rule == *excepted)
                && rules.all(|rule| rule == *excepted || is_of_names(rule) || severities.of(rule).source < said)
        })
    }
}

/// What the rules, with these severities, and the compiler disagree about.
fn disagreements(compared: &[Compared<'_>], severities: &Severities) -> Vec<String> {
    let mut told = Vec::new();
    for pair @ Compared { what, comparison, effect, example } in compared {
        let said = comparison.severity(severities).source;
        if said != *effect && !pair.is_exception(said, severities) {
            let findings = crate::told(comparison);
            told.push(format!("{what}: {said} by rules, {effect} by rustdoc ({example}): {findings:?}"));
        }
    }
    told
}

#[test]
fn the_verdict_on_source_is_that_of_the_compiler() {
    let mut models = Models::default();
    let pairs = pairs(&mut models);
    let services = models.0.clone();
    let apis = documented(models);
    let compared = pairs.iter().map(|Pair { what, old, new }| {
        let (effect, example) = effect(&apis[old], &apis[new]);
        Compared { what, comparison: compare(&services[old], &services[new]), effect, example }
    });
    let mut compared: Vec<Compared<'_>> = compared.collect();
    compared.extend(comings_and_goings(&services, &apis));
    let told = disagreements(&compared, &Severities::default());
    assert!(told.is_empty(), "{}", told.join("\n"));
    every_severity_matters(&compared);
}

/// A service that comes, and one that goes: on the other side, the crate has nothing of it.
fn comings_and_goings<'g>(services: &'g BTreeMap<String, Service>, apis: &BTreeMap<String, Api>) -> [Compared<'g>; 2] {
    let (name, service) = services.first_key_value().unwrap();
    let compared = |what, finding, (effect, example)| {
        let mut comparison = compare(service, service);
        comparison.findings.push(finding);
        Compared { what, comparison, effect, example }
    };
    let nothing = Api::default();
    [
        compared("a service comes", Finding::service_added(service), effect(&nothing, &apis[name])),
        compared("a service goes", Finding::service_removed(service), effect(&apis[name], &nothing)),
    ]
}

/// Effects that would make no difference: a type comes and goes with what holds it.
const ACCOMPANIED: [&str; 3] = ["type-added none", "type-removed none", "type-removed change"];

/// Any other effect of any rule is noticed.
fn every_severity_matters(compared: &[Compared<'_>]) {
    let mut unnoticed = Vec::new();
    for rule in Rule::ALL {
        for source in [Effect::None, Effect::Change, Effect::Break] {
            let mut severities = Severities::default();
            severities.set(*rule, Severity { source, ..rule.severity() }, "a trial");
            if source != rule.severity().source && disagreements(compared, &severities).is_empty() {
                unnoticed.push(format!("{} {source}", rule.id()));
            }
        }
    }
    assert_eq!(unnoticed, ACCOMPANIED);
}
