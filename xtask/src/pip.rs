//! Packages from PyPI, by pip: it knows the user's indexes, proxies and certificates.

use crate::failure::{Failure, Result};
use crate::process::{new_folder, target};
use crate::python::Python;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A folder that is gone when this is.
pub(crate) struct Temporary(PathBuf);

/// The two forms of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// What is installed.
    Wheel,
    /// What a wheel is made of, with the tests.
    Source,
}

impl Form {
    /// pip's option to take no other.
    const fn only(self) -> &'static str {
        match self {
            Self::Wheel => "--only-binary",
            Self::Source => "--no-binary",
        }
    }

    /// How a message calls it.
    const fn name(self) -> &'static str {
        match self {
            Self::Wheel => "wheel",
            Self::Source => "source distribution",
        }
    }

    const fn ending(self) -> &'static str {
        match self {
            Self::Wheel => ".whl",
            Self::Source => ".tar.gz",
        }
    }
}

impl Temporary {
    /// An empty folder beside this program's own: in `target/`.
    pub fn new(purpose: &str) -> Result<Self> {
        let program = std::env::current_exe().map_err(|e| Failure::new(format!("cannot find this program: {e}")))?;
        Ok(Self(new_folder(target(&program), purpose)?))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Best effort: `cargo clean` removes it too.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Downloads botocore in `version`, or the newest, into `folder`.
///
/// # Errors
///
/// When there is no pip, pip cannot get it, or what it got has another form.
pub(crate) fn download(python: &Python, form: Form, version: Option<&str>, folder: &Temporary) -> Result<PathBuf> {
    let folder = folder.path();
    let wanted = version.map_or_else(|| "botocore".to_owned(), |version| format!("botocore=={version}"));
    let mut pip = python.module("pip");
    pip.args(["download", "--no-deps", form.only(), "botocore", "--progress-bar", "off"]);
    pip.args(["--no-input", "--disable-pip-version-check", "--dest"]).arg(folder).arg(&wanted);
    let done = pip.stdin(Stdio::null()).output().map_err(|e| not_run(python, &e))?;
    if !done.status.success() {
        return Err(explain(&wanted, form, python, &String::from_utf8_lossy(&done.stderr)));
    }
    only_file(folder, form)
}

fn not_run(python: &Python, error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NotFound => Failure::new(format!("there is no Python: `{python}` is not found")),
        _ => Failure::new(format!("cannot run `{python}`: {error}")),
    }
    .hint("install Python with pip, name one with --python, or give a wheel with --wheel")
}

fn only_file(folder: &Path, form: Form) -> Result<PathBuf> {
    let list = fs::read_dir(folder).map_err(|e| Failure::io("list", folder, &e))?;
    let mut files = list.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let file = files.find(|path| path.to_string_lossy().ends_with(form.ending()));
    file.ok_or_else(|| Failure::new(format!("pip left no {} in {}", form.name(), folder.display())))
}

/// What pip's complaint means, and its own words, shortly.
fn explain(wanted: &str, form: Form, python: &Python, told: &str) -> Failure {
    if told.contains("No module named pip") {
        return Failure::new(format!("`{python}` has no pip")).hint(format!(
            "`{python} -m ensurepip`, or on Debian `apt install python3-pip`; or give a wheel with --wheel"
        ));
    }
    let known = versions(told);
    if let Some(newest) = known.last() {
        return Failure::new(format!("there is no {} of {wanted}", form.name()))
            .hint(format!("the newest that pip finds is {newest}"));
    }
    let words = complaint(told);
    Failure::new(format!("pip cannot download {wanted}: {words}")).hint(
        "the package index has to be reachable, PyPI or that of pip's settings (`pip config list`, PIP_INDEX_URL); \
         or give a wheel with --wheel",
    )
}

/// The versions that pip lists when it has not found the one that is asked for.
fn versions(told: &str) -> Vec<&str> {
    let Some((_, rest)) = told.split_once("(from versions: ") else { return Vec::new() };
    let list = rest.split_once(')').map_or(rest, |(list, _)| list);
    list.split(", ").filter(|version| *version != "none").collect()
}

/// Characters of pip's own words that are shown.
const WORDS: usize = 300;

/// The line that says why: of a connection that failed the reason is in the warnings.
fn complaint(told: &str) -> String {
    let line = |prefix: &str| told.lines().find(|line| line.trim_start().starts_with(prefix));
    let line = line("WARNING: Retrying").or_else(|| line("ERROR:")).or_else(|| told.trim().lines().last());
    let line = line.unwrap_or("it does not say why").trim();
    let short: String = line.chars().take(WORDS).collect();
    if short.len() < line.len() { format!("{short}...") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(told: &str) -> Failure {
        explain("botocore==9", Form::Wheel, &Python::named("python3"), told)
    }

    #[test]
    fn what_pip_says_is_told_shortly() {
        let failure = explained("/usr/bin/python3: No module named pip\n");
        assert_eq!(failure.message, "`python3` has no pip");

        let failure = explained(
            "ERROR: Could not find a version that satisfies the requirement botocore==9 (from versions: 0.4.1, 1.44.5)\n\
             ERROR: No matching distribution found for botocore==9\n",
        );
        assert_eq!(failure.message, "there is no wheel of botocore==9");
        assert_eq!(failure.hint.as_deref(), Some("the newest that pip finds is 1.44.5"));

        let failure = explained(
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'refused': /simple/botocore/\n\
             ERROR: Could not find a version that satisfies the requirement botocore==9 (from versions: none)\n",
        );
        assert!(failure.message.contains("after connection broken by 'refused'"), "{failure}");

        let failure = explained(&format!("ERROR: {}\n", "x".repeat(1_000)));
        assert!(failure.message.len() < 400 && failure.message.ends_with("..."), "{failure}");
        assert!(explained("").message.ends_with("it does not say why"));
    }
}
