//! Services as wholes: when two are equal, and what is left of one with errors.

use super::{assert_findings, findings, service, set};

const MODEL: &str = r#"{"metadata": {"protocol": "json"}, "operations": {
  "Get": {"input": {"shape": "In"}, "errors": [{"shape": "Bad"}]}, "Other": {"input": {"shape": "In"}}}, "shapes": {
  "In": {"type": "structure", "members": {"a": {"shape": "Text"}, "b": {"shape": "Map"}}},
  "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}},
  "Bad": {"type": "structure", "members": {}, "exception": true}, "Text": {"type": "string"}}}"#;

const WAITERS: &str = r#"{"version": 2, "waiters": {"Ready": {"operation": "Get", "delay": 5, "maxAttempts": 3, "acceptors": [
  {"state": "success", "matcher": "path", "argument": "State", "expected": "READY"}]}}}"#;

#[test]
fn services_are_equal_if_they_say_the_same_wherever_they_were_read() {
    let one = service(&[("a/service-2.json", MODEL)]);
    let other = service(&[("b/service-2.json", &MODEL.replace(": ", ":\n"))]);
    assert!(!one.origin().is(other.origin()));
    assert_eq!(one, other);
    let changed = MODEL.replace(r#""b": {"shape": "Map"}"#, r#""b": {"shape": "Text"}"#);
    assert_ne!(one, service(&[("a/service-2.json", &changed)]));

    let sets = [("a/service-2.json", MODEL), ("b/service-2.json", MODEL)].map(|file| set(&[file]));
    let [one, other] = sets.map(|set| findings(&set).0.unwrap());
    assert_eq!(one, other);
}

/// Of a service with errors the operations are checked to the end of which all is there, but for their own errors.
#[test]
fn what_is_whole_is_checked_to_the_end() {
    let dangling = |what: &str| MODEL.replace(what, r#"{"shape": "None"}"#);
    let [of_error, of_input] = [r#"{"shape": "Bad"}"#, r#"{"shape": "Map"}"#].map(dangling);
    assert_findings(
        &[("service-2.json", &of_error), ("waiters-2.json", WAITERS)],
        &[
            "error dangling-shape service-2.json#/operations/Get/errors/0/shape 2:58 the error of operation `Get` refers to shape \
             `None`, which does not exist",
            "error unknown-member waiters-2.json#/waiters/Ready/acceptors/0/argument 2:55 waiter `Ready` has `State`, and at \
             column 1 of that `State` is no member of ``",
        ],
    );
    assert_findings(
        &[("service-2.json", &of_input), ("waiters-2.json", WAITERS)],
        &[
            "error dangling-shape service-2.json#/shapes/In/members/b/shape 3:82 member `b` of `In` refers to shape `None`, which \
           does not exist",
        ],
    );
}

#[test]
fn a_part_has_what_its_operations_reach() {
    let whole = service(&[("service-2.json", MODEL), ("waiters-2.json", &WAITERS.replace("State", "'READY'"))]);
    let names = |part: &workstream_codegen::graph::Service| -> Vec<String> {
        part.shapes().map(|(_, shape)| shape.name.clone()).collect()
    };
    let part = whole.part(|operation| operation.name == "Other");
    assert_eq!(
        (names(&part), part.operations().len(), part.waiters().len()),
        (vec!["In".to_owned(), "Map".to_owned(), "Text".to_owned()], 1, 0)
    );
    assert_eq!(whole.part(|_| true), whole);
}
