//! What a run writes: a crate or a module, and where.

use crate::failure::{Failure, Result};
use crate::ownership::{self, OwnedFiles};
use crate::paths::{self, in_workspace, physical, relative, slashed, workspace};
use crate::service_list;
use std::fs;
use std::path::{Path, PathBuf};
use workstream_codegen::{Manifest, ModuleLayout, ModuleParts, Options, Output, OutputKind, Publication, ServiceList};

/// A crate or a module.
#[derive(Debug)]
pub(crate) struct Product {
    /// Where it goes.
    pub folder: PathBuf,
    /// What it has.
    pub options: Options,
    place: ProductPlace,
}

/// How much of its folder is its own.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ProductPlace {
    /// All of it: it is a part of the workspace.
    Workspace,
    /// What was generated: the folder is somebody's.
    Elsewhere,
    /// The file of this name, which is a whole module.
    File(String),
}

impl Product {
    /// The crate that goes into `folder`.
    ///
    /// # Errors
    ///
    /// When the folder cannot be found, or the list of services has errors.
    pub fn of_crate(folder: &Path) -> Result<Self> {
        let is_member = member(folder)?.is_some();
        let place = if is_member { ProductPlace::Workspace } else { ProductPlace::Elsewhere };
        Ok(Self { folder: folder.to_owned(), options: Options::new(manifest(folder)?), place })
    }

    /// The module that goes to `path`: a folder, or a file if it is called like one.
    pub fn of_module(path: &Path, parts: ModuleParts) -> Self {
        let (folder, layout, place) = match path.extension() {
            Some(extension) if extension == "rs" => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
                (folder.unwrap_or(Path::new(".")), ModuleLayout::File, ProductPlace::File(name))
            }
            _ => (path, ModuleLayout::Folder, ProductPlace::Elsewhere),
        };
        let mut options = Options::module(layout);
        options.kind = OutputKind::Module { layout, parts };
        Self { folder: folder.to_owned(), options, place }
    }

    /// All that is made of the services of a list: the crate in `out`, and the modules of the runtime beside it.
    ///
    /// # Errors
    ///
    /// Those of [`Self::of_crate`].
    pub fn listed(out: &Path, list: &ServiceList) -> Result<Vec<Self>> {
        let mut of_crate = Self::of_crate(out)?;
        of_crate.options.services = list.of_crate().map(|service| service.name.clone()).collect();
        let mut products = vec![of_crate];
        for (module, services) in list.modules() {
            let mut options = Options::module(ModuleLayout::Folder);
            options.services = services.iter().map(|service| service.name.clone()).collect();
            options.operations = services.iter().flat_map(|service| service.operations()).cloned().collect();
            let folder = runtime_module(out, module)?;
            products.push(Self { folder, options, place: ProductPlace::Workspace });
        }
        Ok(products)
    }

    /// Whether all of its folder is its own.
    pub fn owns_folder(&self) -> bool {
        self.place == ProductPlace::Workspace
    }

    /// Whether it is a module of somebody's crate.
    pub fn is_guest(&self) -> bool {
        !self.owns_folder() && matches!(self.options.kind, OutputKind::Module { .. })
    }

    /// For people.
    pub fn shown(&self) -> String {
        match &self.place {
            ProductPlace::Workspace | ProductPlace::Elsewhere => slashed(&self.folder),
            ProductPlace::File(name) => slashed(&self.folder.join(name)),
        }
    }

    /// What was generated of it, by the paths in its folder.
    pub fn placed(&self, mut output: Output) -> Output {
        if let ProductPlace::File(name) = &self.place {
            output.files = output.files.into_values().map(|text| (name.clone(), text)).collect();
        }
        output
    }

    /// The files that are there.
    ///
    /// # Errors
    ///
    /// When a folder or file cannot be read, or is a link.
    pub fn scan(&self) -> Result<OwnedFiles> {
        match (&self.place, &self.options.kind) {
            (ProductPlace::File(_), _) => Ok(OwnedFiles::default()),
            (_, OutputKind::Module { .. }) => ownership::scan_module(&self.folder),
            _ => ownership::scan(&self.folder),
        }
    }

    /// Refuses to replace what somebody else wrote; what is in the workspace is told of as stray.
    ///
    /// # Errors
    ///
    /// When there is such a file, or one cannot be read.
    pub fn refuse_foreign(&self, output: &Output) -> Result<()> {
        if self.owns_folder() {
            return Ok(());
        }
        let foreign = ownership::foreign_among(&self.folder, &output.files)?;
        let Some(file) = foreign.first() else { return Ok(()) };
        let file = slashed(&self.folder.join(file));
        let option = match self.options.kind {
            OutputKind::Module { .. } => "choose another place with --module",
            _ => "choose another folder with --out",
        };
        Err(Failure::new(format!("{file} is not a generated file, so it was not replaced"))
            .hint(format!("move it away, or {option}; nothing was written"))
            .not_done())
    }

    /// Files that nobody should have put there.
    pub fn strays(&self, found: &OwnedFiles, output: &Output) -> Vec<String> {
        let strays = found.foreign.iter().filter(|file| self.owns_folder() && !output.files.contains_key(*file));
        strays.cloned().collect()
    }
}

/// The folder of a module of the runtime that is beside the crate `out`.
fn runtime_module(out: &Path, name: &str) -> Result<PathBuf> {
    let below = format!("runtime/src/{name}");
    if member(out)?.is_some() {
        return Ok(in_workspace(&below));
    }
    let out = resolve(out)?;
    Ok(out.parent().unwrap_or(&out).join(below))
}

/// A generated crate of the workspace.
pub(super) struct Member {
    folder: &'static str,
    package: &'static str,
    /// The folder that it is generated from, all of it.
    pub models: &'static str,
    /// What it is, if it is published.
    description: Option<&'static str>,
}

/// All of them.
const MEMBERS: [Member; 2] = [
    Member {
        folder: "generated",
        package: "workstream",
        models: "models",
        description: Some(
            "Client for Amazon AppStream (also called WorkSpaces Applications) and the Amazon WorkSpaces family",
        ),
    },
    Member {
        folder: paths::FIXTURES_CRATE,
        package: paths::FIXTURES_PACKAGE,
        models: paths::FIXTURES_MODELS,
        description: None,
    },
];

pub(super) fn resolve(path: &Path) -> Result<PathBuf> {
    physical(path).map_err(|e| Failure::io("find", path, &e))
}

/// The generated crate of the workspace that has this folder.
pub(super) fn member(out: &Path) -> Result<Option<&'static Member>> {
    let out = resolve(out)?;
    for member in &MEMBERS {
        if out == resolve(&workspace().join(member.folder))? {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// The workspace's own crates inherit from it; any other stands by itself.
fn manifest(out: &Path) -> Result<Manifest> {
    if let Some(member) = member(out)? {
        let list = service_list::find(&workspace().join(member.models))?.unwrap_or_default();
        let publication = member.description.map(|description| {
            let guide = guide(&workspace().join(member.folder).join("guide"))?;
            Ok(Publication { description: description.to_owned(), guide })
        });
        let publication = publication.transpose()?;
        return Ok(Manifest::Member { package: member.package.to_owned(), opt_in: list.opt_in(), publication });
    }
    let (out, runtime) = (resolve(out)?, resolve(&workspace().join("runtime"))?);
    let runtime = relative(&out, &runtime).unwrap_or(runtime);
    Ok(Manifest::Standalone { runtime: slashed(&runtime) })
}

/// The pages in the folder of a guide, by name, but for the two that stand elsewhere; none where there is no folder.
fn guide(folder: &Path) -> Result<Vec<String>> {
    let mut pages = Vec::new();
    if !folder.exists() {
        return Ok(pages);
    }
    for entry in fs::read_dir(folder).map_err(|e| Failure::io("list", folder, &e))? {
        let file = entry.map_err(|e| Failure::io("list", folder, &e))?.file_name();
        let page = file.to_str().and_then(|file| file.strip_suffix(".md"));
        pages.extend(page.filter(|page| !["crate", "guide"].contains(page)).map(str::to_owned));
    }
    pages.sort();
    Ok(pages)
}
