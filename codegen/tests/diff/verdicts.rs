//! What a change means for source is what code notices: the difference of the surfaces of the two
//! models, which are what rustdoc sees (`tests/surface`). Rules only say why.

use super::{release, renames, rules, service};
use std::collections::BTreeSet;
use workstream_codegen::diff::rules::{Bump, Effect, Explains, Finding, Rule, Severities};
use workstream_codegen::diff::source::differences;
use workstream_codegen::diff::{Difference, compare};
use workstream_codegen::graph::Service;
use workstream_codegen::plan::{Surface, surface};

/// Real changes, each between two releases.
const REAL: [(&str, [&str; 2]); 16] = [
    ("appstream", ["1.7.19", "1.7.20"]),
    ("appstream", ["1.10.55", "1.10.58"]),
    ("appstream", ["1.12.82", "1.12.83"]),
    ("appstream", ["1.28.4", "1.29.164"]),
    ("appstream", ["1.31.48", "1.31.49"]),
    ("appstream", ["1.31.49", "1.31.72"]),
    ("appstream", ["1.43.34", "1.43.55"]),
    ("appstream", ["1.44.4", "1.44.5"]),
    ("workspaces", ["1.12.72", "1.12.87"]),
    ("workspaces", ["1.12.179", "1.12.180"]),
    ("workspaces", ["1.12.180", "1.12.233"]),
    ("workspaces", ["1.34.136", "1.34.139"]),
    ("workspaces", ["1.37.8", "1.38.13"]),
    ("workspaces", ["1.38.13", "1.38.17"]),
    ("workspaces", ["1.43.127", "1.44.1"]),
    // Nothing changes.
    ("appstream", ["1.44.5", "1.44.5"]),
];

/// Two models, old and new.
struct Pair {
    what: String,
    models: [Service; 2],
}

/// Each pair, in both directions.
fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut add = |what: &str, old: &Service, new: &Service| {
        pairs.push(Pair { what: what.to_owned(), models: [old.clone(), new.clone()] });
        pairs.push(Pair { what: format!("{what}, reversed"), models: [new.clone(), old.clone()] });
    };
    for (service, versions) in REAL {
        let [old, new] = versions.map(|version| release(version, service));
        add(&format!("{service} {} -> {}", versions[0], versions[1]), &old, &new);
    }
    let (old, changes) = rules::changes();
    for changed in changes {
        add(&changed.what, &old, &changed.new);
    }
    let old = service(&renames::pets(&[]));
    for names in [[("FeedRequest", "FeedInput"), ("Pets", "PetList")], [("Pet", "Animal"), ("Mood", "State")]] {
        add(&format!("{names:?}"), &old, &service(&renames::pets(&names)));
    }
    pairs
}

#[test]
fn the_verdict_on_source_is_what_code_notices_and_a_rule_says_why() {
    let (mut told, mut explaining) = (Vec::new(), BTreeSet::new());
    for Pair { what, models: [old, new] } in &pairs() {
        let comparison = compare(old, new);
        let noticed = comparison.source.iter().map(Difference::effect).max().unwrap_or_default();
        assert_eq!(comparison.severity(&Severities::default()).source, noticed, "{what}");
        for Finding { rule, subject, message, source, .. } in &comparison.findings {
            if *rule == Rule::SourceChanged {
                told.push(format!("{what}: {subject}: {message}: {:?}", super::told(&comparison)));
            }
            if *source != Effect::None {
                explaining.insert(*rule);
            }
        }
    }
    assert!(told.is_empty(), "no rule explains\n{}", told.join("\n"));
    let silent = Rule::ALL.iter().filter(|rule| rule.explains() != Explains::Nothing && !explaining.contains(rule));
    assert_eq!(silent.map(|rule| rule.id()).collect::<Vec<_>>(), ELSEWHERE, "rules that explain nothing");
}

/// Services that come and go have no surface on the other side, and what no rule explains should not be.
const ELSEWHERE: [&str; 3] = ["service-added", "service-removed", "source-changed"];

/// What all of a service is beside nothing.
#[test]
fn a_service_that_comes_is_new_and_one_that_goes_is_gone() {
    let service = release("1.44.5", "appstream");
    let (nothing, all) = (Surface::default(), surface(&service));
    let worst = |differences: &[Difference]| differences.iter().map(Difference::effect).max();
    let finding = |finding: Finding| Some(finding.source);
    assert_eq!(worst(&differences(&nothing, &all, &[])), finding(Finding::service_added(&service)));
    assert_eq!(worst(&differences(&all, &nothing, &[])), finding(Finding::service_removed(&service)));
}

/// A service that only asks for more breaks clients that are out already, and no code.
#[test]
fn a_tighter_service_alone_is_no_major_version() {
    let (old, changes) = rules::changes();
    let tighter = changes.iter().filter(|changed| changed.told.iter().all(|told| told.starts_with("constraint-")));
    let bumps = tighter.map(|changed| (changed.told, compare(&old, &changed.new).bump(&Severities::default())));
    let bumps: Vec<_> = bumps.filter(|(told, _)| !told.is_empty()).collect();
    assert!(bumps.len() > 5 && bumps.iter().all(|(_, bump)| *bump <= Bump::Patch), "{bumps:?}");
}
