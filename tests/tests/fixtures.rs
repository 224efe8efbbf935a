//! The fixture models as a whole: each is the smallest that has one feature.

use crate::common::{differences, model, model_set, options, output};
use workstream_codegen::read;
use xtask::paths::{FIXTURES_CRATE, FIXTURES_MODELS, FIXTURES_PACKAGE};

#[test]
fn the_fixture_crate_is_up_to_date() {
    let stale = differences(FIXTURES_CRATE, &output(&model_set(FIXTURES_MODELS), &options(FIXTURES_PACKAGE)).files);
    assert!(stale.is_empty(), "run `cargo xtask fixtures`\n{}", stale.join("\n"));
}

#[test]
fn fixtures_are_read_without_a_warning() {
    let (_, diagnostics) = read(&model_set(FIXTURES_MODELS));
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
}

#[test]
fn every_operation_is_emitted_or_skipped_with_a_reason() {
    let set = model_set(FIXTURES_MODELS);
    let (model, output) = (model(&set), output(&set, &options(FIXTURES_PACKAGE)));
    for (service, summary) in model.services().iter().zip(&output.summary.services) {
        assert_eq!(service.name(), summary.name);
        assert_eq!(service.operations().len(), summary.operations + summary.skipped.len(), "{}", summary.name);
        assert!(summary.skipped.iter().all(|skipped| !skipped.reason.is_empty()));
    }
    let skipped = output.summary.services.iter().filter(|service| !service.skipped.is_empty());
    assert_eq!(skipped.map(|service| service.name.as_str()).collect::<Vec<_>>(), ["event-stream"]);
}

#[test]
fn every_emitted_operation_can_be_found_by_name() {
    let model = model(&model_set(FIXTURES_MODELS));
    let services = workstream_fixtures::dynamic::services();
    assert_eq!(services.len(), model.services().len());
    for (service, found) in model.services().iter().zip(services) {
        assert_eq!(found.description().name, service.name());
        for operation in found.operations() {
            let name = operation.description().name;
            assert!(service.operation_named(name).is_some(), "{} {name}", service.name());
            assert!(workstream_fixtures::dynamic::operation(service.name(), name).is_some());
        }
    }
}
