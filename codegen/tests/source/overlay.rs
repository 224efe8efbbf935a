//! `overlay.toml`: what it adds to the graph, and everything that can be wrong with it.

use super::{assert_findings, findings, line, service, set};
use workstream_codegen::graph::{AcceptorState, Matcher, Retry, WaiterOverlay};
use workstream_codegen::{Manifest, Options, generate};

const MODEL: &str = r#"{"metadata": {"protocol": "json", "jsonVersion": "1.1"}, "operations": {
  "Get": {"output": {"shape": "Out"}, "errors": [{"shape": "Bad"}, {"shape": "Slow"}]}, "Other": {}}, "shapes": {
  "Out": {"type": "structure", "members": {"State": {"shape": "Text"}, "Url": {"shape": "Text"}, "Known": {"shape": "Secrets"}, "Kind": {"shape": "Kind"}, "Pin": {"shape": "Text", "sensitive": true}}},
  "Kind": {"type": "string", "enum": ["A", "B"]},
  "Hidden": {"type": "structure", "members": {"Inside": {"shape": "Text"}}, "sensitive": true},
  "Secret": {"type": "string", "sensitive": true}, "Secrets": {"type": "list", "member": {"shape": "Secret"}},
  "Text": {"type": "string"}, "Bad": {"type": "structure", "members": {}, "exception": true},
  "Slow": {"type": "structure", "members": {}, "exception": true, "retryable": {"throttling": true}}}}"#;

const WAITERS: &str = r#"{"version": 2, "waiters": {"Ready": {"operation": "Get", "delay": 5, "maxAttempts": 3, "acceptors": [
  {"state": "success", "matcher": "path", "argument": "State", "expected": "READY"}]}}}"#;

/// Asserts what is found about an overlay.
#[track_caller]
fn assert_overlay(overlay: &str, expected: &[&str]) {
    assert_findings(&[("service-2.json", MODEL), ("waiters-2.json", WAITERS), ("t/overlay.toml", overlay)], expected);
}

#[test]
fn what_it_adds() {
    let overlay = r#"
        [waiters.Gone]
        reason = "  Why\n  not.  "
        description = "A line."
        operation = "Get"
        delay = 0x10
        acceptors = [{ state = "success", matcher = "error", expected = "Bad" }]
        [amendments.Ready]
        reason = "b"
        acceptors = [{ state = "failure", matcher = "path", argument = "State", expected = "BROKEN" }]
        [sensitive]
        Text.reason = "c"
        "Out.Url" = { reason = "d" }
        [errors.Bad]
        reason = "e"
        retry = "transient"
        [errors.Slow]
        reason = "f"
        retry = "never"
    "#;
    let files = [("overlay.toml", overlay), ("service-2.json", MODEL), ("waiters-2.json", WAITERS)];
    let service = service(&files);
    let [gone, ready] = service.waiters() else { panic!("{:?}", service.waiters()) };
    assert_eq!(gone.overlay, Some(WaiterOverlay::Added("Why not".to_owned())));
    assert_eq!((gone.delay, gone.max_attempts, gone.documentation.as_deref()), (16, None, Some("A line.")));
    assert_eq!(gone.acceptors[0].matcher, Matcher::ErrorType("Bad".to_owned()));
    assert_eq!(ready.overlay, Some(WaiterOverlay::Amended("b".to_owned())));
    let states: Vec<AcceptorState> = ready.acceptors.iter().map(|acceptor| acceptor.state).collect();
    assert_eq!(states, [AcceptorState::Success, AcceptorState::Failure], "the model's acceptor goes first");

    let shape = |name: &str| &service[service.shape_named(name).unwrap()];
    assert_eq!(shape("Text").traits.redacted.as_deref(), Some("c"));
    assert!(shape("Text").traits.is_sensitive() && !shape("Out").traits.is_sensitive());
    let member = |name: &str| shape("Out").member_named(name).unwrap().traits.redacted.as_deref();
    assert_eq!((member("Url"), member("State")), (Some("d"), None));
    let error = |name: &str| {
        let error = shape(name).traits.error.clone().unwrap();
        (error.retry, error.retry_reason)
    };
    assert_eq!(error("Bad"), (Some(Retry::Transient), Some("e".to_owned())));
    assert_eq!(error("Slow"), (Some(Retry::Never), Some("f".to_owned())));
}

#[test]
fn text_that_is_not_toml() {
    assert_overlay(
        "[waiters]\n  a = ",
        &["error broken-toml t/overlay.toml# 2:7 not TOML: string values must be quoted, expected literal string"],
    );
    assert_overlay(
        "[errors.Bad]\nretry = 'never'\nretry = 'never'",
        &["error broken-toml t/overlay.toml# 3:1 not TOML: duplicate key"],
    );
    let mut set = set(&[("service-2.json", MODEL)]);
    let text = b"# \xC3\xA9\n# \xFF".to_vec();
    set.services[0].files.push(workstream_codegen::SourceFile { path: "overlay.toml".to_owned(), text });
    assert_eq!(findings(&set).1, ["error broken-toml overlay.toml# 2:3 not TOML: it is not UTF-8"]);
}

#[test]
fn keys() {
    assert_overlay(
        "sensitiv = {}\nerrors = 5\n[waiters]\nW = 1\n",
        &[
            "error wrong-type t/overlay.toml#/waiters/W 4:5 expected an object, found a number",
            "error wrong-type t/overlay.toml#/errors 2:10 expected an object, found a number",
            "error unknown-key t/overlay.toml#/sensitiv 1:1 key `sensitiv` of an overlay is not known and was not read; did you mean `sensitive`?",
        ],
    );
    assert_overlay(
        "[sensitive.Text]\nreasn = 'x'\n\n[errors.Bad]\nreason = ' . '\nretry = 'always'\n",
        &[
            "error missing-key t/overlay.toml#/sensitive/Text 1:12 key `reason` is missing; there is `reasn`: is it meant?",
            "error unknown-key t/overlay.toml#/sensitive/Text/reasn 2:1 key `reasn` of a sensitive member is not known and was not read; did you mean `reason`?",
            "error empty-reason t/overlay.toml#/errors/Bad/reason 5:10 the reason is empty: say why the model is not enough",
            "error unknown-value t/overlay.toml#/errors/Bad/retry 6:9 `always` is no way to retry; known are transient, throttling, never",
        ],
    );
    assert_overlay(
        "[sensitive.'Out.Url']\nreason = 1979-05-27\n[errors.Bad]\nreason = ['x']\n",
        &[
            "error wrong-type t/overlay.toml#/errors/Bad/reason 4:10 expected a string, found a list",
            "error missing-key t/overlay.toml#/errors/Bad 3:9 key `retry` is missing",
        ],
    );
}

#[test]
fn waiters_that_are_wrong() {
    let waiter = |rest: &str| format!("[waiters.New]\nreason = 'x'\n{rest}");
    let acceptor = "{ state = 'success', matcher = 'error', expected = 'Bad' }";
    assert_overlay(
        &waiter(&format!("operation = 'Gett'\ndelay = 1\nacceptors = [{acceptor}]")),
        &[
            "error unknown-operation t/overlay.toml#/waiters/New/operation 3:13 waiter is for operation `Gett`, which does not exist; did you mean `Get`?",
        ],
    );
    assert_overlay(
        &waiter("operation = 'Get'\ndelay = 1\nacceptors = []"),
        &[
            "error no-acceptors t/overlay.toml#/waiters/New/acceptors 5:13 the list is empty: without an acceptor nothing is decided",
        ],
    );
    assert_overlay(
        &waiter("operation = 'Get'\ndelay = -1\nacceptors = [{ state = 'done', matcher = 'path' }]"),
        &[
            "error invalid-value t/overlay.toml#/waiters/New/delay 4:9 -1 is not a whole number in the range that fits here",
            "error unknown-value t/overlay.toml#/waiters/New/acceptors/0/state 5:24 `done` is no state of an acceptor; known are success, failure, retry",
            "error missing-key t/overlay.toml#/waiters/New/acceptors/0 5:14 key `expected` is missing",
            "error missing-key t/overlay.toml#/waiters/New/acceptors/0 5:14 key `argument` is missing: matcher `path` needs it",
        ],
    );
    assert_overlay(
        &waiter("operation = 'Get'\ndelay = 1\nacceptors = [{ state = 'retry', matcher = 'error', expected = 'Bda' }]"),
        &[
            "error unknown-error t/overlay.toml#/waiters/New/acceptors/0 5:14 the model has no error `Bda`; did you mean `Bad`?",
        ],
    );
    assert_overlay(
        &format!("[waiters.Ready]\nreason = 'x'\noperation = 'Get'\ndelay = 1\nacceptors = [{acceptor}]"),
        &[
            "error overlay-not-needed t/overlay.toml#/waiters/Ready 1:10 the model has a waiter `Ready`; put acceptors that it lacks into [amendments.Ready], or delete the entry",
        ],
    );
}

#[test]
fn amendments_that_are_wrong() {
    let amendment =
        |name: &str, acceptor: &str| format!("[amendments.{name}]\nreason = 'x'\nacceptors = [\n  {acceptor}]");
    let acceptor = "{ state = 'failure', matcher = 'path', argument = 'State', expected = 'BROKEN' }";
    assert_overlay(
        &amendment("Redy", acceptor),
        &[
            "error unknown-waiter t/overlay.toml#/amendments/Redy 1:13 the model has no waiter `Redy`; did you mean `Ready`?",
        ],
    );
    assert_overlay(
        &amendment("Started", acceptor),
        &[
            "error unknown-waiter t/overlay.toml#/amendments/Started 1:13 the model has no waiter `Started`; put a new waiter into [waiters.Started]",
        ],
    );
    assert_overlay(
        &amendment("Ready", ""),
        &[
            "error no-acceptors t/overlay.toml#/amendments/Ready/acceptors 3:13 the list is empty: without an acceptor nothing is decided",
        ],
    );
    assert_overlay(
        &amendment("Ready", &acceptor.replace("BROKEN", "READY")),
        &[
            "error overlay-not-needed t/overlay.toml#/amendments/Ready/acceptors/0/argument 4:53 waiter `Ready` has an acceptor for the same already; delete it",
        ],
    );
}

/// What the generator finds once the model is read, if these operations are wanted.
fn generated(overlay: &str, operations: &[&str]) -> Vec<String> {
    let (model, lines) = findings(&set(&[("service-2.json", MODEL), ("overlay.toml", overlay)]));
    let model = model.unwrap_or_else(|| panic!("{lines:?}"));
    let mut options = Options::new(Manifest::Standalone { runtime: "runtime".to_owned() });
    options.operations = operations.iter().map(|&name| name.to_owned()).collect();
    generate(&model, &options).1.iter().map(line).collect()
}

#[test]
fn acceptors_that_never_apply_are_errors_here() {
    let overlay = "[waiters.New]\nreason = 'x'\noperation = 'Get'\ndelay = 1\nacceptors = [\n\
        \x20 { state = 'success', matcher = 'path', argument = 'Kind', expected = 'C' },\n\
        \x20 { state = 'success', matcher = 'pathAll', argument = 'Kind', expected = 'A' },\n\
        \x20 { state = 'success', matcher = 'path', argument = 'Knd', expected = 'A' },\n]";
    let expected = [
        "error unknown-enum-value overlay.toml#/waiters/New/acceptors/0/argument 6:53 waiter `New` expects `Kind` to be `C`, \
         which `Kind` does not have",
        "error useless-acceptor overlay.toml#/waiters/New/acceptors/1/argument 7:56 waiter `New` compares `Kind` as a list, \
         but it is not a list: that never matches; delete it",
        "error unknown-member overlay.toml#/waiters/New/acceptors/2/argument 8:53 waiter `New` has `Knd`, and at column 1 of \
         that `Knd` is no member of `Out`; did you mean `Kind`?",
    ];
    assert_eq!(generated(overlay, &[]), expected);
    // Nobody asked for the operation.
    assert_eq!(generated(overlay, &["Other"]), [""; 0]);
}

#[test]
fn marks_that_apply_to_nothing() {
    let sensitive =
        |name: &str, expected: &str| assert_overlay(&format!("[sensitive.{name}]\nreason = 'x'"), &[expected]);
    sensitive(
        "Txt",
        "error unknown-shape t/overlay.toml#/sensitive/Txt 1:12 the model has no shape `Txt`; did you mean `Text`?",
    );
    sensitive(
        "'Otu.Url'",
        "error unknown-shape t/overlay.toml#/sensitive/Otu.Url 1:12 the model has no shape `Otu`; did you mean `Out`?",
    );
    sensitive(
        "'Out.Ulr'",
        "error unknown-member t/overlay.toml#/sensitive/Out.Ulr 1:12 `Out` has no member `Ulr`; did you mean `Url`?",
    );
    sensitive("'Text.x'", "error unknown-member t/overlay.toml#/sensitive/Text.x 1:12 `Text` has no member `x`");
    sensitive(
        "Secret",
        "error overlay-not-needed t/overlay.toml#/sensitive/Secret 1:12 the model marks `Secret` as sensitive itself; delete the entry",
    );
    sensitive(
        "Secrets",
        "error overlay-not-needed t/overlay.toml#/sensitive/Secrets 1:12 the model marks `Secret` as sensitive itself; delete the entry",
    );
    sensitive(
        "'Out.Known'",
        "error overlay-not-needed t/overlay.toml#/sensitive/Out.Known 1:12 the model marks `Secret` as sensitive itself; delete the entry",
    );
    sensitive(
        "'Out.Pin'",
        "error overlay-not-needed t/overlay.toml#/sensitive/Out.Pin 1:12 the model marks `Out.Pin` as sensitive itself; delete the entry",
    );
    sensitive(
        "'Hidden.Inside'",
        "error overlay-not-needed t/overlay.toml#/sensitive/Hidden.Inside 1:12 the model marks `Hidden` as sensitive itself; delete the entry",
    );
    let error = |name: &str, expected: &str| {
        assert_overlay(&format!("[errors.{name}]\nreason = 'x'\nretry = 'throttling'"), &[expected]);
    };
    error(
        "Bda",
        "error unknown-shape t/overlay.toml#/errors/Bda 1:9 the model has no shape `Bda`; did you mean `Bad`?",
    );
    error("Out", "error not-an-error t/overlay.toml#/errors/Out 1:9 shape `Out` is no error");
    error(
        "Slow",
        "error overlay-not-needed t/overlay.toml#/errors/Slow 1:9 the model says the same of `Slow` itself; delete the entry",
    );
}

const CONSTRAINTS: &str = r#"{"smithy": "2.0", "shapes": {
  "t#Service": {"type": "service", "version": "1", "operations": [{"target": "t#Run"}], "traits": {"aws.protocols#awsJson1_1": {}}},
  "t#Run": {"type": "operation", "input": {"target": "t#In"}},
  "t#In": {"type": "structure", "members": {
    "Name": {"target": "t#Name"}, "Names": {"target": "t#Names"}, "Flag": {"target": "smithy.api#Boolean"},
    "Own": {"target": "t#Name", "traits": {"smithy.api#length": {"max": 5}}}, "Ratio": {"target": "t#Ratio"}}},
  "t#Name": {"type": "string", "traits": {"smithy.api#length": {"min": 2, "max": 4}, "smithy.api#pattern": "^a"}},
  "t#Names": {"type": "list", "member": {"target": "t#Name"}, "traits": {"smithy.api#uniqueItems": {}}},
  "t#Ratio": {"type": "double", "traits": {"smithy.api#range": {"min": 0.5}}}}}"#;

#[test]
fn constraints_that_are_corrected() {
    let overlay = "[constraints.Name]\nreason = 'x'\nmin = 0\ndrop = ['max', 'pattern']\n\
                   [constraints.'In.Own']\nreason = 'y'\nmin = 1\npattern = '^b'\n\
                   [constraints.'In.Name']\nreason = 'z'\nmax = 9\n\
                   [constraints.Names]\nreason = 'x'\nmax = 7\ndrop = ['uniqueItems']\n\
                   [constraints.Ratio]\nreason = 'x'\nmin = 0.25\nmax = 1";
    let service = service(&[("model.json", CONSTRAINTS), ("overlay.toml", overlay)]);
    let shape = |name: &str| &service[service.shape_named(name).unwrap()];
    let of_shape = |name: &str| {
        let traits = &shape(name).traits;
        assert!(traits.correction.is_some());
        (traits.min.as_deref(), traits.max.as_deref(), traits.pattern.as_deref(), traits.unique_items)
    };
    assert_eq!(of_shape("Name"), (Some("0"), None, None, false));
    assert_eq!(of_shape("Names"), (None, Some("7"), None, false));
    assert_eq!(of_shape("Ratio"), (Some("0.25"), Some("1"), None, false));
    let of_member = |name: &str| {
        let member = shape("In").member_named(name).unwrap();
        let limits = service.limits(member);
        let reason = service.correction(member).map(|correction| correction.reason.as_str());
        (limits.min, limits.max, service.pattern(member), reason)
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(of_member("Own"), (text("1"), text("5"), Some("^b"), Some("y")));
    // Entries are taken in their order: this one begins with what the first has made of the shape.
    assert_eq!(of_member("Name"), (text("0"), text("9"), None, Some("z")));
}

#[test]
fn corrections_that_are_wrong() {
    let wrong = |name: &str, rest: &str, expected: &str| {
        let overlay = format!("[constraints.{name}]\nreason = 'x'\n{rest}");
        assert_findings(&[("model.json", CONSTRAINTS), ("t/overlay.toml", &overlay)], &[expected]);
    };
    wrong(
        "Nmae",
        "min = 1",
        "error unknown-shape t/overlay.toml#/constraints/Nmae 1:14 the model has no shape `Nmae`; did you mean `Name`?",
    );
    wrong(
        "'In.Onw'",
        "min = 1",
        "error unknown-member t/overlay.toml#/constraints/In.Onw 1:14 `In` has no member `Onw`; did you mean `Own`?",
    );
    wrong(
        "Name",
        "",
        "error missing-key t/overlay.toml#/constraints/Name 1:14 nothing is said: there is no `min`, `max`, `pattern` or `drop`",
    );
    wrong(
        "Name",
        "max = '9'",
        "error wrong-type t/overlay.toml#/constraints/Name/max 3:7 expected a number, found a string",
    );
    wrong(
        "Name",
        "max = 9\ndrop = ['max']",
        "error invalid-value t/overlay.toml#/constraints/Name/drop/0 4:9 it is said above",
    );
    wrong(
        "Name",
        "drop = ['patern']",
        "error unknown-value t/overlay.toml#/constraints/Name/drop/0 3:9 `patern` is no constraint; did you mean `pattern`?",
    );
    wrong(
        "Name",
        "max = 1",
        "error invalid-value t/overlay.toml#/constraints/Name 1:14 `Name` would have at least 2 and at most 1",
    );
    wrong(
        "Name",
        "max = 4.5",
        "error invalid-value t/overlay.toml#/constraints/Name/max 3:7 `max` of `Name` is a length, and 4.5 is none",
    );
    wrong(
        "Name",
        "max = 4",
        "error overlay-not-needed t/overlay.toml#/constraints/Name/max 3:7 the model has the same `max` for `Name`: delete this",
    );
    wrong(
        "'In.Own'",
        "max = 5.0",
        "error overlay-not-needed t/overlay.toml#/constraints/In.Own/max 3:7 the model has the same `max` for `In.Own`: delete this",
    );
    wrong(
        "'In.Own'",
        "drop = ['min']",
        "error overlay-not-needed t/overlay.toml#/constraints/In.Own/drop/0 3:9 the model has no `min` for `In.Own`: delete this",
    );
    wrong(
        "'In.Names'",
        "drop = ['uniqueItems']",
        "error constraint-type t/overlay.toml#/constraints/In.Names/drop/0 3:9 `uniqueItems` is asked of lists, wherever they are, and `In.Names` is a member; put it into [constraints.Names]",
    );
    wrong(
        "'In.Flag'",
        "max = 1",
        "error constraint-type t/overlay.toml#/constraints/In.Flag/max 3:7 `In.Flag` is a boolean, which has no `max`",
    );
    wrong(
        "In",
        "pattern = 'a'",
        "error constraint-type t/overlay.toml#/constraints/In/pattern 3:11 `In` is a structure, which has no `pattern`",
    );
}

#[test]
fn a_corrected_pattern_that_cannot_be_checked_is_told_of_the_overlay() {
    let overlay = "[constraints.'In.Name']\nreason = 'x'\npattern = '('";
    let (model, lines) = findings(&set(&[("model.json", CONSTRAINTS), ("t/overlay.toml", overlay)]));
    let options = Options::new(Manifest::Standalone { runtime: "runtime".to_owned() });
    let found: Vec<String> =
        generate(&model.unwrap_or_else(|| panic!("{lines:?}")), &options).1.iter().map(line).collect();
    assert_eq!(
        found,
        [
            "warning unchecked-pattern t/overlay.toml#/constraints/In.Name 1:14 the pattern of `In_Name` cannot be checked before sending: a group is not closed"
        ]
    );
}

const BATCHES: &str = r#"{"metadata": {"protocol": "json", "jsonVersion": "1.1"}, "operations": {
  "Stop": {"input": {"shape": "StopIn"}, "output": {"shape": "StopOut"}}, "Any": {"input": {"shape": "AnyIn"}, "output": {"shape": "StopOut"}}}, "shapes": {
  "StopIn": {"type": "structure", "required": ["Ids"], "members": {"Ids": {"shape": "Ids"}}},
  "StopOut": {"type": "structure", "members": {"Failed": {"shape": "Failed"}, "States": {"shape": "Ids"}}},
  "AnyIn": {"type": "structure", "members": {"Ids": {"shape": "Ids"}, "Rest": {"shape": "Unbounded"}, "One": {"shape": "Id"}}},
  "Ids": {"type": "list", "member": {"shape": "Id"}, "max": 5}, "Id": {"type": "string"},
  "Unbounded": {"type": "list", "member": {"shape": "Id"}},
  "Failed": {"type": "list", "member": {"shape": "Failure"}},
  "Failure": {"type": "structure", "members": {"Id": {"shape": "Id"}, "Code": {"shape": "Text"}}}, "Text": {"type": "string"}}}"#;

/// How the lists of the two operations are split.
fn batches(overlay: &str) -> (Vec<String>, Vec<String>) {
    let (model, lines) = findings(&set(&[("service-2.json", BATCHES), ("t/overlay.toml", overlay)]));
    let Some(model) = model else { return (Vec::new(), lines) };
    let options = Options::new(Manifest::Standalone { runtime: "runtime".to_owned() });
    let (output, diagnostics) = generate(&model, &options);
    let batches = output.into_iter().flat_map(|output| output.summary.services).flat_map(|service| {
        let inferred = service.inferred_batches.into_iter().map(|name| format!("{name} inferred"));
        let declared = service.declared_batches.into_iter().map(|name| format!("{name} declared"));
        inferred.chain(declared).collect::<Vec<_>>()
    });
    (batches.collect(), diagnostics.iter().map(line).collect())
}

#[test]
fn lists_that_are_split_or_not() {
    let none = Vec::new();
    assert_eq!(batches(""), (vec!["Stop inferred".to_owned()], none.clone()));
    assert_eq!(batches("[batches.Stop]\nreason = 'x'\nwhole = true").0, [""; 0]);
    let declared = "[batches.Stop]\nreason = 'x'\nlist = 'Ids'\nmaximum = 2\nfailures = 'Failed'\n\
                    [batches.Any]\nreason = 'x'\nlist = 'Rest'\nmaximum = 1";
    assert_eq!(batches(declared), (vec!["Any declared".to_owned(), "Stop declared".to_owned()], none));
}

#[test]
fn batches_that_are_wrong() {
    let batch = |name: &str, rest: &str, expected: &[&str]| {
        let (found, lines) = batches(&format!("[batches.{name}]\nreason = 'x'\n{rest}"));
        assert_eq!(
            (found, lines.as_slice()),
            (Vec::new(), expected.iter().map(|&line| line.to_owned()).collect::<Vec<_>>().as_slice())
        );
    };
    batch(
        "Stpo",
        "list = 'Ids'",
        &[
            "error unknown-operation t/overlay.toml#/batches/Stpo 1:10 the model has no operation `Stpo`; did you mean `Stop`?",
        ],
    );
    batch("Any", "", &["error missing-key t/overlay.toml#/batches/Any 1:10 key `list` is missing"]);
    batch(
        "Any",
        "list = 'Ids'\nmaximum = 0",
        &["error invalid-value t/overlay.toml#/batches/Any/maximum 4:11 a call has at least one item"],
    );
    batch(
        "Any",
        "list = 'Idz'",
        &[
            "error unknown-member t/overlay.toml#/batches/Any 1:10 the batch of `Any` names input member `Idz`, which does not exist; did you mean `Ids`?",
        ],
    );
    batch(
        "Any",
        "list = 'One'",
        &[
            "error batch-type t/overlay.toml#/batches/Any 1:10 the batch of `Any` splits `One`, which cannot be; only a list without nulls can be split, of an operation without pages",
        ],
    );
    batch(
        "Any",
        "list = 'Rest'",
        &[
            "error batch-type t/overlay.toml#/batches/Any 1:10 the batch of `Any` splits `Rest`, whose greatest length the model does not say; say how many items a call may have, such as `maximum = 10`",
        ],
    );
    batch(
        "Any",
        "list = 'Ids'\nmaximum = 6",
        &[
            "error batch-type t/overlay.toml#/batches/Any 1:10 the batch of `Any` has up to 6 items in a call; the model allows 5",
        ],
    );
    batch(
        "Any",
        "list = 'Ids'\nfailures = 'States'",
        &[
            "error batch-type t/overlay.toml#/batches/Any 1:10 the batch of `Any` finds failures in `States`, which does not name items; it has to list structures with an item of `Ids`, or with text that an item has too",
        ],
    );
    batch(
        "Stop",
        "list = 'Ids'\nfailures = 'Failed'",
        &[
            "error overlay-not-needed t/overlay.toml#/batches/Stop 1:10 the same follows from the model of `Stop`; delete the entry",
        ],
    );
    batch(
        "Any",
        "whole = true",
        &[
            "error overlay-not-needed t/overlay.toml#/batches/Any 1:10 the list of `Any` would be sent whole anyway; delete the entry",
        ],
    );
}
