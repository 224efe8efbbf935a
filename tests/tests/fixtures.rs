//! The fixture models as a whole: each is the smallest that has one feature.

use crate::common::{differences, model, model_set, options, output, protocols};
use workstream_codegen::read;
use workstream_tests::values::{Fill, Values, with_endpoint_labels, without_named_keys};
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

/// Any value of any fixture's input or output, in every protocol.
#[test]
fn values_of_every_shape_survive() {
    let model = model(&model_set(FIXTURES_MODELS));
    let parsed = |text: &str| -> serde_json::Value { serde_json::from_str(text).unwrap() };
    let mut seed = 0;
    for service in model.services() {
        for (_, modelled) in service.operations() {
            let Some(operation) = workstream_fixtures::dynamic::operation(service.name(), &modelled.name) else {
                continue;
            };
            for fill in [Fill::Required, Fill::All, Fill::Some, Fill::Some] {
                seed += 1;
                let place = format!("{} {} seed {seed}", service.name(), modelled.name);
                let input = Values::new(service, seed, fill).of(modelled.input);
                let output = Values::new(service, seed, fill).of(modelled.output);
                for &protocol in protocols(operation.description().service) {
                    let request = operation.request(input.to_string().as_bytes(), protocol).expect(&place);
                    let mut read = parsed(&operation.parse_request(protocol, &request).unwrap());
                    without_named_keys(service, modelled.input, &mut read);
                    with_endpoint_labels(service, modelled.input, &mut read, &input);
                    assert_eq!(read, input, "{place}");
                    let response = operation.respond(output.to_string().as_bytes(), protocol).expect(&place);
                    assert_eq!(parsed(&operation.response(protocol, &response).unwrap()), output, "{place}");
                }
            }
        }
    }
}
