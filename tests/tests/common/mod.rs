//! What the tests of the generator share.

use std::collections::BTreeMap;
use std::path::Path;
use workstream::Protocol;
use workstream::runtime::ServiceDescription;
use workstream_codegen::{Model, ModelSet, Options, Output, generate, read};
use xtask::codegen::options_of_crate;
use xtask::discover::discover;
use xtask::paths::{FIXTURES_CRATE, FIXTURES_PACKAGE, workspace};

/// The files of all services in a folder of the workspace.
pub fn model_set(folder: &str) -> ModelSet {
    let mut set = discover(&workspace().join(folder), &[]).unwrap();
    // What diagnostics show must not depend on where the workspace is.
    let root = format!("{}/", xtask::paths::slashed(workspace()));
    for file in set.services.iter_mut().flat_map(|service| &mut service.files).chain(&mut set.partitions) {
        file.path = file.path.replace(&root, "");
    }
    set
}

/// The model in `set`, which has no errors.
pub fn model(set: &ModelSet) -> Model {
    let (model, diagnostics) = read(set);
    model.unwrap_or_else(|| panic!("{diagnostics:#?}"))
}

/// All of a generated package of the workspace.
pub fn options(package: &str) -> Options {
    let folder = if package == FIXTURES_PACKAGE { FIXTURES_CRATE } else { "generated" };
    options_of_crate(&workspace().join(folder)).unwrap()
}

/// What is generated of `set`, which has no errors.
pub fn output(set: &ModelSet, options: &Options) -> Output {
    let (output, diagnostics) = generate(&model(set), options);
    output.unwrap_or_else(|| panic!("{diagnostics:#?}"))
}

/// What a service is asked in: JSON and CBOR where its messages are bodies in one of them, whatever the model lists; else
/// what it lists.
pub fn protocols(service: &ServiceDescription) -> &'static [Protocol] {
    const RPC: &[Protocol] = &[Protocol::AwsJson1_1, Protocol::RpcV2Cbor];
    let is_rpc = |protocol: &Protocol| *protocol == Protocol::AwsJson1_0 || RPC.contains(protocol);
    let own = service.protocols;
    if own.is_empty() || own.iter().any(is_rpc) { RPC } else { own }
}

/// How a generated crate's folder differs from what it should be, a file a line.
pub fn differences(folder: &str, wanted: &BTreeMap<String, String>) -> Vec<String> {
    let root = workspace().join(folder);
    let mut found = BTreeMap::new();
    collect(&root, "", &mut found);
    let changed = wanted.iter().filter_map(|(file, text)| match found.get(file) {
        None => Some(format!("missing {file}")),
        Some(there) if there != text.as_bytes() => Some(format!("changed {file}")),
        Some(_) => None,
    });
    // People write what else a package has: its guide, its licences.
    let is_generated = |file: &str| file.ends_with(".rs") || file.ends_with(".toml");
    let orphaned = found
        .keys()
        .filter(|file| is_generated(file) && !wanted.contains_key(*file))
        .map(|file| format!("orphaned {file}"));
    changed.chain(orphaned).collect()
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}
