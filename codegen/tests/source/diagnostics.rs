//! One tiny model per thing that can be wrong.

use super::{assert_findings, assert_shapes, findings, set};
use workstream_codegen::{ModelSet, SourceFile};

const EMPTY: (&str, &str) = ("service-2.json", r#"{"metadata": {}}"#);

#[test]
fn broken_json() {
    assert_findings(
        &[("x/service-2.json", "{\"metadata\": {}\n  \"shapes\": {}}")],
        &["error broken-json x/service-2.json# 2:3 not JSON: expected `,` or `}`"],
    );
    assert_findings(
        &[("service-2.json", "")],
        &["error broken-json service-2.json# 1:1 not JSON: EOF while parsing a value"],
    );
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    assert_findings(
        &[("service-2.json", &deep)],
        &["error broken-json service-2.json# 1:128 not JSON: recursion limit exceeded"],
    );
}

#[test]
fn text_that_is_not_utf8() {
    let mut set = set(&[EMPTY]);
    set.services[0].files[0].text = b"{\"metadata\": {\"uid\": \"\xff\"}}".to_vec();
    let (model, lines) = findings(&set);
    assert!(model.is_none());
    assert_eq!(lines, ["error broken-json service-2.json# 1:23 not JSON: invalid unicode code point"]);
}

#[test]
fn duplicate_key() {
    assert_shapes(
        r#""A": {"type": "string"}, "B": {"type": "blob", "type": "long"}, "A": {"type": "long"}"#,
        &[
            "error duplicate-key service-2.json#/shapes/B/type 2:48 key `type` occurs twice in one object",
            "error duplicate-key service-2.json#/shapes/A 2:65 key `A` occurs twice in one object",
        ],
    );
    // In an object of more than eight keys too.
    let shapes: Vec<String> = (0..9).map(|i| format!("\"S{i}\": {{\"type\": \"long\"}},\n")).collect();
    assert_shapes(
        &format!("{}\"S4\": {{\"type\": \"long\"}}", shapes.concat()),
        &["error duplicate-key service-2.json#/shapes/S4 11:1 key `S4` occurs twice in one object"],
    );
}

#[test]
fn wrong_type() {
    assert_findings(
        &[("service-2.json", "[]")],
        &["error wrong-type service-2.json# 1:1 expected an object, found a list"],
    );
    assert_shapes(
        r#""A": {"type": "string", "enum": ["a", 1], "sensitive": "yes", "max": "9"},
           "B": {"type": 7}, "C": null, "D": {"type": "structure", "required": {}}"#,
        &[
            "error wrong-type service-2.json#/shapes/A/sensitive 2:56 expected a boolean, found a string",
            "error wrong-type service-2.json#/shapes/A/enum/1 2:39 expected a string, found a number",
            "error wrong-type service-2.json#/shapes/A/max 2:70 expected a number, found a string",
            "error wrong-type service-2.json#/shapes/B/type 3:26 expected a string, found a number",
            "error wrong-type service-2.json#/shapes/C 3:35 expected an object, found null",
            "error wrong-type service-2.json#/shapes/D/required 3:80 expected a list, found an object",
        ],
    );
}

#[test]
fn missing_key() {
    assert_shapes(
        r#""A": {"typ": "string"}, "L": {"type": "list"}"#,
        &[
            "error missing-key service-2.json#/shapes/A 2:6 key `type` is missing; there is `typ`: is it meant?",
            "error missing-key service-2.json#/shapes/L 2:30 key `member` is missing",
        ],
    );
    assert_findings(&[("service-2.json", "{}")], &["error missing-key service-2.json# 1:1 key `metadata` is missing"]);
}

#[test]
fn unknown_key() {
    assert_shapes(
        r#""A": {"type": "string", "sensitiv": true}, "N": {"type": "long", "enum": []}"#,
        &[
            "warning unknown-key service-2.json#/shapes/A/sensitiv 2:25 key `sensitiv` of a shape of type string is not known \
         and was not read; did you mean `sensitive`?",
            "warning unknown-key service-2.json#/shapes/N/enum 2:66 key `enum` of a shape of type long is not known and was \
         not read",
        ],
    );
}

#[test]
fn unknown_value() {
    assert_shapes(
        r#""A": {"type": "strng"}, "T": {"type": "timestamp", "timestampFormat": "iso"}"#,
        &[
            "error unknown-value service-2.json#/shapes/A/type 2:15 `strng` is no type of a shape; did you mean `string`?",
            "error unknown-value service-2.json#/shapes/T/timestampFormat 2:71 `iso` is no timestamp format; known are \
         unixTimestamp, iso8601, rfc822",
        ],
    );
    assert_findings(
        &[("service-2.json", r#"{"metadata": {"protocols": ["jsn"], "jsonVersion": "2.0"}}"#)],
        &[
            "error unknown-value service-2.json#/metadata/jsonVersion 1:52 `2.0` is no version of the JSON protocol; did you \
             mean `1.0`?",
            "error unknown-value service-2.json#/metadata/protocols/0 1:29 `jsn` is no protocol; did you mean `json`?",
        ],
    );
}

#[test]
fn duplicate_value() {
    assert_shapes(
        r#""A": {"type": "string", "enum": ["a", "b", "a"]}"#,
        &["warning duplicate-value service-2.json#/shapes/A/enum/2 2:44 enum value `a` occurs twice"],
    );
}

#[test]
fn unknown_member_that_is_required() {
    assert_shapes(
        r#""A": {"type": "structure", "required": ["Name", "Nme"], "members": {"Name": {"shape": "S"}}}, "S": {"type": "string"}"#,
        &[
            "error unknown-member service-2.json#/shapes/A/required/1 2:49 member `Nme` is required, but does not exist; did \
             you mean `Name`?",
        ],
    );
}

#[test]
fn dangling_shapes_are_all_reported_and_unread_ones_are_not() {
    assert_shapes(
        r#""A": {"type": "structure", "members": {"x": {"shape": "Strin"}, "y": {"shape": "Z"}, "z": {"shape": "Bad"}}},
           "String": {"type": "string"}, "Bad": {"type": "tuple"}"#,
        &[
            "error unknown-value service-2.json#/shapes/Bad/type 3:58 `tuple` is no type of a shape; known are structure, \
             list, map, string, boolean, byte, short, integer, long, float, double, blob, timestamp, character",
            "error dangling-shape service-2.json#/shapes/A/members/x/shape 2:55 member `x` of `A` refers to shape `Strin`, \
             which does not exist; did you mean `String`?",
            "error dangling-shape service-2.json#/shapes/A/members/y/shape 2:80 member `y` of `A` refers to shape `Z`, which \
             does not exist",
        ],
    );
}

#[test]
fn map_key() {
    assert_shapes(
        r#""M": {"type": "map", "key": {"shape": "L"}, "value": {"shape": "L"}}, "L": {"type": "long"}"#,
        &["error map-key service-2.json#/shapes/M/key 2:29 the key of map `M` is not a string"],
    );
}

#[test]
fn endless_recursion() {
    assert_shapes(
        r#""A": {"type": "structure", "required": ["b"], "members": {"b": {"shape": "B"}}},
           "B": {"type": "structure", "required": ["a"], "members": {"o": {"shape": "B"}, "a": {"shape": "A"}}},
           "Fine": {"type": "structure", "required": ["list"], "members": {"list": {"shape": "List"}}},
           "List": {"type": "list", "member": {"shape": "Fine"}},
           "Own": {"type": "structure", "required": ["own"], "members": {"own": {"shape": "Own"}}}"#,
        &[
            "error endless-recursion service-2.json#/shapes/B/members/a 3:96 every value would need another one without end: \
             A -> B -> A; make a member of one of these structures optional",
            "error endless-recursion service-2.json#/shapes/Own/members/own 6:81 every value would need another one without \
             end: Own -> Own; make a member of one of these structures optional",
        ],
    );
}

#[test]
fn everything_that_is_wrong_is_found_at_once() {
    let service = r#"{"metadata": {"protocol": "json"}, "operations": {
"Broken": {"input": {"shape": "Nothing"}, "output": {"shape": "Out"}},
"Whole": {"output": {"shape": "Out"}}}, "shapes": {
"Out": {"type": "structure", "required": ["Item"], "members": {"Items": {"shape": "L"}}},
"L": {"type": "list", "member": {"shape": "S"}}, "S": {"type": "string"}}}"#;
    let paginators = r#"{"pagination": {
"Broken": {"input_token": "Token", "output_token": "Itmes"},
"Whole": {"input_token": [], "output_token": [], "result_key": "Itmes"}}}"#;
    let waiters = r#"{"version": 2, "waiters": {
"Come": {"operation": "Whole", "delay": 1, "maxAttempts": 1, "acceptors": [
{"state": "success", "matcher": "pathAny", "expected": "x", "argument": "Itmes[]"}]}}}"#;
    let rules = r#"{"version": "1.0", "parameters": {}, "rules": [
{"type": "error", "conditions": [{"fn": "isSte", "argv": ["x"]}], "error": "no"}]}"#;
    assert_findings(
        &[
            ("service-2.json", service),
            ("paginators-1.json", paginators),
            ("waiters-2.json", waiters),
            ("endpoint-rule-set-1.json", rules),
        ],
        &[
            "error unknown-member service-2.json#/shapes/Out/required/0 4:43 member `Item` is required, but does not exist; \
             did you mean `Items`?",
            "error dangling-shape service-2.json#/operations/Broken/input/shape 2:31 the input of operation `Broken` refers to \
             shape `Nothing`, which does not exist",
            "error unknown-member paginators-1.json#/pagination/Broken/output_token 2:52 the paginator of `Broken` names output \
             member `Itmes`, which does not exist; did you mean `Items`?",
            "error unknown-member paginators-1.json#/pagination/Whole/result_key 3:64 the paginator of `Whole` names output \
             member `Itmes`, which does not exist; did you mean `Items`?",
            "error unknown-function endpoint-rule-set-1.json#/rules/0/conditions/0 2:34 function `isSte` is not known; did you \
             mean `isSet`?",
            "error unknown-member waiters-2.json#/waiters/Come/acceptors/0/argument 3:73 waiter `Come` has `Itmes[]`, and at \
             column 1 of that `Itmes` is no member of `Out`; did you mean `Items`?",
        ],
    );
}

#[test]
fn a_list_of_nothing_but_itself() {
    assert_shapes(
        r#""L": {"type": "list", "member": {"shape": "M"}},
           "M": {"type": "map", "key": {"shape": "S"}, "value": {"shape": "L"}}, "S": {"type": "string"}"#,
        &[
            "error endless-recursion service-2.json#/shapes/M/value 3:65 every value would need another one without end: \
             L -> M -> L; make a member of one of these structures optional",
        ],
    );
}

#[test]
fn lists_within_lists_have_a_limit() {
    let list = |i: usize| format!(r#""L{i:02}": {{"type": "list", "member": {{"shape": "L{:02}"}}}},"#, i + 1);
    let lists =
        |count: usize| format!("{}\"L{count:02}\": {{\"type\": \"string\"}}", (0..count).map(list).collect::<String>());
    assert_shapes(&lists(32), &[]);
    assert_shapes(
        &lists(33),
        &["error nested-too-deep service-2.json#/shapes/L00 2:8 `L00` nests more than 32 lists and maps"],
    );
}

#[test]
fn a_long_chain_is_no_recursion_and_no_overflow() {
    let shape = |i: usize| {
        format!(r#""S{i}": {{"type": "structure", "required": ["m"], "members": {{"m": {{"shape": "S{}"}}}}}},"#, i + 1)
    };
    let chain: String = (0..20_000).map(shape).collect();
    assert_shapes(&format!(r#"{chain} "S20000": {{"type": "structure"}}"#), &[]);
}

fn with_operation(operation: &str) -> String {
    format!(
        r#"{{"metadata": {{}}, "operations": {{"List": {operation}}}, "shapes": {{
"In": {{"type": "structure", "members": {{"NextToken": {{"shape": "S"}}, "Host": {{"shape": "S", "hostLabel": true}}}}}},
"Out": {{"type": "structure", "members": {{"NextToken": {{"shape": "S"}}, "Items": {{"shape": "L"}}}}}},
"L": {{"type": "list", "member": {{"shape": "S"}}}}, "S": {{"type": "string"}}}}}}"#
    )
}

#[test]
fn operations_need_structures() {
    assert_findings(
        &[("service-2.json", &with_operation(r#"{"input": {"shape": "S"}, "output": {"shape": "Ot"}}"#))],
        &[
            "error not-a-structure service-2.json#/operations/List/input/shape 1:61 the input of operation `List` must be a \
             structure, but shape `S` is not",
            "error dangling-shape service-2.json#/operations/List/output/shape 1:87 the output of operation `List` refers to \
             shape `Ot`, which does not exist; did you mean `Out`?",
        ],
    );
}

#[test]
fn host_prefix_labels() {
    let fine = with_operation(r#"{"input": {"shape": "In"}, "endpoint": {"hostPrefix": "{Host}.data."}}"#);
    assert_findings(&[("service-2.json", &fine)], &[]);
    let bad = with_operation(r#"{"input": {"shape": "In"}, "endpoint": {"hostPrefix": "{Hst}."}}"#);
    assert_findings(
        &[("service-2.json", &bad)],
        &[
            "error unknown-member service-2.json#/operations/List 1:41 the host prefix of `List` names `Hst`, which is no host \
         label; did you mean `Host`?",
        ],
    );
}

fn paginator_findings(name: &str, paginator: &str, expected: &[&str]) {
    let service = with_operation(r#"{"input": {"shape": "In"}, "output": {"shape": "Out"}}"#);
    let paginators = format!("{{\"pagination\": {{\n\"{name}\": {paginator}}}}}");
    assert_findings(&[("service-2.json", &service), ("paginators-1.json", &paginators)], expected);
}

#[test]
fn unknown_operation() {
    paginator_findings(
        "Lst",
        r#"{"input_token": "NextToken", "output_token": "NextToken"}"#,
        &[
            "error unknown-operation paginators-1.json#/pagination/Lst 2:8 paginator is for operation `Lst`, which does not \
         exist; did you mean `List`?",
        ],
    );
    assert_findings(
        &[EMPTY, ("waiters-2.json", r#"{"waiters": {"W": {"operation": "Get", "delay": 1, "acceptors": []}}}"#)],
        &[
            "error unknown-operation waiters-2.json#/waiters/W/operation 1:33 waiter is for operation `Get`, which does not \
             exist",
        ],
    );
}

#[test]
fn paginator_paths() {
    paginator_findings(
        "List",
        r#"{"input_token": "nextToken", "output_token": ["NextTokn", "Items[-1].Id"],
 "result_key": ["Items", "Items.Id"], "limit_key": "Max", "more_results": "More", "non_aggregate_keys": ["Nope"]}"#,
        &[
            "error unknown-member paginators-1.json#/pagination/List/input_token 2:25 the paginator of `List` names input \
             member `nextToken`, which does not exist; did you mean `NextToken`?",
            "error unknown-member paginators-1.json#/pagination/List/limit_key 3:52 the paginator of `List` names input member \
             `Max`, which does not exist",
            "error unknown-member paginators-1.json#/pagination/List/output_token/0 2:55 the paginator of `List` names output \
             member `NextTokn`, which does not exist; did you mean `NextToken`?",
            "error unknown-member paginators-1.json#/pagination/List/output_token/1 2:67 the paginator of `List` names output \
             member `Id`, which does not exist",
            "error unknown-member paginators-1.json#/pagination/List/result_key/1 3:26 the paginator of `List` names output \
             member `Id`, which does not exist",
            "error unknown-member paginators-1.json#/pagination/List/more_results 3:75 the paginator of `List` names output \
             member `More`, which does not exist",
            "error unknown-member paginators-1.json#/pagination/List/non_aggregate_keys/0 3:106 the paginator of `List` names \
             output member `Nope`, which does not exist",
            "error token-count paginators-1.json#/pagination/List 2:9 the paginator of `List` has 1 input tokens and 2 output \
             tokens",
        ],
    );
}

#[test]
fn malformed_path() {
    paginator_findings(
        "List",
        r#"{"input_token": "NextToken", "output_token": "Items[0]", "result_key": ""}"#,
        &[
            "error malformed-path paginators-1.json#/pagination/List/output_token 2:54 `Items[0]` is not a path to a member; write \
         member names, such as `a.b` or `a || b[-1].c`",
            "error malformed-path paginators-1.json#/pagination/List/result_key 2:80 `` is not a path to a member; write member \
         names, such as `a` or `a.b`",
            "error token-count paginators-1.json#/pagination/List 2:9 the paginator of `List` has 1 input tokens and 0 output \
         tokens",
        ],
    );
}

#[test]
fn waiters() {
    let waiters = r#"{"waiters": {"W": {"operation": "List", "delay": -1, "acceptors": [
{"state": "done", "matcher": "path", "argument": "a", "expected": "b"},
{"state": "retry", "matcher": "pathAny", "expected": "b"},
{"state": "retry", "matcher": "status", "expected": 99999},
{"state": "retry", "matcher": "error", "expected": 1},
{"state": "retry", "matcher": "eror"}]}}}"#;
    assert_findings(
        &[("service-2.json", &with_operation("{}")), ("waiters-2.json", waiters)],
        &[
            "error invalid-value waiters-2.json#/waiters/W/delay 1:50 -1 is not a whole number in the range that fits here",
            "error unknown-value waiters-2.json#/waiters/W/acceptors/0/state 2:11 `done` is no state of an acceptor; known are \
         success, failure, retry",
            "error missing-key waiters-2.json#/waiters/W/acceptors/1 3:1 key `argument` is missing: matcher `pathAny` needs it",
            "error invalid-value waiters-2.json#/waiters/W/acceptors/2/expected 4:53 99999 is not a whole number in the range \
         that fits here",
            "error wrong-type waiters-2.json#/waiters/W/acceptors/3/expected 5:52 expected the code of an error, or a boolean, \
         found a number",
            "error missing-key waiters-2.json#/waiters/W/acceptors/4 6:1 key `expected` is missing",
            "error unknown-value waiters-2.json#/waiters/W/acceptors/4/matcher 6:31 `eror` is no matcher; did you mean `error`?",
        ],
    );
}

#[test]
fn files() {
    assert_findings(
        &[("a/notes.txt", ""), ("a/service-2.json", EMPTY.1), ("a/other-1.json", "{}")],
        &[
            "warning unknown-file a/notes.txt# 1:1 file `notes.txt` of service `test` is not known and was not read",
            "warning unknown-file a/other-1.json# 1:1 file `other-1.json` of service `test` is not known and was not read",
        ],
    );
    assert_findings(
        &[("examples-1.json", "never read")],
        &[
            "error missing-file test# - service `test` has no file `service-2.json`; a Smithy model may have any name, but needs \
         the top-level key `smithy`",
        ],
    );
    assert_findings(
        &[("1/service-2.json", EMPTY.1), ("2/service-2.json.gz", EMPTY.1)],
        &[
            "error duplicate-file 2/service-2.json.gz# 1:1 service `test` has two files `service-2.json`; give the files of one \
         API version only",
        ],
    );
    assert_findings(
        &[EMPTY, ("m.json", r#"{"smithy": "2.0"}"#)],
        &["error mixed-formats m.json# 1:1 service `test` has files of botocore's and of Smithy's format"],
    );
}

#[test]
fn duplicate_service() {
    let mut set = set(&[("one/service-2.json", EMPTY.1)]);
    set.services.extend(super::set(&[("two/service-2.json", EMPTY.1)]).services);
    let (model, lines) = findings(&set);
    assert!(model.is_none());
    assert_eq!(
        lines,
        [
            "error duplicate-service two/service-2.json# 1:1 service `test` is there twice; the other one is one/service-2.json",
        ]
    );
}

#[test]
fn partitions() {
    let text = r#"{"version": "1.1", "partitions": [{"id": "aws", "regionRegex": "^x$", "regions": {"x": {"descripton": ""}},
"outputs": {"name": "aws", "dnsSuffix": "a", "dualStackDnsSuffix": "b", "implicitGlobalRegion": "x", "supportsFIPS": 1}}]}"#;
    let file = SourceFile { path: "partitions.json".to_owned(), text: text.as_bytes().to_vec() };
    let (model, lines) = findings(&ModelSet { services: Vec::new(), partitions: Some(file) });
    assert!(model.is_none());
    assert_eq!(
        lines,
        [
            "warning unknown-key partitions.json#/partitions/0/regions/x/descripton 1:89 key `descripton` of a region is not known \
         and was not read; did you mean `description`?",
            "error wrong-type partitions.json#/partitions/0/outputs/supportsFIPS 2:118 expected a boolean, found a number",
            "error missing-key partitions.json#/partitions/0/outputs 2:12 key `supportsDualStack` is missing",
        ]
    );
}

#[test]
fn places_are_found_in_any_layout() {
    // Pretty-printed, with escapes in keys, and columns in characters.
    let text = "{\n  \"metadata\": {},\n  \"shapes\": {\n    \"a/b~c\\u00e9\": {\"documentation\": \"\\\"}é\", \"type\": 1}\n  }\n}";
    assert_findings(
        &[("service-2.json", text)],
        &["error wrong-type service-2.json#/shapes/a~1b~0cé/type 4:54 expected a string, found a number"],
    );
}
