//! From a model to the files of a crate or module: plan every service, emit, format.

use crate::Model;
use crate::diagnostic::{Diagnostics, Origin};
use crate::emit::{self, Manifest, ModuleLayout, ModuleParts, OutputKind};
use crate::graph::Service;
use crate::plan::{self, ServiceNames, ServicePlan, Skipped};
use std::collections::{BTreeMap, BTreeSet};

/// What to generate, and for where.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Names of services; all of the model where empty.
    pub services: Vec<String>,
    /// Wire names of operations; all of the services where empty.
    pub operations: Vec<String>,
    /// A crate or a module.
    pub kind: OutputKind,
}

impl Options {
    /// All of a model, as a crate.
    pub fn new(manifest: Manifest) -> Self {
        Self::of(OutputKind::Crate(manifest))
    }

    /// All of a model, as a module with clients.
    pub fn module(layout: ModuleLayout) -> Self {
        Self::of(OutputKind::Module { layout, parts: ModuleParts::default() })
    }

    fn of(kind: OutputKind) -> Self {
        Self { services: Vec::new(), operations: Vec::new(), kind }
    }
}

/// A generated crate or module.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Output {
    /// Text of every file by its path, relative and with forward slashes.
    pub files: BTreeMap<String, String>,
    /// What is in them.
    pub summary: Summary,
}

/// What was generated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// A line per service, by name.
    pub services: Vec<ServiceSummary>,
    /// The features of `workstream-runtime` that a module needs. A crate switches them on itself.
    pub runtime_features: BTreeSet<&'static str>,
}

/// What was generated of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceSummary {
    /// Name of the service's model folder.
    pub name: String,
    /// Operations emitted.
    pub operations: usize,
    /// Shapes in the model.
    pub shapes: usize,
    /// Rust types emitted.
    pub types: usize,
    /// Paginated operations that the model says.
    pub modelled_paginators: usize,
    /// Paginated operations that the model does not say, by wire name.
    pub inferred_paginators: Vec<String>,
    /// Operations that have batches because of what the model says of their lists, by wire name.
    pub inferred_batches: Vec<String>,
    /// Operations that have batches by the overlay, by wire name.
    pub declared_batches: Vec<String>,
    /// Operations that were selected and not emitted.
    pub skipped: Vec<Skipped>,
}

/// Generates a crate or a module; nothing where a diagnostic is an error.
pub fn generate(model: &Model, options: &Options) -> (Option<Output>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let output = output(model, options, &mut diagnostics);
    model.locate(&mut diagnostics);
    (output, diagnostics)
}

fn output(model: &Model, options: &Options, diagnostics: &mut Diagnostics) -> Option<Output> {
    let services = selected(model, options, diagnostics);
    plan::check_selection(services.iter().map(|(service, _)| *service), &options.operations, diagnostics);
    let wanted = |name: &str| options.operations.is_empty() || options.operations.iter().any(|wanted| wanted == name);
    let plans: Vec<ServicePlan<'_>> = services
        .into_iter()
        .filter_map(|(service, names)| plan::plan(service, names, |operation| wanted(&operation.name), diagnostics))
        .collect();
    let partitions = plan::partitions::partitions(model.partitions(), diagnostics);
    if partitions.is_empty() {
        let rule_sets = plans.iter().filter_map(|plan| plan.service.rule_set());
        for rule_set in rule_sets.filter(|rule_set| rule_set.calls("aws.partition")) {
            diagnostics
                .warning("no-partitions", &rule_set.origin, "endpoint rules look for partitions, and there are none")
                .hint("put botocore's partitions.json beside the folders of the services");
        }
    }
    if diagnostics.has_errors() {
        return None;
    }
    let files = emit::emit(&plans, &partitions, &options.kind);
    for (path, error) in &files.broken {
        diagnostics
            .error(
                "broken-output",
                &Origin::new(path.as_str(), ""),
                format!("the generated tokens are not valid Rust: {error}"),
            )
            .hint("this is a defect of the generator, please report it with the model");
    }
    if diagnostics.has_errors() {
        return None;
    }
    let runtime_features = emit::runtime_features(&plans, &options.kind);
    let summary = Summary { services: plans.iter().map(summary).collect(), runtime_features };
    Some(Output { files: files.texts, summary })
}

/// The services to generate, with their names.
fn selected<'m>(
    model: &'m Model,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'m Service, ServiceNames)> {
    for name in &options.services {
        if model.service(name).is_none() {
            diagnostics
                .error("unknown-service", &Origin::default(), format!("there is no model of service `{name}`"))
                .did_you_mean(name, model.services().iter().map(Service::name));
        }
    }
    let wanted = |name: &str| options.services.is_empty() || options.services.iter().any(|wanted| wanted == name);
    let named = model.services().iter().zip(plan::service_names(model.services()));
    named.filter(|(service, _)| wanted(service.name())).collect()
}

fn summary(plan: &ServicePlan<'_>) -> ServiceSummary {
    let paginated = |inferred: bool| {
        plan.operations
            .iter()
            .filter(move |operation| operation.paginator.as_ref().is_some_and(|p| p.inferred == inferred))
            .map(|operation| operation.wire_name.to_owned())
    };
    let batched = |inferred: bool| {
        let operations = plan.operations.iter();
        let batched =
            operations.filter(|operation| operation.batch.as_ref().is_some_and(|b| b.is_inferred() == inferred));
        batched.map(|operation| operation.wire_name.to_owned()).collect()
    };
    ServiceSummary {
        name: plan.service.name().to_owned(),
        operations: plan.operations.len(),
        shapes: plan.service.shapes().len(),
        types: plan.types.len(),
        modelled_paginators: paginated(false).count(),
        inferred_paginators: paginated(true).collect(),
        inferred_batches: batched(true),
        declared_batches: batched(false),
        skipped: plan.skipped.clone(),
    }
}
