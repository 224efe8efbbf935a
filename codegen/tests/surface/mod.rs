//! What the plan says that the crate offers is what rustdoc sees in the committed crates:
//! no more, no less, and nothing else.
//!
//! Not compared are documentation, names of arguments, values of constants, auto traits
//! (they follow from the rest), and what is the same for every service: [`SHARED_TRAITS`],
//! [`SHARED_TYPES`], and whatever a service without any operation has too.

mod rustdoc;

use rustdoc::{Api, Item};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use workstream_codegen::diagnostic::Diagnostics;
use workstream_codegen::plan::{self, Surface};
use workstream_codegen::{Model, ModelSet, ServiceFiles, SourceFile, read};

/// Traits that all types of a service have, and the hidden one that seals others.
const SHARED_TRAITS: [&str; 9] =
    ["Clone", "Debug", "Default", "Deserialize", "Generated", "PartialEq", "Serialize", "StructuralPartialEq", "Value"];

/// Associated types that all operations of a service have in common.
const SHARED_TYPES: [&str; 2] = ["Error = Error", "ServiceError = ServiceError"];

/// The fixture of a service without operations: what its client has, every client has.
const EMPTY: &str = "no_operations";

/// The folder of the workspace that cargo runs the test in.
fn workspace() -> PathBuf {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.parent().unwrap().to_owned()
}

/// The models in a folder: `<service>/<api-version>/*.json` and `<service>/*.toml`.
fn model(folder: &str) -> Model {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let file = |path: &PathBuf| SourceFile { path: path.display().to_string(), text: std::fs::read(path).unwrap() };
    // Those of the runtime's modules lie deeper.
    let has_files = |path: &PathBuf| path.is_dir() && !entries(path).iter().any(|path| path.is_dir());
    let is_service = |path: &PathBuf| path.is_dir() && entries(path).iter().any(has_files);
    let services = entries(&workspace().join(folder)).into_iter().filter(is_service).map(|path| {
        let inside =
            entries(&path).into_iter().flat_map(|path| if path.is_dir() { entries(&path) } else { vec![path] });
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        ServiceFiles { name, files: inside.map(|path| file(&path)).collect() }
    });
    let (model, findings) = read(&ModelSet { services: services.collect(), partitions: None });
    model.unwrap_or_else(|| panic!("{findings:?}"))
}

/// The surfaces of all services, by the names of their modules; and their features.
fn surfaces(model: &Model) -> (BTreeMap<String, Surface>, Vec<String>) {
    let names = plan::service_names(model.services());
    let features = names.iter().map(|names| names.feature.clone()).collect();
    let surfaces = model.services().iter().zip(names).map(|(service, names)| {
        let module = plain(&names.module);
        let mut diagnostics = Diagnostics::new();
        let plan = plan::plan(service, names, |_| true, &mut diagnostics);
        let surface = plan.unwrap_or_else(|| panic!("{diagnostics:?}")).surface();
        assert_eq!(surface, plan::surface(service), "{module}: a whole service is what its outline says");
        (module, surface)
    });
    (surfaces.collect(), features)
}

/// A name without what makes a keyword one; rustdoc has names of that kind.
fn plain(name: &str) -> String {
    name.replace("r#", "")
}

/// What rustdoc sees in the modules of a package of the workspace.
fn documented(package: &str, features: &[String]) -> BTreeMap<String, Api> {
    let root = workspace();
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    // A folder of this checkout's own: others may share the target folder.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("surface-{:016x}", hasher.finish()));
    let rustdoc = |extra: &[&str]| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into()));
        cargo.current_dir(&root).env("CARGO_TARGET_DIR", &target).env("RUSTC_BOOTSTRAP", "1");
        cargo.args(["rustdoc", "--lib", "--quiet", "--locked", "--package", package, "--no-default-features"]);
        cargo.args(extra).args(["--features", &format!("client-core,dynamic,serde,{}", features.join(","))]);
        cargo.args(["--", "-Zunstable-options", "--output-format=json", "--cap-lints=allow"]);
        cargo.output().unwrap()
    };
    // Without a network if that is possible; when only this package was built, cargo gets what it lacks.
    let mut done = rustdoc(&["--offline"]);
    if !done.status.success() {
        done = rustdoc(&[]);
    }
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let all = rustdoc::modules(&target.join("doc").join(format!("{}.json", package.replace('-', "_"))));
    all.into_iter().map(|(module, api)| (plain(&module), spelled(api))).collect()
}

/// What rustdoc sees in the words of surfaces, without what all services share.
fn spelled(Api(items): Api) -> Api {
    let is_shared = |path: &str| path.rsplit_once(": ").is_some_and(|(_, name)| SHARED_TRAITS.contains(&name));
    let items = items.into_iter().filter(|(path, _)| !is_shared(path)).map(|(path, item)| {
        let types = item.signature.split(", ").filter(|part| !SHARED_TYPES.contains(part));
        let signature = if path.contains(": ") { types.collect::<Vec<_>>().join(", ") } else { item.signature };
        (path.replace("client::Client<M>::", "Client::"), Item { signature, ..item })
    });
    Api(items.collect())
}

/// A surface in the form that rustdoc's is in.
fn said(surface: &Surface) -> Api {
    let entries = surface.entries().map(|(path, entry)| {
        let signature = plain(&entry.signature);
        (plain(&path.to_string()), Item { signature, deprecated: entry.deprecated })
    });
    Api(entries.collect())
}

/// How what is said of a module differs from what is there.
fn differences(module: &str, said: &Api, there: &Api, shared: &Api) -> Vec<String> {
    let mut expected = said.0.clone();
    expected.extend(shared.0.clone());
    let paths: BTreeSet<&String> = expected.keys().chain(there.0.keys()).collect();
    let different = paths.into_iter().filter(|path| expected.get(*path) != there.0.get(*path));
    different
        .map(|path| format!("{module}::{path}: said {:?}, is {:?}", expected.get(path), there.0.get(path)))
        .collect()
}

#[test]
fn the_surface_is_what_rustdoc_sees() {
    let mut told = Vec::new();
    let (said_of_fixtures, features) = surfaces(&model("tests/fixtures/models"));
    let fixtures = documented("workstream-fixtures", &features);
    let (said_of_services, features) = surfaces(&model("models"));
    let services = documented("workstream", &features);

    let shared = &fixtures[EMPTY];
    assert_eq!(said_of_fixtures[EMPTY].entries().count(), 0, "`{EMPTY}` has nothing of its own");
    assert!(shared.0.contains_key("ServiceError::Unmodelled"), "{:?}", shared.0);
    for (surfaces, crate_) in [(&said_of_fixtures, &fixtures), (&said_of_services, &services)] {
        for (module, surface) in surfaces {
            told.extend(differences(module, &said(surface), &crate_[module], shared));
        }
    }
    let count = told.len();
    told.truncate(40);
    assert!(told.is_empty(), "{count} differences\n{}", told.join("\n"));
}
