//! JMESPath in waiters: every form that models have, as Rust, and every way in
//! which one can be wrong.

use serde_json::{Value, json};
use workstream_codegen::diagnostic::{Diagnostic, Severity};
use workstream_codegen::{Manifest, ModelSet, Options, ServiceFiles, SourceFile, generate, read};

/// A service whose one output has a member of every kind, and a waiter on it
/// with one acceptor.
fn model(path: &str, matcher: &str, expected: &Value) -> ModelSet {
    let service = json!({
        "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "T", "apiVersion": "2020-01-01",
                     "endpointPrefix": "t", "serviceId": "T", "serviceFullName": "T", "signatureVersion": "v4"},
        "operations": {"Get": {"name": "Get", "http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "Out"}}},
        "shapes": {
            "Out": {"type": "structure", "required": ["id", "rows"], "members": {
                "id": {"shape": "Text"}, "name": {"shape": "Text"}, "status": {"shape": "Status"},
                "ready": {"shape": "Flag"}, "count": {"shape": "Int"}, "total": {"shape": "Long"},
                "ratio": {"shape": "Double"}, "items": {"shape": "Items"}, "rows": {"shape": "Items"},
                "table": {"shape": "Table"}, "inner": {"shape": "Inner"}, "names": {"shape": "Names"},
                "choice": {"shape": "Choice"}, "grid": {"shape": "Grid"}, "holes": {"shape": "Holes"},
                "plain": {"shape": "Plain"}, "open": {"shape": "Open"}, "opens": {"shape": "Opens"}
            }},
            "Open": {"type": "structure", "document": true, "members": {}},
            "Opens": {"type": "list", "member": {"shape": "Open"}},
            "Plain": {"type": "structure", "members": {"name": {"shape": "Text"}}},
            "Holes": {"type": "list", "sparse": true, "member": {"shape": "Text"}},
            "Inner": {"type": "structure", "required": ["status"], "members": {
                "status": {"shape": "Status"}, "name": {"shape": "Text"}, "item": {"shape": "Item"}, "items": {"shape": "Items"}
            }},
            "Item": {"type": "structure", "required": ["id"], "members": {
                "id": {"shape": "Text"}, "status": {"shape": "Status"}, "count": {"shape": "Int"}, "wanted": {"shape": "Int"},
                "ready": {"shape": "Flag"}, "names": {"shape": "Names"}, "inner": {"shape": "Inner"}, "parts": {"shape": "Parts"},
                "plain": {"shape": "Plain"}
            }},
            "Part": {"type": "structure", "members": {"kind": {"shape": "Kind"}}},
            "Kind": {"type": "structure", "required": ["code"], "members": {"code": {"shape": "Text"}}},
            "Choice": {"type": "structure", "union": true, "members": {"text": {"shape": "Text"}, "item": {"shape": "Item"}}},
            "Items": {"type": "list", "member": {"shape": "Item"}},
            "Parts": {"type": "list", "member": {"shape": "Part"}},
            "Names": {"type": "list", "member": {"shape": "Text"}},
            "Grid": {"type": "list", "member": {"shape": "Names"}},
            "Table": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Item"}},
            "Status": {"type": "string", "enum": ["ACTIVE", "STOPPED"]},
            "Text": {"type": "string"}, "Flag": {"type": "boolean"}, "Int": {"type": "integer"},
            "Long": {"type": "long"}, "Double": {"type": "double"}
        }
    });
    let waiters = json!({"version": 2, "waiters": {"Done": {"operation": "Get", "delay": 5, "maxAttempts": 3, "acceptors": [
        {"state": "success", "matcher": matcher, "argument": path, "expected": expected}
    ]}}});
    let file = |name: &str, value: Value| SourceFile { path: name.to_owned(), text: value.to_string().into_bytes() };
    ModelSet {
        services: vec![ServiceFiles {
            name: "t".to_owned(),
            files: vec![file("service-2.json", service), file("waiters-2.json", waiters)],
        }],
        partitions: None,
    }
}

/// The emitted waiters, if any, and all findings.
fn emitted(path: &str, matcher: &str, expected: &Value) -> (Option<String>, Vec<Diagnostic>) {
    let (model, findings) = read(&model(path, matcher, expected));
    let model = model.unwrap_or_else(|| panic!("{findings:?}"));
    let manifest = Manifest::Standalone { runtime: "runtime".to_owned() };
    let (output, findings) = generate(&model, &Options::new(manifest));
    (output.map(|output| output.files["src/t/waiters.rs"].clone()), findings.into_iter().collect())
}

/// The condition on the output, without white space.
fn condition(path: &str, matcher: &str, expected: &Value) -> String {
    let (text, findings) = emitted(path, matcher, expected);
    let text = text.unwrap_or_else(|| panic!("{path}: {findings:?}"));
    let text = squeezed(&text);
    const START: &str = "letoutput=attempt.result.ok()?;if";
    let start = text.find(START).unwrap_or_else(|| panic!("{path}: no condition in {text}"));
    let text = &text[start + START.len()..];
    without_braces(&text[..text.find("{Some(WaiterState::Success)}").expect("a success")])
}

/// Long closures get braces, short ones do not.
fn without_braces(text: &str) -> String {
    text.replace(['{', '}'], "")
}

fn squeezed(text: &str) -> String {
    // What rustfmt adds at the end of a broken list says nothing either.
    text.split_whitespace().collect::<String>().replace(",)", ")").replace(",}", "}").replace(",]", "]")
}

#[track_caller]
fn check(path: &str, matcher: &str, expected: Value, rust: &str) {
    assert_eq!(condition(path, matcher, &expected), without_braces(&squeezed(rust)), "{path}");
}

#[test]
fn members() {
    check("id", "path", json!("a"), r#"output.id.as_str() == "a""#);
    check("name", "path", json!("a"), r#"output.name.as_deref() == Some("a")"#);
    check("status", "path", json!("ACTIVE"), r#"output.status.as_ref().map(types::Status::as_str) == Some("ACTIVE")"#);
    check(
        "\"status\"",
        "path",
        json!("ACTIVE"),
        r#"output.status.as_ref().map(types::Status::as_str) == Some("ACTIVE")"#,
    );
    check("ready", "path", json!(true), "output.ready == Some(true)");
    check("ready", "path", json!(false), "output.ready == Some(false)");
    check(
        "inner.status",
        "path",
        json!("ACTIVE"),
        r#"output.inner.as_ref().map(|value| value.status.as_str()) == Some("ACTIVE")"#,
    );
    check(
        "inner.item.inner.name",
        "path",
        json!("a"),
        r#"output.inner.as_ref().and_then(|value| value.item.as_deref()).and_then(|value| value.inner.as_deref())
           .and_then(|value| value.name.as_deref()) == Some("a")"#,
    );
    check(
        "choice.item.id",
        "path",
        json!("a"),
        r#"output.choice.as_ref().and_then(|value| match value {
               types::Choice::Item(value) => Some(value), _ => None
           }).map(|value| value.id.as_str()) == Some("a")"#,
    );
}

#[test]
fn projections() {
    let status = "item.status.as_ref().map(types::Status::as_str)";
    check(
        "items[].status",
        "pathAll",
        json!("ACTIVE"),
        &format!(r#"waiter::all(output.items.iter().flatten().filter_map(|item| {status}), |item| item == "ACTIVE")"#),
    );
    check(
        "rows[].status",
        "pathAny",
        json!("ACTIVE"),
        &format!(r#"output.rows.iter().filter_map(|item| {status}).any(|item| item == "ACTIVE")"#),
    );
    check(
        "rows[*].id",
        "pathAny",
        json!("a"),
        r#"output.rows.iter().map(|item| item.id.as_str()).any(|item| item == "a")"#,
    );
    check("names", "pathAny", json!("a"), r#"output.names.iter().flatten().any(|item| item.as_str() == "a")"#);
    check(
        "grid[]",
        "pathAny",
        json!("a"),
        r#"output.grid.iter().flatten().flat_map(|item| item.iter()).any(|item| item.as_str() == "a")"#,
    );
    check(
        "inner.items[].id",
        "pathAny",
        json!("a"),
        r#"output.inner.as_ref().and_then(|value| value.items.as_ref()).into_iter().flatten()
           .map(|item| item.id.as_str()).any(|item| item == "a")"#,
    );
    check(
        "items[].parts[].kind.code",
        "pathAny",
        json!("a"),
        r#"output.items.iter().flatten().flat_map(|item| item.parts.iter().flatten())
           .filter_map(|item| item.kind.as_ref().map(|value| value.code.as_str())).any(|item| item == "a")"#,
    );
    check(
        "table.*.status",
        "pathAll",
        json!("ACTIVE"),
        &format!(
            r#"waiter::all(output.table.iter().flat_map(|map| map.values()).filter_map(|item| {status}),
               |item| item == "ACTIVE")"#
        ),
    );
    check(
        "keys(table)",
        "pathAny",
        json!("a"),
        r#"output.table.iter().flat_map(|map| map.keys()).any(|item| item.as_str() == "a")"#,
    );
    check(
        "items[].[id, inner.name][]",
        "pathAny",
        json!("a"),
        r#"output.items.iter().flatten().flat_map(|item| [Some(item.id.as_str()),
           item.inner.as_deref().and_then(|value| value.name.as_deref())].into_iter().flatten()).any(|item| item == "a")"#,
    );
    check(
        "items[].ready",
        "pathAll",
        json!(true),
        "waiter::all(output.items.iter().flatten().filter_map(|item| item.ready), |item| item)",
    );
}

#[test]
fn elements() {
    check("rows[0].id", "path", json!("a"), r#"output.rows.first().map(|value| value.id.as_str()) == Some("a")"#);
    check(
        "names[-1]",
        "path",
        json!("a"),
        r#"output.names.as_ref().and_then(|list| list.last()).map(String::as_str) == Some("a")"#,
    );
    check("rows[2].ready", "path", json!(true), "output.rows.get(2).and_then(|value| value.ready) == Some(true)");
    check(
        "rows[-2].ready",
        "path",
        json!(true),
        "output.rows.iter().rev().nth(1).and_then(|value| value.ready) == Some(true)",
    );
}

#[test]
fn lengths() {
    check("length(rows) > `0`", "path", json!(true), "!output.rows.is_empty()");
    check("length(rows) == `0`", "path", json!(true), "output.rows.is_empty()");
    check("length(items) == `0`", "path", json!(true), "output.items.as_ref().is_some_and(|value| value.is_empty())");
    check("length(name) > `0`", "path", json!(true), "output.name.as_deref().is_some_and(|value| !value.is_empty())");
    check(
        "length(name) > `3`",
        "path",
        json!(true),
        "output.name.as_deref().map(|value| value.chars().count()).is_some_and(|left| left > 3)",
    );
    check("length(rows) >= `2`", "path", json!(true), "output.rows.len() >= 2");
    check(
        "length(rows[].inner) > `0`",
        "path",
        json!(true),
        "output.rows.iter().filter_map(|item| item.inner.as_deref()).count() > 0",
    );
    check("length(items[]) > `0`", "path", json!(true), "output.items.iter().flatten().count() > 0");
    check(
        "length(name || '') > `0`",
        "path",
        json!(true),
        r#"!output.name.as_deref().filter(|text| !text.is_empty()).unwrap_or("").is_empty()"#,
    );
}

#[test]
fn comparisons() {
    check("count == `1`", "path", json!(true), "output.count == Some(1)");
    check(
        "count <= total",
        "path",
        json!(true),
        "output.count.map(|number| number as i128).zip(output.total.map(|number| number as i128))
           .is_some_and(|(left, right)| left <= right)",
    );
    check("ratio < `2`", "path", json!(true), "output.ratio.is_some_and(|left| left < 2_f64)");
    check("length(rows) > `-1`", "path", json!(true), "(output.rows.len() as i128) > -1_i128");
    check(
        "count >= `1`",
        "path",
        json!(false),
        "output.count.zip(Some(1)).map(|(left, right)| left >= right) == Some(false)",
    );
    check("name != 'a'", "path", json!(true), r#"output.name.as_deref() != Some("a")"#);
    check("name == id", "path", json!(true), "output.name.as_deref() == Some(output.id.as_str())");
    check("name == `null`", "path", json!(true), "output.name.is_none()");
    check("name == `\"a\"`", "path", json!(true), r#"output.name.as_deref() == Some("a")"#);
    check("ready == `true`", "path", json!(true), "output.ready == Some(true)");
    check(
        "name == 'a' && (count > `1` || ready)",
        "path",
        json!(true),
        r#"output.name.as_deref() == Some("a") && (output.count.is_some_and(|left| left > 1) || output.ready == Some(true))"#,
    );
    check("!(name == 'a')", "path", json!(true), r#"output.name.as_deref() != Some("a")"#);
    check("!ready", "path", json!(true), "output.ready != Some(true)");
    check("!items", "path", json!(true), "output.items.as_ref().is_none_or(|value| value.is_empty())");
    check("!name", "path", json!(true), "output.name.as_deref().is_none_or(|value| value.is_empty())");
    check(
        "!(rows[?ready])",
        "path",
        json!(true),
        "output.rows.iter().filter(|&item| item.ready == Some(true)).count() == 0",
    );
    check("!rows || !inner", "path", json!(true), "output.rows.is_empty() || output.inner.is_none()");
    check(
        "name == 'a' || name == 'b'",
        "path",
        json!(false),
        r#"!(output.name.as_deref() == Some("a") || output.name.as_deref() == Some("b"))"#,
    );
    check(
        "contains(names, 'a')",
        "path",
        json!(true),
        r#"output.names.iter().flatten().any(|item| item.as_str() == "a")"#,
    );
    check(
        "contains(name, 'a')",
        "path",
        json!(true),
        r#"output.name.as_deref().is_some_and(|text| text.contains("a"))"#,
    );
}

#[test]
fn filters() {
    check(
        "rows[?status == 'ACTIVE'].id",
        "pathAny",
        json!("a"),
        r#"output.rows.iter().filter(|&item| item.status.as_ref().map(types::Status::as_str) == Some("ACTIVE"))
           .map(|item| item.id.as_str()).any(|item| item == "a")"#,
    );
    check(
        "length(items[?!(length(parts) == `1` && count == wanted)]) == `0`",
        "path",
        json!(true),
        "output.items.iter().flatten().all(|item| item.parts.is_some()) && output.items.is_some()
         && output.items.as_ref().map(|list| list.iter().filter(|&item|
            !(item.parts.as_ref().map(|value| value.len()) == Some(1) && item.count == item.wanted)).count()) == Some(0)",
    );
    check(
        "length(names[?@ == 'a']) > `0`",
        "path",
        json!(true),
        r#"output.names.iter().flatten().filter(|&item| item.as_str() == "a").count() > 0"#,
    );
    check(
        "rows[?names].id",
        "pathAny",
        json!("a"),
        r#"output.rows.iter().filter(|&item| item.names.as_ref().is_some_and(|value| !value.is_empty()))
           .map(|item| item.id.as_str()).any(|item| item == "a")"#,
    );
    check(
        "rows[?parts[?kind.code == 'x']].id",
        "pathAny",
        json!("a"),
        r#"output.rows.iter().filter(|&item| item.parts.iter().flatten()
              .filter(|&item| item.kind.as_ref().map(|value| value.code.as_str()) == Some("x")).count() > 0)
           .map(|item| item.id.as_str()).any(|item| item == "a")"#,
    );
}

/// Of a list itself nulls are elements, of a projection they are not.
#[test]
fn nulls_in_lists() {
    check(
        "holes",
        "pathAll",
        json!("a"),
        r#"waiter::all(output.holes.iter().flatten(), |item| item.as_deref() == Some("a"))"#,
    );
    check(
        "holes[]",
        "pathAll",
        json!("a"),
        r#"waiter::all(output.holes.iter().flatten().flatten(), |item| item.as_str() == "a")"#,
    );
    check(
        "[id, name]",
        "pathAll",
        json!("a"),
        r#"waiter::all([Some(output.id.as_str()), output.name.as_deref()].into_iter(), |item| item == Some("a"))"#,
    );
}

/// A structure that may lack all of its members, and does, is `{}`: as good as null.
#[test]
fn empty_structures() {
    check("!plain", "path", json!(true), "output.plain.as_ref().is_none_or(|value| *value == types::Plain::default())");
    check(
        "rows[?plain].id",
        "pathAny",
        json!("a"),
        r#"output.rows.iter().filter(|&item| item.plain.as_ref().is_some_and(|value| *value != types::Plain::default()))
           .map(|item| item.id.as_str()).any(|item| item == "a")"#,
    );
    check("!choice", "path", json!(true), "output.choice.is_none()");
}

/// An open document may be null in itself, and is true or false by its value.
#[test]
fn documents() {
    let present = "output.open.as_ref().and_then(|document| document.non_null())";
    check("!open", "path", json!(true), &format!("{present}.is_none_or(|value| !value.is_truthy())"));
    check("open == `null`", "path", json!(true), &format!("{present}.is_none()"));
    check(
        "length(opens[?@]) == `1`",
        "path",
        json!(true),
        "output.opens.as_ref().map(|list| list.iter().filter_map(|document| document.non_null())
            .filter(|&item| item.is_truthy()).count()) == Some(1)",
    );
}

/// A function of null is an error, and an expression with an error matches nothing.
#[test]
fn functions_of_null() {
    check(
        "length(items) != `1`",
        "path",
        json!(true),
        "output.items.is_some() && output.items.as_ref().map(|value| value.len()) != Some(1)",
    );
    check(
        "!contains(name, 'a')",
        "path",
        json!(true),
        r#"output.name.is_some() && output.name.as_deref().map(|_| output.name.as_deref().is_some_and(|text| text.contains("a"))) != Some(true)"#,
    );
    check(
        "ready && length(items) != `1`",
        "path",
        json!(true),
        "(output.ready != Some(true) || output.items.is_some())
         && output.ready == Some(true) && output.items.as_ref().map(|value| value.len()) != Some(1)",
    );
    check(
        "length(items) == length(names)",
        "path",
        json!(true),
        "output.items.is_some() && output.names.is_some()
         && output.items.as_ref().map(|value| value.len()) == output.names.as_ref().map(|value| value.len())",
    );
    check(
        "keys(table)",
        "pathAll",
        json!("a"),
        r#"waiter::all(output.table.iter().flat_map(|map| map.keys()), |item| item.as_str() == "a")"#,
    );
}

/// What always holds makes rustc warn, where it can see that.
#[test]
fn comparisons_at_the_ends_of_a_range() {
    check("length(rows) >= `0`", "path", json!(true), "(output.rows.len() as i128) >= 0_i128");
    check(
        "count > `2147483647`",
        "path",
        json!(true),
        "output.count.map(|number| number as i128).is_some_and(|left| left > 2147483647_i128)",
    );
    check("count == `2147483647`", "path", json!(true), "output.count == Some(2147483647)");
    check(
        "count == length(rows)",
        "path",
        json!(true),
        "output.count.map(|number| number as i128) == Some(output.rows.len() as i128)",
    );
    check(
        "rows[?`true`].id",
        "pathAny",
        json!("a"),
        r#"output.rows.iter().filter(|_| true).map(|item| item.id.as_str()).any(|item| item == "a")"#,
    );
}

/// Codes, messages and hints for an acceptor that is wrong.
#[track_caller]
fn finds(
    path: &str,
    matcher: &str,
    expected: Value,
    severity: Severity,
    code: &str,
    message: &str,
    hint: Option<&str>,
) {
    let (text, findings) = emitted(path, matcher, &expected);
    let [finding] = findings.as_slice() else { panic!("{path}: {findings:?}") };
    assert_eq!(text.is_none(), severity == Severity::Error);
    assert_eq!((finding.severity, finding.code), (severity, code), "{path}: {}", finding.message);
    assert_eq!(finding.message, message);
    assert_eq!(finding.hint.as_deref(), hint);
    assert_eq!(&*finding.origin.pointer, "/waiters/Done/acceptors/0/argument");
}

#[track_caller]
fn refuses(path: &str, code: &str, column: usize, what: &str, hint: Option<&str>) {
    let message = format!("waiter `Done` has `{path}`, and at column {column} of that {what}");
    finds(path, "path", json!(true), Severity::Error, code, &message, hint);
}

#[test]
fn wrong_syntax() {
    let syntax = "jmespath-syntax";
    refuses("items[", syntax, 7, "an index is missing", None);
    refuses("items[0", syntax, 8, "`]` is missing", None);
    refuses("items[?ready", syntax, 13, "`]` is missing", None);
    refuses("a.", syntax, 3, "a name is missing after the dot", None);
    refuses("", syntax, 1, "an expression is missing", None);
    refuses("(a", syntax, 3, "`)` is missing", None);
    refuses("a b", syntax, 3, "the expression should end", None);
    refuses("a == 'x", syntax, 6, "there is no closing `'`", None);
    refuses("a == `x`", syntax, 6, "the literal is not valid JSON", None);
    refuses("a # b", syntax, 3, "`#` means nothing", None);
    refuses("== a", syntax, 1, "no expression can begin like this", None);
    refuses("items[*]*", syntax, 9, "the expression should end", None);
    refuses("items[].[1]", syntax, 10, "no expression can begin like this", None);
    refuses("items[].[ ]", syntax, 9, "the list is empty", None);
    refuses("length(\u{a0}id)", syntax, 8, "`\u{a0}` means nothing", None);
    refuses("length(a", syntax, 9, "`,` or `)` is missing", None);
    let deep = format!("{}a", "!".repeat(100));
    let message = "more than 64 expressions stand within each other, or follow each other in a chain";
    refuses(&deep, "jmespath-too-deep", 65, message, None);
}

#[test]
fn unsupported() {
    let unsupported = "jmespath-unsupported";
    refuses("a | b", unsupported, 3, "pipes are not supported", None);
    refuses("a[0:1]", unsupported, 3, "slices are not supported", None);
    refuses("{x: a}", unsupported, 1, "multi-select hashes are not supported", None);
    refuses("&a", unsupported, 1, "expression types are not supported", None);
    refuses("lengt(rows)", unsupported, 1, "function `lengt` is not supported", Some("did you mean `length`?"));
    refuses("length(opens[])", unsupported, 13, "documents as what is flattened are not supported", None);
    refuses("count == `1.5`", unsupported, 10, "numbers with a fraction are not supported", None);
}

#[test]
fn wrong_types() {
    let (ty, unknown) = ("jmespath-type", "unknown-member");
    refuses("stauts", unknown, 1, "`stauts` is no member of `Out`", Some("did you mean `status`?"));
    refuses("inner.item.idd", unknown, 12, "`idd` is no member of `Item`", Some("did you mean `id`?"));
    refuses("items.id", ty, 7, "`id` is looked for in a list; its elements are `[]`", None);
    refuses("name.id", ty, 6, "`id` is looked for in a string", None);
    refuses("inner[].id", ty, 6, "a projection is over a structure, not over a list", None);
    refuses("items.*.id", ty, 6, "a projection is over a list, not over a map", None);
    refuses("name == `1`", ty, 1, "a string is compared with a number", None);
    refuses("name > 'a'", ty, 1, "a string is compared with a string", None);
    refuses("items == `1`", ty, 1, "a list is compared with a number", None);
    refuses("length(count) > `1`", ty, 1, "`length` is asked of a number", None);
    refuses("length(rows, rows)", ty, 1, "`length` takes 1 arguments, but 2 are given", None);
    refuses("contains(names, `1`)", ty, 1, "`contains` looks for a number in a list", None);
    refuses("inner[0]", ty, 6, "an element is taken of what is a structure, not a list member", None);
    refuses("name && ready", ty, 1, "`&&` is between what is not a boolean", None);
}

#[test]
fn expectations() {
    finds(
        "name",
        "path",
        json!(true),
        Severity::Error,
        "waiter-type",
        "waiter `Done` expects `name` to be `true`, which it cannot be",
        None,
    );
    finds(
        "items[].status",
        "pathAny",
        json!("ACTVE"),
        Severity::Warning,
        "unknown-enum-value",
        "waiter `Done` expects `items[].status` to be `ACTVE`, which `Status` does not have",
        Some("did you mean `ACTIVE`?"),
    );
    // EC2 has one of these.
    finds(
        "length(items[]) > `0`",
        "pathAll",
        json!(true),
        Severity::Warning,
        "useless-acceptor",
        "waiter `Done` compares `length(items[]) > `0`` as a list, but it is not a list: that never matches",
        Some("the acceptor is left out"),
    );
}
