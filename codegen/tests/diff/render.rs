//! What people and programs read.

use super::{explained, service};
use serde_json::{Value, json};
use workstream_codegen::diff::render::{self, Frame, Release};
use workstream_codegen::diff::rules::{Effect, Override, Rule, Severities};

pub(crate) fn pets() -> Value {
    json!({"service-2": {
        "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Pets", "serviceFullName": "Amazon Pets"},
        "operations": {
            "Feed": {"input": {"shape": "FeedRequest"}, "output": {"shape": "FeedResult"}},
            "Ping": {}
        },
        "shapes": {
            "FeedRequest": {"type": "structure", "members": {"Name": {"shape": "Text"}}},
            "FeedResult": {"type": "structure", "members": {"Mood": {"shape": "Mood"}, "Old_": {"shape": "Text"}}},
            "Mood": {"type": "string", "enum": ["GOOD"]},
            "Text": {"type": "string"},
            "Tags": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}
        }
    }})
}

/// A new operation, one that is gone, and one that differs on both sides.
pub(crate) fn changed() -> Value {
    let mut new = pets();
    let service = &mut new["service-2"];
    service["operations"] = json!({
        "Feed": {"input": {"shape": "FeedRequest"}, "output": {"shape": "FeedResult"}},
        "GetARNs": {"input": {"shape": "GetARNsRequest"}}
    });
    let shapes = &mut service["shapes"];
    shapes["FeedRequest"]["members"]["Tags"] = json!({"shape": "Tags"});
    shapes["FeedResult"]["members"] = json!({"Mood": {"shape": "Mood"}});
    shapes["Mood"]["enum"] = json!(["GOOD", "BAD"]);
    shapes["GetARNsRequest"] = json!({"type": "structure", "required": ["Name"], "members": {"Name": {"shape": "Text"}, "Mood": {"shape": "Mood"}}});
    new
}

fn written(old: &Value, new: &Value, severities: &Severities) -> (String, String, Value) {
    let (old, new) = (service(old), service(new));
    let comparison = explained(&old, &new);
    let releases = [("1.0.0", None), ("1.1.0", Some("2017-09-29"))];
    let [old, new] = releases.map(|(label, date)| Release { label: label.to_owned(), date: date.map(str::to_owned) });
    let frame = Frame { old: &old, new: &new, severities, version: Some("0.1.0") };
    (render::text(&comparison, frame), render::markdown(&comparison, frame), render::json(&comparison, frame))
}

#[test]
fn text_has_the_shape_of_the_public_pages_and_then_more() {
    let (text, _, _) = written(&pets(), &changed(), &Severities::default());
    let expected = "\
2017/09/29 - Amazon Pets - 1 new 1 updated 1 removed api methods
1.0.0 -> 1.1.0

GetARNs (new)
  Request syntax
    response = client.get_arns(
        Mood='GOOD'|'BAD',
        Name='string'
    )
  Request structure
    (dict) --
        Mood (string) --
        Name (string) -- [REQUIRED]

Feed (updated)
  Changes (request)
    {'Tags': {'string': 'string'}}
  Changes (response)
    {'Mood': 'BAD'}
  Removed (response)
    {'Old_': 'string'}

Ping (removed)

What breaks
  operation-removed: an operation is gone [wire break, source break]
    Ping
  member-removed-output: a member of a response is gone [wire change, source break]
    FeedResult.Old_

What changes
  operation-added: a new operation [wire change, source change]
    GetARNs
  member-added-input: a new optional member of a request [wire change, source change]
    FeedRequest.Tags: is new, and optional
  enum-value-added: a new enum value [wire change, source change]
    Mood BAD

What nobody notices
  shape-added: a new shape that is no type of its own
    GetARNsRequest

Verdict
  wire       break   an old client breaks
  source     break   code that uses the crate stops compiling
  behaviour  none    is as it was
Suggested version bump: major (0.1.0 -> 0.2.0)
";
    assert_eq!(text, expected);
}

#[test]
fn markdown_is_escaped() {
    let (_, markdown, _) = written(&pets(), &changed(), &Severities::default());
    for expected in [
        "## 2017/09/29 - Amazon Pets - 1 new 1 updated 1 removed api methods\n",
        "\n#### `GetARNs` (new)\n\n<details><summary>Request syntax</summary>\n\n```python\nresponse = client.get_arns(\n",
        "\n#### `Feed` (updated)\n\nChanges (request): `{'Tags': {'string': 'string'}}`\n",
        "\n**a member of a response is gone** (`member-removed-output`) \\[wire change, source break\\]\n\n`FeedResult.Old_`\n",
        "\n| wire | break | an old client breaks |\n",
        "\nSuggested version bump: major (0.1.0 -> 0.2.0)\n",
    ] {
        assert!(markdown.contains(expected), "{expected}\n---\n{markdown}");
    }
    let mut new = pets();
    new["service-2"]["shapes"]["Text"]["pattern"] = json!("<a>|*_`[x]");
    let (_, markdown, _) = written(&pets(), &new, &Severities::default());
    assert!(markdown.contains("- `Text`: pattern: \\<a>\\|\\*\\_\\`\\[x\\], was not set\n"), "{markdown}");
}

/// Whatever a value holds, it stays where it is shown: no line breaks, no ends of spans, nothing that hides.
#[test]
fn values_that_are_hostile_stay_in_their_places() {
    let values = ["a`b", "``", "a\nb", "\u{1b}[31mred", "x\u{202e}y\u{2028}z", "<b>&amp;|"];
    let mut new = pets();
    new["service-2"]["shapes"]["Mood"]["enum"] = json!(values);
    let mut other = new.clone();
    other["service-2"]["shapes"]["Text"]["pattern"] = json!("a`b\n# c\u{202e}");
    for (old, new) in [(&pets(), &other), (&other, &pets())] {
        let (text, markdown, _) = written(old, new, &Severities::default());
        for written in [&text, &markdown] {
            let hidden =
                written.chars().find(|c| *c != '\n' && (c.is_control() || ('\u{2028}'..='\u{202e}').contains(c)));
            assert_eq!(hidden, None, "{written}");
        }
        for span in ["``Mood a`b``", "``` Mood `` ```", "`Mood a\\nb`", "`Mood \\u{1b}[31mred`", "`Mood <b>&amp;|`"] {
            assert!(markdown.contains(span), "{span}: {markdown}");
        }
        assert!(text.contains("Mood a\\nb") && text.contains("Mood x\\u{202e}y\\u{2028}z"), "{text}");
        assert!(markdown.contains(r"pattern: ") && markdown.contains(r"a\`b\\n# c\\u{202e}"), "{markdown}");
    }
}

#[test]
fn json_is_for_programs() {
    let (_, _, json) = written(&pets(), &changed(), &Severities::default());
    assert_eq!(json["service"], "pets");
    assert_eq!(json["new"], json!({"label": "1.1.0", "date": "2017-09-29"}));
    assert_eq!((&json["bump"], &json["nextVersion"]), (&json!("major"), &json!("0.2.0")));
    assert_eq!(
        json["operations"],
        json!({
            "new": ["GetARNs"],
            "updated": [{
                "operation": "Feed",
                "changes": "both",
                "request": {"added": "{'Tags': {'string': 'string'}}"},
                "response": {"added": "{'Mood': 'BAD'}", "removed": "{'Old_': 'string'}"},
            }],
            "removed": ["Ping"],
        })
    );
    let removed = json!({
        "rule": "member-removed-output", "subject": "FeedResult.Old_", "message": "is gone", "operations": ["Feed"],
        "wire": "change", "source": "break", "behaviour": "none", "bump": "major",
    });
    assert!(json["findings"].as_array().unwrap().contains(&removed), "{:#}", json["findings"]);
    let added = json!({
        "fact": "member-added", "shape": "FeedRequest", "index": 1, "member": {"name": "Tags", "target": "Tags"}
    });
    assert!(json["facts"].as_array().unwrap().contains(&added), "{:#}", json["facts"]);
}

#[test]
fn nothing_is_said_where_nothing_changed() {
    let (text, markdown, json) = written(&pets(), &pets(), &Severities::default());
    assert_eq!(text, "2017/09/29 - Amazon Pets - no changes\n1.0.0 -> 1.1.0\n");
    assert_eq!(markdown, "## 2017/09/29 - Amazon Pets - no changes\n\n1.0.0 -> 1.1.0\n");
    assert_eq!((&json["bump"], &json["facts"]), (&json!("none"), &json!([])));
}

#[test]
fn documentation_is_apart_and_stays_inside() {
    let mut new = pets();
    new["service-2"]["operations"]["Ping"]["documentation"] = json!("<p>SECRET PROSE</p>");
    let (text, _, json) = written(&pets(), &new, &Severities::default());
    assert!(text.contains("Amazon Pets - no api methods changed\n"), "{text}");
    assert!(text.contains("Documentation text differs in 1 place.\n"), "{text}");
    assert!(text.ends_with("Suggested version bump: none\n"), "{text}");
    assert_eq!(json["facts"], json!([{"fact": "operation-changed", "operation": "Ping", "property": "documentation"}]));
    new["service-2"]["operations"]["New"] = json!({"documentation": "<p>SECRET PROSE</p>"});
    let (text, markdown, json) = written(&pets(), &new, &Severities::default());
    assert!(!format!("{text}{markdown}{json}").contains("SECRET"));
}

#[test]
fn severities_of_our_own_are_shown_with_their_reason() {
    let mut severities = Severities::default();
    let lenient =
        Override { source: Some(Effect::Change), reason: "nobody calls it".to_owned(), ..Override::default() };
    severities.set(Rule::OperationRemoved, lenient);
    let mut new = pets();
    new["service-2"]["operations"].as_object_mut().unwrap().remove("Ping");
    let (text, _, json) = written(&pets(), &new, &severities);
    let expected = "  operation-removed: an operation is gone [wire break, source change]\n    \
                    severity set here: nobody calls it\n    Ping\n";
    assert!(text.contains(expected), "{text}");
    assert_eq!(json["bump"], "minor");
}
