//! What the rules say of Rust source is what the surfaces of the two models say, which are what
//! rustdoc sees (`tests/surface`).

use super::{release, renames, rules, service};
use workstream_codegen::diff::rules::{Effect, Finding, Rule, Severities, Severity};
use workstream_codegen::diff::source::differences;
use workstream_codegen::diff::{Comparison, Difference, compare};
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

/// A pair, as the rules and the surfaces see it.
struct Compared<'g> {
    what: &'g str,
    comparison: Comparison<'g>,
    source: Vec<Difference>,
}

/// What the rules, with these severities, and the surfaces disagree about.
fn disagreements(compared: &[Compared<'_>], severities: &Severities) -> Vec<String> {
    let mut told = Vec::new();
    for Compared { what, comparison, source } in compared {
        let said = comparison.severity(severities).source;
        let noticed = source.iter().map(Difference::effect).max().unwrap_or_default();
        if said != noticed {
            let worst = source.iter().find(|difference| difference.effect() == noticed);
            let example = worst.map_or_else(|| "the same".to_owned(), ToString::to_string);
            let findings = super::told(comparison);
            told.push(format!("{what}: {said} by rules, {noticed} by surfaces ({example}): {findings:?}"));
        }
    }
    told
}

#[test]
fn the_verdict_on_source_is_that_of_the_surfaces() {
    let pairs = pairs();
    let compared = pairs.iter().map(|Pair { what, models: [old, new] }| {
        let comparison = compare(old, new);
        Compared { what, source: comparison.source(), comparison }
    });
    let mut compared: Vec<Compared<'_>> = compared.collect();
    compared.extend(comings_and_goings(&pairs[0].models[0]));
    let told = disagreements(&compared, &Severities::default());
    assert!(told.is_empty(), "{}", told.join("\n"));
    every_severity_matters(&compared);
}

/// A service that comes, and one that goes: on the other side, the crate has nothing of it.
fn comings_and_goings(service: &Service) -> [Compared<'_>; 2] {
    let (nothing, all) = (Surface::default(), surface(service));
    let compared = |what, finding, source| {
        let mut comparison = compare(service, service);
        comparison.findings.push(finding);
        Compared { what, comparison, source }
    };
    [
        compared("a service comes", Finding::service_added(service), differences(&nothing, &all, &[])),
        compared("a service goes", Finding::service_removed(service), differences(&all, &nothing, &[])),
    ]
}

/// Effects that would make no difference: a type comes and goes with what holds it.
const ACCOMPANIED: [&str; 3] = ["type-added none", "type-removed none", "type-removed change"];

/// Any other effect of any rule is noticed.
fn every_severity_matters(compared: &[Compared<'_>]) {
    let mut unnoticed = Vec::new();
    for rule in Rule::ALL {
        for source in [Effect::None, Effect::Change, Effect::Break] {
            let mut severities = Severities::default();
            severities.set(*rule, Severity { source, ..rule.severity() }, "a trial");
            if source != rule.severity().source && disagreements(compared, &severities).is_empty() {
                unnoticed.push(format!("{} {source}", rule.id()));
            }
        }
    }
    assert_eq!(unnoticed, ACCOMPANIED);
}
