//! Inputs that are deep or many beyond all measure: findings, in little time and on a small stack, and never an abort.

use serde_json::{Value, json};
use std::time::Duration;
use workstream_codegen::diagnostic::{Diagnostic, Severity};
use workstream_codegen::{Manifest, ModelSet, Options, ServiceFiles, SourceFile, generate, read};

/// What a service is made of; the rest is the same for all.
struct Input {
    shapes: Value,
    operation: Value,
    others: Vec<(&'static str, String)>,
}

/// What the processor has worked for this thread, where the system tells: on Linux.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

impl Input {
    /// One operation `Get` with an output `Out` that has members of several kinds.
    fn new() -> Self {
        let shapes = json!({
            "In": {"type": "structure", "members": {"token": {"shape": "Text"}}},
            "Out": {"type": "structure", "members": {
                "a": {"shape": "Out"}, "name": {"shape": "Text"}, "ready": {"shape": "Flag"}, "names": {"shape": "Names"},
                "grid": {"shape": "Grid"}, "outs": {"shape": "Outs"}
            }},
            "Outs": {"type": "list", "member": {"shape": "Out"}},
            "Names": {"type": "list", "member": {"shape": "Text"}},
            "Grid": {"type": "list", "member": {"shape": "Names"}},
            "Text": {"type": "string"}, "Flag": {"type": "boolean"}
        });
        Self { shapes, operation: json!({}), others: Vec::new() }
    }

    fn file(mut self, name: &'static str, text: String) -> Self {
        self.others.push((name, text));
        self
    }

    fn waiter(self, acceptors: &Value) -> Self {
        let waiter = json!({"operation": "Get", "delay": 5, "maxAttempts": 3, "acceptors": acceptors});
        self.file("waiters-2.json", json!({"version": 2, "waiters": {"Done": waiter}}).to_string())
    }

    fn models(self) -> ModelSet {
        let mut operation = json!({"name": "Get", "http": {"method": "POST", "requestUri": "/"},
                                   "input": {"shape": "In"}, "output": {"shape": "Out"}});
        for (key, value) in self.operation.as_object().into_iter().flatten() {
            operation[key] = value.clone();
        }
        let service = json!({
            "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "T", "apiVersion": "2020-01-01",
                         "endpointPrefix": "t", "serviceId": "T", "serviceFullName": "T", "signatureVersion": "v4"},
            "operations": {"Get": operation},
            "shapes": self.shapes
        });
        let file = |path: &str, text: String| SourceFile { path: path.to_owned(), text: text.into_bytes() };
        let files = [file("service-2.json", service.to_string())];
        let files = files.into_iter().chain(self.others.into_iter().map(|(name, text)| file(name, text))).collect();
        ModelSet { services: vec![ServiceFiles { name: "t".to_owned(), files }], partitions: None }
    }

    /// What generation finds, on the stack that a thread has by default, and whether it succeeds. It takes less than two
    /// seconds where nothing else runs; what is asserted is the time that the processor works for it, as far as the system
    /// tells, and five times that: what grows with the square of its input takes minutes.
    #[track_caller]
    fn run(self) -> (bool, Vec<Diagnostic>) {
        let models = self.models();
        let generation = move || {
            let (model, findings) = read(&models);
            let mut findings: Vec<_> = findings.into_iter().collect();
            let manifest = Manifest::Standalone { runtime: "runtime".to_owned() };
            let options = Options::new(manifest);
            let mut done = false;
            if let Some(model) = model {
                let (output, found) = generate(&model, &options);
                done = output.is_some();
                findings.extend(found);
            }
            (done, findings, processor_time())
        };
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(generation).unwrap();
        let (done, findings, time) = thread.join().unwrap();
        match time {
            Some(time) => assert!(time < Duration::from_secs(10), "{time:?}, {} findings", findings.len()),
            None => println!("not judged: this system does not tell the time of a thread"),
        }
        (done, findings)
    }

    /// Succeeds without a finding.
    #[track_caller]
    fn passes(self, what: &str) {
        let (done, findings) = self.run();
        assert!(done && findings.is_empty(), "{what}: {findings:?}");
    }

    /// Ends with one error of this code, whose message is short.
    #[track_caller]
    fn fails(self, code: &str, what: &str) {
        let (done, findings) = self.run();
        let [finding] = findings.as_slice() else {
            panic!("{what}: {} findings, {:?}", findings.len(), findings.first())
        };
        assert!(!done && finding.severity == Severity::Error, "{what}: {finding:?}");
        assert_eq!(finding.code, code, "{what}");
        assert!(finding.message.len() < 500, "{what}: {} bytes", finding.message.len());
    }
}

/// A chain of so many links.
type Chain = fn(usize) -> String;

const CHAINS: &[(&str, Chain)] = &[
    ("||", |links| format!("name{}", " || name".repeat(links))),
    ("||, as a condition", |links| format!("!(ready{})", " || ready".repeat(links))),
    ("&&", |links| format!("ready{}", " && ready".repeat(links))),
    ("a member of a member", |links| format!("a{}.name", ".a".repeat(links))),
    ("[]", |links| format!("length(grid{}) == `0`", "[]".repeat(links))),
    ("[*]", |links| format!("length(outs{}) == `0`", "[*].outs".repeat(links))),
    ("[].outs[]", |links| format!("length(outs[]{}) == `0`", ".outs[]".repeat(links))),
    ("[?]", |links| format!("length(outs[?ready].outs{}) == `0`", "[*].outs".repeat(links))),
    ("a filter in a filter", |links| format!("length(outs{}{}) == `0`", "[?outs".repeat(links), "]".repeat(links))),
    ("!", |links| format!("{}ready", "!".repeat(links))),
    ("groups at the left", |links| format!("{}ready{}", "(".repeat(links), " || ready)".repeat(links))),
];

/// Chains that are no valid expressions of the model, however short.
const BROKEN_CHAINS: &[(&str, Chain)] = &[
    ("==", |links| format!("name{}", " == name".repeat(links))),
    ("<", |links| format!("name{}", " < name".repeat(links))),
    ("[0]", |links| format!("grid{}", "[0]".repeat(links))),
    ("filters behind filters", |links| format!("outs{}", "[?ready].outs".repeat(links))),
    (".*", |links| format!("grid{}", ".*".repeat(links))),
    ("(", |links| format!("{}name{}", "(".repeat(links), ")".repeat(links))),
    ("length(", |links| format!("{}name{}", "length(".repeat(links), ")".repeat(links))),
    ("[", |links| format!("{}name{}", "[".repeat(links), "]".repeat(links))),
    ("a chain of chains", |links| {
        let inner = format!("(name{})", " || name".repeat(links / 100));
        format!("{inner}{}", format!(" || {inner}").repeat(100))
    }),
];

fn waits_for(argument: &str) -> Input {
    let expected = if argument.ends_with("name") { json!("x") } else { json!(true) };
    Input::new().waiter(&json!([{"state": "success", "matcher": "path", "argument": argument, "expected": expected}]))
}

#[test]
fn expressions_of_a_waiter() {
    for (name, chain) in CHAINS {
        waits_for(&chain(55)).passes(name);
        for links in [70, 1_000, 100_000] {
            waits_for(&chain(links)).fails("jmespath-too-deep", name);
        }
    }
    for (name, chain) in BROKEN_CHAINS {
        for links in [1_000, 100_000] {
            waits_for(&chain(links)).fails("jmespath-too-deep", name);
        }
    }
    for links in [1_000, 100_000] {
        let pipes = format!("name{}", " | name".repeat(links));
        waits_for(&pipes).fails("jmespath-unsupported", "pipes");
    }
}

#[test]
fn acceptors_of_a_waiter() {
    for count in [300, 20_000] {
        let acceptor = |number: usize| {
            json!({"state": if number.is_multiple_of(2) { "success" } else { "failure" }, "matcher": "path", "argument": "name",
                   "expected": format!("x{number}")})
        };
        let acceptors: Value = (0..count).map(acceptor).collect();
        Input::new().waiter(&acceptors).fails("too-many-acceptors", "alternating states");
        let acceptor = |number: usize| json!({"state": "success", "matcher": "path", "argument": format!("length(names) == `{number}`"), "expected": true});
        let acceptors: Value = (0..count).map(acceptor).collect();
        Input::new().waiter(&acceptors).fails("too-many-acceptors", "one state");
    }
    let acceptor = |number: usize| {
        json!({"state": if number.is_multiple_of(2) { "success" } else { "failure" }, "matcher": "path", "argument": "name",
               "expected": format!("x{number}")})
    };
    Input::new().waiter(&(0..128).map(acceptor).collect()).passes("as many as there may be");
}

#[test]
fn paths_of_a_paginator() {
    let paginated = |token: String| {
        let paginator = json!({"input_token": "token", "output_token": token, "result_key": "outs"});
        Input::new().file("paginators-1.json", json!({"pagination": {"Get": paginator}}).to_string())
    };
    let path: Chain = |links| format!("{}name", "a.".repeat(links));
    let alternatives: Chain = |links| format!("name{}", " || name".repeat(links));
    for chain in [path, alternatives] {
        paginated(chain(30)).passes("a short path");
        for links in [1_000, 100_000] {
            let (done, findings) = paginated(chain(links)).run();
            assert!(!done && findings[0].code == "path-too-long", "{findings:?}");
        }
    }
}

/// Chains of lists, each of the next.
#[test]
fn lists_of_lists() {
    for count in [2_000, 20_000] {
        let mut input = Input::new();
        for number in 0..count {
            input.shapes[format!("L{number}")] =
                json!({"type": "list", "member": {"shape": format!("L{}", number + 1)}});
        }
        input.shapes[format!("L{count}")] = json!({"type": "string"});
        input.shapes["Out"]["members"]["lists"] = json!({"shape": "L0"});
        input.fails("nested-too-deep", "a chain of lists");
    }
}

#[test]
fn labels_of_a_host_prefix() {
    for count in [1_000, 20_000] {
        let mut input = Input::new();
        input.operation = json!({"endpoint": {"hostPrefix": "{".repeat(count)}});
        input.fails("unknown-member", "open braces");
        let mut input = Input::new();
        input.operation = json!({"endpoint": {"hostPrefix": "{a}.".repeat(count)}});
        input.fails("unknown-member", "one label many times");
    }
}

#[test]
fn structures_within_structures() {
    for required in [json!([]), json!(["next"])] {
        let mut input = Input::new();
        for number in 0..2_000 {
            let members = json!({"next": {"shape": format!("S{}", number + 1)}});
            input.shapes[format!("S{number}")] = json!({"type": "structure", "required": required, "members": members});
        }
        input.shapes["S2000"] = json!({"type": "structure", "members": {}});
        input.shapes["Out"]["members"]["first"] = json!({"shape": "S0"});
        let (_, findings) = input.run();
        assert!(findings.is_empty(), "{findings:?}");
    }
}

fn rules(rules: Value) -> Input {
    let set = json!({"version": "1.0", "parameters": {"Region": {"type": "String", "builtIn": "AWS::Region"}}, "rules": rules});
    Input::new().file("endpoint-rule-set-1.json", set.to_string())
}

#[test]
fn endpoint_rules() {
    let set = json!({"fn": "isSet", "argv": [{"ref": "Region"}]});
    let endpoint = |url: &str, conditions: &[Value]| json!({"type": "endpoint", "conditions": conditions, "endpoint": {"url": url}});
    let url = "https://example.com";
    rules(json!([endpoint(url, &vec![set.clone(); 5_000])])).passes("conditions");
    rules(vec![endpoint(url, std::slice::from_ref(&set)); 5_000].into()).passes("rules");
    rules(json!([endpoint(&format!("https://{}", "{Region}".repeat(5_000)), std::slice::from_ref(&set))]))
        .passes("placeholders");
    let tree = |depth: usize| {
        let begin = format!(r#"{{"type": "tree", "conditions": [{set}], "rules": ["#).repeat(depth);
        let text =
            format!(r#"{{"version": "1.0", "parameters": {{"Region": {{"type": "String"}}}}, "rules": [{begin}"#);
        let end = endpoint(url, &[]).to_string();
        Input::new().file("endpoint-rule-set-1.json", format!("{text}{end}{}]}}", "]}".repeat(depth)))
    };
    tree(50).passes("trees");
    let (done, findings) = tree(5_000).run();
    assert!(!done && findings.iter().any(|finding| finding.code == "broken-json"), "{findings:?}");
}

/// Of thousands of one kind a hundred are listed, each with its place.
#[test]
fn findings_without_end() {
    let unknown: String = (0..4_000).map(|number| format!("[unknown{number}]\n")).collect();
    let (done, in_toml) = Input::new().file("overlay.toml", unknown).run();
    assert!(!done);
    let mut input = Input::new();
    for number in 0..4_000 {
        input.shapes[format!("U{number}")] = json!({"type": "structure", "members": {}, "unknown": 1});
    }
    let (done, in_json) = input.run();
    assert!(done, "warnings only");
    for findings in [in_toml, in_json] {
        assert_eq!(findings.len(), 100);
        assert!(findings.iter().all(|finding| finding.code == "unknown-key" && finding.position.is_some()));
        let says_so = |finding: &Diagnostic| finding.message.ends_with("; any more of this kind are not listed");
        assert_eq!(findings.iter().position(says_so), Some(99));
    }
}

#[test]
fn tables_within_tables() {
    let deep = format!("{} = 1", vec!["a"; 20_000].join("."));
    Input::new().file("overlay.toml", deep).fails("broken-toml", "a dotted key");
}

/// So many members of a name with a number, in what stands for each.
fn members(count: usize, name: &str, member: impl Fn(usize) -> Value) -> Value {
    (0..count).map(|number| (format!("{name}{number}"), member(number))).collect::<serde_json::Map<_, _>>().into()
}

/// A structure with as many members as none has, all of them at fault in one way: a hundred are told, each with its place.
#[test]
fn members_without_end() {
    const COUNT: usize = 30_000;
    let text = |_| json!({"shape": "Text"});
    let faults: [(&str, &str, Value, Value); 4] = [
        ("dangling-shape", "member", json!({}), members(COUNT, "member", |n| json!({"shape": format!("Txt{n}")}))),
        (
            "unknown-member",
            "member",
            (0..COUNT).map(|n| json!(format!("membr{n}"))).collect(),
            members(COUNT, "member", text),
        ),
        ("invalid-name", "-", json!({}), members(COUNT, "-", text)),
        ("missing-key", "member", json!({}), members(COUNT, "member", |_| json!({"shpe": "Text"}))),
    ];
    for (code, what, required, members) in faults {
        let mut input = Input::new();
        input.shapes["Out"]["members"] = members;
        if required.is_array() {
            input.shapes["Out"]["required"] = required;
        }
        let (done, findings) = input.run();
        let of_code: Vec<_> = findings.iter().filter(|finding| finding.code == code).collect();
        assert!(!done, "{code}");
        assert_eq!(of_code.len(), 100, "{code} {what}");
        assert!(of_code.iter().all(|finding| finding.position.is_some()), "{code}");
    }
}

/// Thousands of members that want one Rust name.
#[test]
fn names_that_collide() {
    let mut input = Input::new();
    let name = |n: usize| format!("a{}", "_".repeat(n));
    input.shapes["Out"]["members"] =
        (0..1_000).map(|n| (name(n), json!({"shape": "Text"}))).collect::<serde_json::Map<_, _>>().into();
    input.passes("a thousand members");
}

/// Chains and rings of shapes, longer than any stack is deep.
#[test]
fn chains_of_structures() {
    const COUNT: usize = 20_000;
    let chain = |next: &dyn Fn(usize) -> usize, required: Value| {
        let mut input = Input::new();
        for number in 0..=COUNT {
            let members = json!({"next": {"shape": format!("S{}", next(number))}});
            input.shapes[format!("S{number}")] = json!({"type": "structure", "required": required, "members": members});
        }
        // Nothing is generated: that takes as long as it takes.
        input.shapes["Out"]["members"] = json!({"first": {"shape": "S0"}, "wrong": {"shape": "Nothing"}});
        input
    };
    let end = |number: usize| (number + 1).min(COUNT);
    chain(&end, json!([])).fails("dangling-shape", "a chain");
    let ring = |number: usize| (number + 1) % (COUNT + 1);
    chain(&ring, json!([])).fails("dangling-shape", "a ring");
    let (done, findings) = chain(&ring, json!(["next"])).run();
    let endless = findings.iter().find(|finding| finding.code == "endless-recursion").unwrap();
    assert!(!done && endless.message.len() < 500, "{} bytes", endless.message.len());
}
