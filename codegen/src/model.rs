//! The way in: the files of a set of models, read into shape graphs.

use crate::diagnostic::{Diagnostics, Severity};
use crate::graph::{Partition, Service};
use crate::source;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A file as somebody else read it from disk.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path, as diagnostics show it.
    pub path: String,
    /// What is in it, no longer compressed.
    pub text: Vec<u8>,
}

/// The files of one service's model, in either format.
#[derive(Clone, Debug)]
pub struct ServiceFiles {
    /// Name of the service: of the folder in botocore's layout, such as `appstream`.
    pub name: String,
    /// The files of one API version.
    pub files: Vec<SourceFile>,
}

/// All that one run reads.
#[derive(Clone, Debug, Default)]
pub struct ModelSet {
    /// The services.
    pub services: Vec<ServiceFiles>,
    /// `partitions.json`.
    pub partitions: Option<SourceFile>,
}

impl ModelSet {
    fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.services.iter().flat_map(|service| &service.files).chain(&self.partitions)
    }
}

/// What was read: a graph per service, and the partitions.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    services: Vec<Service>,
    partitions: Vec<Partition>,
}

impl Model {
    /// All services, by name.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The service named `name`.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name() == name)
    }

    /// Partitions, in the order in which they are searched; none where the set
    /// has no `partitions.json`.
    pub fn partitions(&self) -> &[Partition] {
        &self.partitions
    }
}

/// Reads all files of `set`.
///
/// There is no model where there is an error; all that could be found is
/// reported, with line and column. The model does not depend on the order of
/// services or files, nor on that of keys where it means nothing.
pub fn read(set: &ModelSet) -> (Option<Model>, Diagnostics) {
    let findings = RefCell::new(Diagnostics::new());
    let mut services = BTreeMap::new();
    let mut ordered: Vec<&ServiceFiles> = set.services.iter().collect();
    ordered.sort_by(|a, b| a.name.cmp(&b.name));
    for files in ordered {
        let Some(service) = source::service(files, &findings) else { continue };
        let origin = service.origin().clone();
        if let Some(earlier) = services.insert(files.name.clone(), service) {
            findings
                .borrow_mut()
                .error("duplicate-service", &origin, format!("service `{}` is there twice", files.name))
                .hint(format!("the other one is {}", Service::origin(&earlier).file));
        }
    }
    let partitions = set.partitions.as_ref().and_then(|file| source::partitions(file, &findings)).unwrap_or_default();

    let mut diagnostics = findings.into_inner();
    locate(&mut diagnostics, set);
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let model = (!failed).then(|| Model { services: services.into_values().collect(), partitions });
    (model, diagnostics)
}

/// Fills in line and column where they are not known yet. [`read`] has done so;
/// what [`generate`](crate::generate) finds needs the files of its model again.
pub fn locate(diagnostics: &mut Diagnostics, set: &ModelSet) {
    if diagnostics.is_empty() {
        return;
    }
    let texts: BTreeMap<&str, &[u8]> = set.files().map(|file| (file.path.as_str(), file.text.as_slice())).collect();
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.position.is_none()) {
        diagnostic.position = texts.get(&*diagnostic.origin.file).and_then(|text| source::locate(text, diagnostic));
    }
}
