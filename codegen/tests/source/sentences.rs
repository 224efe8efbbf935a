//! `docs.toml`: what it says of a model, and everything that can be wrong with it.

use super::{assert_findings, service};
use std::collections::BTreeMap;
use workstream_codegen::graph::{Service, TopicKind};
use workstream_codegen::{Manifest, Model, Options, generate};

const MODEL: &str = r#"{"metadata": {"protocol": "json", "jsonVersion": "1.1"}, "operations": {
  "Get": {"input": {"shape": "In"}, "output": {"shape": "Out"}, "errors": [{"shape": "Bad"}]}}, "shapes": {
  "In": {"type": "structure", "members": {"Name": {"shape": "Text"}, "State": {"shape": "State"}}},
  "Out": {"type": "structure", "members": {"Name": {"shape": "Text"}, "State": {"shape": "Text"}, "Thing": {"shape": "Thing"}}},
  "Thing": {"type": "structure", "members": {"Name": {"shape": "Text"}, "Mode": {"shape": "Mode"}}},
  "Unreached": {"type": "structure", "members": {"Name": {"shape": "Text"}}},
  "State": {"type": "string", "enum": ["ON", "OFF"]}, "Mode": {"type": "string", "enum": ["ON"]},
  "Text": {"type": "string"}, "Bad": {"type": "structure", "members": {}, "exception": true}}}"#;

const DOCS: &str = r#"
    service = "Keeps things."
    also-called = ["Keeper of Things", "AT&T"]
    [operations]
    Get = """Gives a thing,
             or `Bad`."""
    [structures]
    Thing = "A thing with a <name> and a_b_c."
    [enums]
    State = "Whether it works."
    [errors]
    Bad = "There is none."
    [members]
    Name = "What it is called."
    "State: State" = "How it is."
    State = "How it is, as text."
    [members-of.Thing]
    Name = "What the thing is called."
    [values]
    ON = "It works."
    [values-of.Mode]
    ON = "It always works."
"#;

fn documented() -> Service {
    service(&[("service-2.json", MODEL), ("docs.toml", DOCS)])
}

#[track_caller]
fn assert_docs(docs: &str, expected: &[&str]) {
    assert_findings(&[("service-2.json", MODEL), ("t/docs.toml", docs)], expected);
}

#[test]
fn the_closest_sentence_counts() {
    let service = documented();
    let told: BTreeMap<String, Option<&str>> =
        service.documented().into_iter().map(|told| (told.topic.to_string(), told.sentence)).collect();
    let expected = [
        ("Bad", Some("There is none.")),
        ("Get", Some("Gives a thing, or `Bad`.")),
        ("In.Name", Some("What it is called.")),
        ("In.State", Some("How it is.")),
        ("Mode", None),
        ("Mode.ON", Some("It always works.")),
        ("Out.Name", Some("What it is called.")),
        ("Out.State", Some("How it is, as text.")),
        ("Out.Thing", None),
        ("State", Some("Whether it works.")),
        ("State.OFF", None),
        ("State.ON", Some("It works.")),
        ("Thing", Some("A thing with a <name> and a_b_c.")),
        ("Thing.Mode", None),
        ("Thing.Name", Some("What the thing is called.")),
        ("the service", Some("Keeps things.")),
    ];
    assert_eq!(told, expected.map(|(name, sentence)| (name.to_owned(), sentence)).into());
    let kinds = service.documented().into_iter().filter(|told| told.kind == TopicKind::Structure).count();
    assert_eq!(kinds, 1, "inputs and outputs have the sentences of their operations");
    let target = |name: &str| {
        let told = service.documented().into_iter().find(|told| told.topic.to_string() == name);
        told.and_then(|told| told.target.map(str::to_owned))
    };
    assert_eq!((target("Out.State").as_deref(), target("Thing")), (Some("Text"), None));
}

#[test]
fn sentences_go_first_in_the_crate() {
    let model = Model::of(vec![documented()]);
    let (output, _) = generate(&model, &Options::new(Manifest::Standalone { runtime: "../runtime".to_owned() }));
    let files = output.expect("a crate").files;
    for (file, lines) in [
        ("mod.rs", "//! Keeps things.\n//!\n//! test."),
        ("mod.rs", "#![doc(alias = \"Keeper of Things\")]\n#![doc(alias = \"AT&T\")]\n"),
        ("operations/get.rs", "/// Gives a thing, or [`Bad`](super::Bad).\n///\n/// Input of "),
        ("operations/get.rs", "its output is [`GetOutput`](super::GetOutput)."),
        ("operations/get.rs", "/// # Errors\n///\n/// - [`Bad`](super::Bad): There is none.\n"),
        (
            "operations/get.rs",
            "/// # Calls\n///\n/// The method of the client is [`get`](super::super::client::Client::get).\n#[",
        ),
        ("operations/get.rs", "    /// How it is.\n    ///\n    /// `State`.\n    pub state: Option<State>"),
        ("operations/get.rs", "    /// How it is.\n    ///\n    /// Sets `state`.\n    pub fn state("),
        ("types/structures.rs", "    pub name: Option<String>,\n    /// `Mode`.\n    pub mode: Option<Mode>"),
        (
            "client.rs",
            "    /// Gives a thing, or [`Bad`](super::types::Bad).\n    ///\n    /// `Get`: see [`GetInput`].",
        ),
        ("types/structures.rs", "/// A thing with a \\<name\\> and a\\_b\\_c.\n///\n/// `Thing`"),
        ("types/enums.rs", "    /// It always works.\n    ///\n    /// `ON`\n    On,"),
        ("types/enums.rs", "    /// `OFF`\n    Off,"),
        ("types/errors.rs", "/// There is none.\n///\n/// Error `Bad`."),
        ("errors.rs", "    /// There is none.\n    ///\n    /// `Bad`\n    Bad(Bad),"),
    ] {
        let text = &files[&format!("src/test/{file}")];
        assert!(text.contains(lines), "{file} lacks {lines:?}: {text}");
    }
}

#[test]
fn what_is_no_sentence() {
    assert_docs(
        "service = ' '\n[operations]\nGet = 'No full stop'\n[errors]\nBad = 'A `quote.'\n[values]\nON = 1\n[more]\n",
        &[
            "error no-sentence t/docs.toml#/service 1:11 the text is no sentence; say in a sentence what it is for, or delete the entry",
            "error no-sentence t/docs.toml#/operations/Get 3:7 the text is no sentence; a sentence ends with a full stop",
            "error no-sentence t/docs.toml#/errors/Bad 5:7 the text is no sentence; a code span has a backtick on each side",
            "error wrong-type t/docs.toml#/values/ON 7:6 expected a string, found a number",
            "error unknown-key t/docs.toml#/more 8:2 key `more` of a file of sentences is not known and was not read",
        ],
    );
}

#[test]
fn what_is_no_name() {
    assert_docs(
        "also-called = ['One  Two', 'A \"name\"', '', 3]\n",
        &[
            "error no-name t/docs.toml#/also-called/0 1:16 the text is no name; a name has words of letters, digits, `-`, `&` and `.`, with one space between two of them",
            "error no-name t/docs.toml#/also-called/1 1:28 the text is no name; a name has words of letters, digits, `-`, `&` and `.`, with one space between two of them",
            "error no-name t/docs.toml#/also-called/2 1:40 the text is no name; a name has words of letters, digits, `-`, `&` and `.`, with one space between two of them",
            "error wrong-type t/docs.toml#/also-called/3 1:44 expected a string, found a number",
        ],
    );
}

#[test]
fn sentences_for_nothing() {
    assert_docs(
        "[operations]\nGot = 'A.'\n[structures]\nIn = 'A.'\nThings = 'A.'\nMode = 'A.'\n",
        &[
            "error sentence-for-nothing t/docs.toml#/operations/Got 2:7 the model has no operation `Got`; did you mean `Get`?",
            "error sentence-for-nothing t/docs.toml#/structures/In 4:6 `In` is input or output of an operation, whose sentence serves for it; correct the name, or delete the entry",
            "error sentence-for-nothing t/docs.toml#/structures/Mode 6:8 `Mode` is an enum, not a structure; correct the name, or delete the entry",
            "error sentence-for-nothing t/docs.toml#/structures/Things 5:10 the model has no shape `Things` that is a structure; did you mean `Thing`?",
        ],
    );
    assert_docs(
        "[members]\nNames = 'A.'\nThing = 'A.'\n'State: Mode' = 'A.'\n[members-of.Out]\nThing = 'A.'\nStat = 'A.'\n[members-of.Ou]\nX = 'A.'\n",
        &[
            "error sentence-for-nothing t/docs.toml#/members/Names 2:9 no structure, union or error has a member `Names`; did you mean `Name`?",
            "error sentence-for-nothing t/docs.toml#/members/Thing 3:9 all members `Thing` have sentences of their own; correct the name, or delete the entry",
            "error sentence-for-nothing t/docs.toml#/members/State: Mode 4:17 no member `State` that holds `Mode` needs this sentence; correct the name, or delete the entry",
            "error sentence-for-nothing t/docs.toml#/members-of/Ou/X 9:5 the model has no member `Ou.X`; correct the name, or delete the entry",
            "error sentence-for-nothing t/docs.toml#/members-of/Out/Stat 7:8 the model has no member `Out.Stat`; did you mean `State`?",
        ],
    );
    assert_docs(
        "[values]\nOF = 'A.'\nON = 'A.'\n[values-of]\nState.ON = 'A.'\nMode.ON = 'A.'\nMode.OFF = 'A.'\n",
        &[
            "error sentence-for-nothing t/docs.toml#/values/OF 2:6 no enum has a value `OF`; did you mean `OFF`?",
            "error sentence-for-nothing t/docs.toml#/values/ON 3:6 all values `ON` have sentences of their own; correct the name, or delete the entry",
            "error sentence-for-nothing t/docs.toml#/values-of/Mode/OFF 7:12 the model has no value `Mode.OFF`; correct the name, or delete the entry",
        ],
    );
}

/// What could not be read may have been what a sentence is about.
#[test]
fn one_error_is_enough() {
    let model = MODEL.replace(
        "{\"type\": \"structure\", \"members\": {\"Name\": {\"shape\": \"Text\"}, \"Mode\"",
        "{\"type\": 7, \"members\": {\"Name\": {\"shape\": \"Text\"}, \"Mode\"",
    );
    assert_ne!(model, MODEL);
    let docs = "[structures]\nThing = 'A.'\n[members]\nWeight = 'A.'\n[members-of.Thing]\nMode = 'A.'\n[operations]\nGot = 'A.'\n";
    assert_findings(
        &[("service-2.json", &model), ("t/docs.toml", docs)],
        &[
            "error wrong-type service-2.json#/shapes/Thing/type 5:21 expected a string, found a number",
            "error sentence-for-nothing t/docs.toml#/operations/Got 8:7 the model has no operation `Got`; did you mean `Get`?",
        ],
    );
}
