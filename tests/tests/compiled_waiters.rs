//! Waiters of the fixtures `waiters` and `waiter-expressions`.

use crate::compiled::{answer, read};
use workstream_fixtures::runtime::waiter::{Attempt, FailedCall, Waiter, WaiterState};
use workstream_fixtures::waiter_expressions::{types::*, waiters::*};
use workstream_fixtures::{Operation, Protocol};

fn state<W: Waiter<Operation = DescribeInput>>(_: W, body: &str) -> Option<WaiterState> {
    W::state(Attempt::new(Some(200), Ok(&read::<DescribeInput>(body))))
}

/// Asserts that the waiter accepts the bodies in the first list, and none of the second.
fn assert_accepts<W: Waiter<Operation = DescribeInput> + Copy>(waiter: W, accepted: &[&str], others: &[&str]) {
    for body in accepted {
        assert_eq!(state(waiter, body), Some(WaiterState::Success), "{} {body}", W::NAME);
    }
    for body in others {
        assert_eq!(state(waiter, body), None, "{} {body}", W::NAME);
    }
}

#[test]
fn members() {
    assert_accepts(Member, &[r#"{"State":"A"}"#], &[r#"{"State":"B"}"#, "{}"]);
    assert_accepts(Path, &[r#"{"Detail":{"State":"A"}}"#], &[r#"{"Detail":{}}"#, r#"{"State":"A"}"#]);
    assert_accepts(RequiredPath, &[r#"{"Detail":{"type":"A"}}"#], &[r#"{"Detail":{"type":"B"}}"#, "{}"]);
    assert_accepts(Boolean, &[r#"{"Done":true}"#], &[r#"{"Done":false}"#, "{}"]);
}

#[test]
fn projections() {
    let all = [r#"{"Items":[{"State":"A"}]}"#, r#"{"Items":[{"State":"A"},{"State":"A"}]}"#];
    assert_accepts(AllOfList, &all, &[r#"{"Items":[{"State":"A"},{"State":"B"}]}"#, r#"{"Items":[]}"#, "{}"]);
    let nested = r#"{"Items":[{},{"Parts":[{"Detail":{"State":"B"}},{"Detail":{"State":"A"}}]}]}"#;
    assert_accepts(AnyOfNestedLists, &[nested], &[r#"{"Items":[{"Parts":[{"Detail":{"State":"B"}}]}]}"#, "{}"]);
    assert_accepts(AnyOfMap, &[r#"{"ByName":{"x":{"State":"B"},"y":{"State":"A"}}}"#], &[r#"{"ByName":{}}"#]);
}

#[test]
fn functions_and_conditions() {
    assert_accepts(Length, &[r#"{"Items":[{},{}]}"#], &[r#"{"Items":[{}]}"#, "{}"]);
    assert_accepts(Filter, &[r#"{"Items":[{},{"State":"A"}]}"#], &[r#"{"Items":[{"State":"B"}]}"#, r#"{"Items":[]}"#]);
    let (one, both) = (r#"{"State":"A"}"#, r#"{"State":"A","Detail":{"State":"A"}}"#);
    assert_accepts(Both, &[both], &[one, "{}"]);
    assert_accepts(Either, &[one, both, r#"{"Detail":{"State":"A"}}"#], &[r#"{"State":"B"}"#, "{}"]);
    assert_accepts(Not, &[r#"{"State":"B"}"#, "{}"], &[one]);
}

/// A present structure without members is false, as the specification says of `{}`.
#[test]
fn structures_without_members() {
    assert_accepts(
        EmptyStructure,
        &["{}", r#"{"Part":{}}"#, r#"{"Part":null}"#, r#"{"Part":{"Unknown":1}}"#],
        &[r#"{"Part":{"Detail":{"type":"A"}}}"#],
    );
}

/// An open document is true or false by its value, and absent where that is null.
#[test]
fn documents() {
    let falsy = ["null", "false", r#""""#, "[]", "{}"];
    let truthy = ["true", "0", "0.0", r#"" ""#, "[null]", r#"{"a":null}"#];
    let any = |values: &[&str]| values.iter().map(|value| format!(r#"{{"Any":{value}}}"#)).collect::<Vec<_>>();
    fn borrowed(bodies: &[String]) -> Vec<&str> {
        bodies.iter().map(String::as_str).collect()
    }
    let (falsy_any, truthy_any) = (any(&falsy), any(&truthy));
    let (without, with) = ([borrowed(&falsy_any), vec!["{}"]].concat(), borrowed(&truthy_any));
    assert_accepts(AnyDocument, &with, &without);
    assert_accepts(NoDocument, &without, &with);
    assert_accepts(
        DocumentAndMore,
        &[r#"{"Done":true}"#, r#"{"Done":true,"Any":[],"Open":{"Needed":""}}"#],
        &[r#"{"Done":true,"Any":0}"#, r#"{"Done":true,"Open":{"Needed":{"a":1}}}"#, r#"{"Any":[]}"#],
    );
    // To have null as its value is to lack a member.
    for value in falsy.into_iter().filter(|value| *value != "null") {
        let body = format!(r#"{{"Choice":{{"Any":{value}}}}}"#);
        assert_accepts(NoDocumentInChoice, &[&body, "{}", r#"{"Choice":{"Text":"a"}}"#], &[]);
    }
    assert_accepts(NoDocumentInChoice, &[], &[r#"{"Choice":{"Any":0}}"#]);
    assert_accepts(NullDocument, &["{}", r#"{"Open":{"Needed":null}}"#], &[r#"{"Open":{"Needed":false}}"#]);
}

#[test]
fn documents_in_lists_and_maps() {
    let one = r#"{"Anys":[null,false,"",[],{},1],"AnyByName":{"a":null,"b":false}}"#;
    assert_accepts(DocumentsInFilter, &[one], &[r#"{"Anys":[1,2]}"#, r#"{"Anys":[null]}"#, "{}"]);
    assert_accepts(
        DocumentsWithoutNulls,
        &[r#"{"Anys":[null,false],"AnyByName":{"a":null,"b":false}}"#],
        &[r#"{"Anys":[null],"AnyByName":{"b":1}}"#, r#"{"Anys":[1],"AnyByName":{"a":null}}"#, "{}"],
    );
    assert_accepts(FirstDocument, &[r#"{"Anys":["a",null]}"#], &[r#"{"Anys":[null,"a"]}"#, r#"{"Anys":[]}"#, "{}"]);
    assert_accepts(LastDocumentIsNull, &[r#"{"Anys":[1,null]}"#, r#"{"Anys":[]}"#, "{}"], &[r#"{"Anys":[null,1]}"#]);
}

/// To JMESPath a blob is text.
#[test]
fn empty_blobs() {
    assert_accepts(EmptyBlob, &[r#"{"Bytes":""}"#, "{}"], &[r#"{"Bytes":"AA=="}"#]);
}

#[test]
fn nulls_are_elements_of_lists() {
    assert_accepts(
        AllOfSparseList,
        &[r#"{"Tags":["A"]}"#, r#"{"Tags":["A","A"]}"#],
        &[r#"{"Tags":["A",null]}"#, r#"{"Tags":[]}"#, "{}"],
    );
    let both = r#"{"State":"A","Detail":{"State":"A"}}"#;
    assert_accepts(AllOfSelection, &[both], &[r#"{"State":"A"}"#, r#"{"State":"A","Detail":{"State":"B"}}"#, "{}"]);
}

/// botocore stops with an error there; to match would be the one wrong thing.
#[test]
fn functions_of_null_match_nothing() {
    assert_accepts(LengthOfNull, &[r#"{"Items":[]}"#, r#"{"Items":[{},{}]}"#], &[r#"{"Items":[{}]}"#, "{}"]);
    assert_accepts(
        LengthOfNullInFilter,
        &[r#"{"Items":[{"Tags":[]}]}"#, r#"{"Items":[]}"#],
        &[r#"{"Items":[{"Tags":["A"]}]}"#, r#"{"Items":[{"Tags":[]},{}]}"#, "{}"],
    );
    assert_accepts(NoPartOfNull, &[r#"{"Tags":["B",null]}"#, r#"{"Tags":[]}"#], &[r#"{"Tags":["A"]}"#, "{}"]);
    assert_accepts(
        SecondOperand,
        &[r#"{"Done":true}"#, r#"{"Items":[]}"#],
        &["{}", r#"{"Done":false}"#, r#"{"Items":[{}]}"#],
    );
}

#[test]
fn comparisons_of_numbers() {
    assert_accepts(LengthFromZero, &[r#"{"Items":[]}"#, r#"{"Items":[{"State":"A"}]}"#], &["{}"]);
    assert_accepts(GreatestNumber, &[r#"{"Count":2147483647}"#], &[r#"{"Count":2147483646}"#, "{}"]);
    assert_accepts(CountAndLength, &[r#"{"Total":1,"Items":[{"Parts":[{}]}]}"#], &[r#"{"Total":2,"Items":[]}"#, "{}"]);
    assert_accepts(Always, &["{}"], &[]);
    assert_accepts(AnyItem, &[r#"{"Items":[{},{"State":"A"}]}"#], &[r#"{"Items":[{}]}"#, "{}"]);
}

#[test]
fn numbers_in_lists() {
    for waiter in [r#"{"Ratios":[0.5,2]}"#, r#"{"Ratios":[2.0]}"#] {
        assert_accepts(AnyRatio, &[waiter], &[r#"{"Ratios":[2.5]}"#, r#"{"Ratios":[]}"#, "{}"]);
        assert_accepts(HasRatio, &[waiter], &[r#"{"Ratios":[2.5]}"#, r#"{"Ratios":[]}"#, "{}"]);
    }
    assert_accepts(TwoLiterals, &["{}"], &[]);
}

#[test]
fn what_is_looked_for_is_of_the_item() {
    assert_accepts(
        HasOwnName,
        &[r#"{"Pairs":[{"Name":"A","Names":["B","A"]},{"Name":"B","Names":["A"]}]}"#],
        &[r#"{"Pairs":[{"Name":"A","Names":["B"]}]}"#, r#"{"Pairs":[{"Name":"A"}]}"#, "{}"],
    );
}

#[test]
fn lists_of_truths() {
    let with_parts = |counts: &[usize]| {
        let items: Vec<String> =
            counts.iter().map(|count| format!(r#"{{"Parts":[{}]}}"#, vec!["{}"; *count].join(","))).collect();
        format!(r#"{{"Items":[{}]}}"#, items.join(","))
    };
    let (both, one, none) = (with_parts(&[2, 3]), with_parts(&[2, 1]), with_parts(&[1, 0]));
    assert_accepts(AllHaveTwoParts, &[&both, r#"{"Items":[]}"#], &[&one, &none, "{}"]);
    assert_accepts(NoneIsWithoutParts, &[&both, &one], &[&none, "{}"]);
}

/// `&&` and `||` have one of their operands for a value, which may be null.
#[test]
fn operands_that_are_null() {
    assert_accepts(BothAreFalse, &[r#"{"Done":false}"#], &[r#"{"Done":true}"#, "{}"]);
    assert_accepts(EitherIsFalse, &[r#"{"Done":false}"#], &[r#"{"Done":true}"#, "{}"]);
    assert_accepts(
        NeitherIsFalse,
        &[r#"{"State":"B"}"#, r#"{"State":"A","Done":true}"#],
        &[r#"{"State":"A"}"#, r#"{"Done":true}"#, "{}"],
    );
    assert_accepts(NullIsNotTrue, &["{}"], &[]);
}

#[test]
fn nulls_beside_projections() {
    assert_accepts(NoProjection, &["{}"], &[r#"{"Items":[]}"#, r#"{"Items":[{"State":"A"}]}"#]);
    assert_accepts(
        ListsInMap,
        &[r#"{"ByName":{"a":{},"b":{"Tags":[]}}}"#],
        &[r#"{"ByName":{"a":{}}}"#, r#"{"ByName":{}}"#, "{}"],
    );
    assert_accepts(FilterOfNulls, &[r#"{"Tags":["A","B"]}"#], &[r#"{"Tags":["A",null]}"#, r#"{"Tags":["B"]}"#, "{}"]);
    assert_accepts(ContainsItself, &[r#"{"Tags":["A","B"]}"#], &[r#"{"Tags":["A",null]}"#, r#"{"Tags":["B"]}"#, "{}"]);
    assert_accepts(
        FilterBehindFilter,
        &[r#"{"Items":[{"State":"A","Parts":[{}]}]}"#],
        &[r#"{"Items":[{"State":"A","Parts":[]}]}"#, r#"{"Items":[{"Parts":[{}]}]}"#, "{}"],
    );
    assert_accepts(
        FilterOfLists,
        &[r#"{"ByName":{"a":{"Tags":["B",""]}}}"#],
        &[r#"{"ByName":{"a":{"Tags":["B"]},"b":{"Tags":[]}}}"#, "{}"],
    );
}

#[test]
fn errors_and_statuses() {
    let failed = DescribeInput::parse_response(Protocol::AwsJson1_1, &answer(400, r#"{"__type":"Gone"}"#)).unwrap_err();
    let failed = || Attempt::new(Some(400), Err(FailedCall::from(failed.as_ref())));
    assert_eq!(ErrorShape::state(failed()), Some(WaiterState::Success));
    assert_eq!(Member::state(failed()), None);
    let output = DescribeOutput::new();
    let answered = |status| Status::state(Attempt::new(Some(status), Ok(&output)));
    assert_eq!(
        [answered(202), answered(200), answered(204)],
        [Some(WaiterState::Retry), Some(WaiterState::Success), None]
    );
}

#[test]
fn several_acceptors_in_order() {
    use workstream_fixtures::waiters::{types::*, waiters::FleetStarted};
    let state = |body: &str| FleetStarted::state(Attempt::new(Some(200), Ok(&read::<DescribeFleetsInput>(body))));
    assert_eq!(state(r#"{"Fleets":[{"State":"RUNNING"}]}"#), Some(WaiterState::Success));
    assert_eq!(state(r#"{"Fleets":[{"State":"RUNNING"},{"State":"STOPPED"}]}"#), Some(WaiterState::Failure));
    assert_eq!(state(r#"{"Fleets":[{"State":"RUNNING"},{"State":"STARTING"}]}"#), None);
    assert_eq!((FleetStarted::MIN_DELAY.as_secs(), FleetStarted::MAX_ATTEMPTS), (30, Some(40)));
}
