//! `--generate` and `--compile`: what becomes of each version of a history.

use crate::failure::{Failure, Result};
use crate::paths::{slashed, workspace};
use crate::process::{cargo, run};
use crate::report::{self, Sources};
use crate::stderr::eprintln;
use crate::writer::write_crate;
use std::fs;
use std::io::ErrorKind;
use std::time::Instant;
use workstream_codegen::{Manifest, Model, Options, Output, generate};

/// The code of a version; an error if there is none, of which the user has been told more.
pub(super) fn generated(model: &Model, what: &str) -> Result<Output> {
    let manifest = Manifest::Standalone { runtime: slashed(&workspace().join("runtime")) };
    let (output, found) = generate(model, &Options::new(manifest));
    output.ok_or_else(|| {
        report::diagnostics(&found, &Sources::new());
        Failure::new(format!("nothing is generated from {what}"))
    })
}

/// Whether version `index` of `count` is one of `wanted` that are spread over all,
/// the first and the last among them.
pub(crate) fn is_chosen(index: usize, count: usize, wanted: usize) -> bool {
    let wanted = wanted.min(count);
    match wanted {
        0 => false,
        1 => index + 1 == count,
        _ => (0..wanted).any(|n| n * (count - 1) / (wanted - 1) == index),
    }
}

/// Lets the compiler check a crate with its client, in the workspace's target folder.
///
/// # Errors
///
/// When it does not compile: the compiler has said why.
pub(super) fn compile(output: &Output, service: &str, version: &str) -> Result<()> {
    let root = workspace().join("target").join("history");
    let folder = root.join(service).join(version);
    let start = Instant::now();
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(Failure::io("remove", &folder, &error)),
        _ => write_crate(&folder, output.files.clone())?,
    }
    let mut check = cargo();
    check.args(["check", "--quiet", "--no-default-features", "--features", &format!("{service},client-core")]);
    // One target folder: what the crates depend on is the same.
    check.current_dir(&folder).env("CARGO_TARGET_DIR", root.join("target")).env("CARGO_INCREMENTAL", "0");
    run(&mut check).map_err(|_| {
        Failure::new(format!("the code generated from {service} {version} does not compile"))
            .hint(format!("it is in {}", slashed(&folder)))
    })?;
    eprintln!("{service} {version} compiles, in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_chosen;

    #[test]
    fn those_that_are_compiled_are_spread_over_all() {
        let chosen = |count, wanted| (0..count).filter(|index| is_chosen(*index, count, wanted)).collect::<Vec<_>>();
        assert_eq!(chosen(66, 10), [0, 7, 14, 21, 28, 36, 43, 50, 57, 65]);
        assert_eq!(chosen(3, 10), [0, 1, 2]);
        assert_eq!(chosen(3, 1), [2]);
        assert!(chosen(3, 0).is_empty());
    }
}
