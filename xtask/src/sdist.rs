//! botocore's source distribution: its models, and the tests that its wheel does not have.

use crate::failure::{Failure, Result};
use crate::pip::{self, Form, Temporary};
use crate::process::run;
use crate::python::Python;
use crate::stderr::eprintln;
use std::fs;
use std::path::{Path, PathBuf};

/// The unpacked source distribution.
#[derive(Debug)]
pub(crate) struct SdistSources {
    root: PathBuf,
}

impl SdistSources {
    /// That of botocore in `version`, which is downloaded and unpacked once, below `folder`.
    ///
    /// # Errors
    ///
    /// When it cannot be downloaded or unpacked.
    pub fn of(python: &Python, version: &str, folder: &Path) -> Result<Self> {
        let name = format!("botocore-{version}");
        let root = folder.join(&name);
        if !root.is_dir() {
            eprintln!("downloading the sources of botocore {version} with pip");
            let temporary = Temporary::new("botocore-sources")?;
            let archive = pip::download(python, Form::Source, Some(version), &temporary)?;
            fs::create_dir_all(folder).map_err(|e| Failure::io("create", folder, &e))?;
            run(python.module("tarfile").args(["--filter", "data", "--extract"]).arg(&archive).arg(temporary.path()))?;
            // In one step, so that half of it is never taken for the whole.
            let unpacked = temporary.path().join(&name);
            fs::rename(&unpacked, &root).map_err(|e| Failure::io("move", &unpacked, &e))?;
        }
        Ok(Self { root })
    }

    /// The folder of the models.
    pub fn models(&self) -> PathBuf {
        self.below(&["botocore", "data"])
    }

    /// The folder of the protocol vectors, with a folder for each direction.
    pub fn vectors(&self) -> PathBuf {
        self.below(&["tests", "unit", "protocols"])
    }

    /// The folder of the endpoint tests, with a folder for each service.
    pub fn endpoint_tests(&self) -> PathBuf {
        self.below(&["tests", "functional", "endpoint-rules"])
    }

    fn below(&self, parts: &[&str]) -> PathBuf {
        self.root.join(parts.iter().collect::<PathBuf>())
    }
}
