//! The way in: the files of a set of models, read into shape graphs.

use crate::diagnostic::Diagnostics;
use crate::graph::{Partition, Service};
use crate::source::{ModelSet, ServiceFiles};
use crate::{plan, source};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What was read: a graph per service, and the partitions.
#[derive(Clone, Debug)]
pub struct Model {
    services: Vec<Service>,
    partitions: Vec<Partition>,
    texts: Texts,
}

/// The text of every file by its path: findings get line and column from it.
type Texts = BTreeMap<String, Vec<u8>>;

/// Models are equal when they say the same, whatever files they came from.
impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        (&self.services, &self.partitions) == (&other.services, &other.partitions)
    }
}

impl Model {
    /// A model of services that come from elsewhere than files; it has no partitions.
    pub fn of(mut services: Vec<Service>) -> Self {
        services.sort_by(|a, b| a.name().cmp(b.name()));
        Self { services, partitions: Vec::new(), texts: Texts::new() }
    }

    /// All services, by name.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The service named `name`.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name() == name)
    }

    /// Fills in line and column of what was found later in what was read.
    pub(crate) fn locate(&self, diagnostics: &mut Diagnostics) {
        locate(diagnostics, &self.texts);
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
        let service = match source::service(files, &findings) {
            None => continue,
            Some(Err(incomplete)) => {
                incomplete.whole().into_iter().for_each(|whole| plan::check(whole, &mut findings.borrow_mut()));
                continue;
            }
            Some(Ok(service)) => service,
        };
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
    let services: Vec<Service> = services.into_values().collect();
    let failed = diagnostics.has_errors();
    if failed {
        // Nothing will be generated: what that would find has to be found now.
        for service in &services {
            plan::check(service, &mut diagnostics);
        }
    }
    let texts = set.files().map(|file| (file.path.clone(), file.text.clone())).collect();
    locate(&mut diagnostics, &texts);
    let model = (!failed).then_some(Model { services, partitions, texts });
    (model, diagnostics)
}

/// Fills in line and column.
fn locate(diagnostics: &mut Diagnostics, texts: &Texts) {
    source::locate_all(diagnostics, |file| texts.get(file).map(Vec::as_slice));
}
