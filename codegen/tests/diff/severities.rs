//! Severities that a project sets itself, and versions.

use workstream_codegen::SourceFile;
use workstream_codegen::diff::rules::{Bump, Effect, Effects, Finding, Rule, Severities};

fn severities(text: &str) -> Result<Severities, Vec<String>> {
    let file = SourceFile { path: "severities.toml".to_owned(), text: text.as_bytes().to_vec() };
    let (severities, findings) = workstream_codegen::read_severities(&file);
    let told = findings.iter().map(|d| {
        let (line, column) = d.position.unwrap_or_default();
        format!("{line}:{column} {}: {} {}", d.code, d.message, d.hint.as_deref().unwrap_or_default()).trim().to_owned()
    });
    severities.ok_or_else(|| told.collect())
}

#[test]
fn dimensions_that_are_not_set_stay() {
    let text = "[member-now-optional-output]\nreason = \"nobody reads them\"\nsource = \"change\"\n";
    let severities = severities(text).unwrap();
    let rule = Rule::named("member-now-optional-output").unwrap();
    let of = |rule: Rule, severities: &Severities| -> Effects {
        let (subject, message, operations) = Default::default();
        Finding { rule, subject, message, operations, source: Effect::Break }.severity(severities)
    };
    let own = of(rule, &Severities::default());
    assert_eq!((own.bump(), of(rule, &severities).bump()), (Bump::Major, Bump::Minor));
    assert_eq!(of(rule, &severities), Effects { source: Effect::Change, ..own });
    assert_eq!(severities.get(rule).unwrap().reason, "nobody reads them");
    assert_eq!(of(Rule::OperationRemoved, &severities), of(Rule::OperationRemoved, &Severities::default()));
    assert_eq!((severities.source(rule), severities.source(Rule::OperationRemoved)), (Some(Effect::Change), None));
}

#[test]
fn what_is_wrong_is_told() {
    let text = "\
[operation-remove]
reason = \"x\"
[operation-removed]
source = \"change\"
[type-removed]
reason = \" \"
source = \"brake\"
[type-added]
reason = \"as it is\"
wire = \"none\"
[type-renamed]
reason = \"x\"
sauce = \"none\"
source = \"none\"
";
    let told = severities(text).unwrap_err();
    let expected = [
        "1:2 unknown-value: `operation-remove` is no rule did you mean `operation-removed`?",
        "3:2 missing-key: key `reason` is missing",
        "7:10 unknown-value: `brake` is no effect known are none, change, break",
        "5:2 empty-reason: the reason is empty: say why the rule's own severity is not right",
        "8:2 severity-not-needed: `type-added` has this severity anyway: delete the entry",
        "13:1 unknown-key: key `sauce` of a severity is not known and was not read did you mean `source`?",
    ];
    assert_eq!(told, expected);
}

#[test]
fn ids_are_unique_and_known() {
    for rule in Rule::ALL {
        assert_eq!(Rule::named(rule.id()), Some(*rule));
        assert!(rule.id().chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", rule.id());
    }
    assert_eq!(Rule::named("no-rule"), None);
    assert_eq!(Effect::named("brake"), None);
}

#[test]
fn before_the_first_version_the_second_number_breaks() {
    let next = |version: &str| [Bump::None, Bump::Patch, Bump::Minor, Bump::Major].map(|bump| bump.next(version));
    let some = |versions: [&str; 4]| versions.map(|version| Some(version.to_owned()));
    assert_eq!(next("0.1.3"), some(["0.1.3", "0.1.4", "0.1.4", "0.2.0"]));
    assert_eq!(next("1.2.3"), some(["1.2.3", "1.2.4", "1.3.0", "2.0.0"]));
    assert_eq!(next("1.2"), [const { None }; 4]);
    assert_eq!(next("1.2.3-beta"), [const { None }; 4]);
    assert_eq!(next("1.2.3.4"), [const { None }; 4]);
}
