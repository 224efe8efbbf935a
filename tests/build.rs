//! Lists, for tests of all of them, what is in generated code: every type that travels, by the macros that stand below
//! each; and every operation of the services that have secrets.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The crates, and the folders of their code.
const CRATES: [(&str, &str); 2] =
    [("workstream", "../generated/src"), ("workstream_fixtures", "generated-fixtures/src")];

/// The same with the services that give credentials.
const SECRETS: [(&str, &str); 3] = [CRATES[0], CRATES[1], ("workstream::identity", "../runtime/src/identity")];

/// The macros, each of which makes a value of a type.
const MACROS: [&str; 4] = ["structure!(", "union!(", "string_enum!(", "int_enum!("];

fn main() -> io::Result<()> {
    for (_, folder) in SECRETS {
        println!("cargo::rerun-if-changed={folder}");
    }
    let target = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(target.join("known.rs"), known()?)?;
    fs::write(target.join("operations_of_secrets.rs"), operations_of_secrets()?)
}

/// All types.
fn known() -> io::Result<String> {
    let mut list = String::from("const KNOWN: &[Known] = &[\n");
    for (name, folder) in CRATES {
        for service in sorted(Path::new(folder))?.iter().filter(|path| path.is_dir()) {
            for kind in ["operations", "types"] {
                for file in sorted(&service.join(kind))? {
                    let module = service.file_name().unwrap_or_default().to_string_lossy();
                    fs::read_to_string(file)?.lines().for_each(|line| add(&mut list, name, &module, line));
                }
            }
        }
    }
    list.push_str("];\n");
    Ok(list)
}

/// The inputs of operations, by the types of each service in which something is sensitive.
fn operations_of_secrets() -> io::Result<String> {
    let mut list = String::from("operations! {\n");
    for (name, folder) in SECRETS {
        for service in sorted(Path::new(folder))?.iter().filter(|path| path.is_dir()) {
            let files = [sorted(&service.join("operations"))?, sorted(&service.join("types"))?].concat();
            let texts: Vec<String> = files.iter().map(fs::read_to_string).collect::<io::Result<_>>()?;
            if texts.iter().all(|text| !text.contains(".sensitive()")) {
                continue;
            }
            let module = service.file_name().unwrap_or_default().to_string_lossy();
            let lines = texts.iter().flat_map(|text| text.lines());
            let inputs: Vec<&str> =
                lines.filter_map(|line| line.strip_prefix("impl Operation for ")?.strip_suffix(" {")).collect();
            list.push_str(&format!("    {name}::r#{module}::types: {};\n", inputs.join(" ")));
        }
    }
    list.push_str("}\n");
    Ok(list)
}

/// What a folder has; nothing where there is none.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

/// Adds the type that a line is about, if it is about one.
fn add(list: &mut String, name: &str, module: &str, line: &str) {
    let Some((found, rest)) = MACROS.iter().find_map(|found| Some((found, line.strip_prefix(found)?))) else { return };
    let ty = rest.trim_end_matches(");").split(',').next().unwrap_or_default();
    let kind = found.trim_end_matches("!(");
    list.push_str(&format!(
        "    Known::of::<{name}::r#{module}::types::{ty}>(\"{name}\", \"{module}\", \"{ty}\", \"{kind}\"),\n"
    ));
}
