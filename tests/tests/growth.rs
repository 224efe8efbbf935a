//! What a change of a model does to the crate: as little as a reader has to look at.

use crate::common::{model_set, options, output};
use std::collections::BTreeMap;
use workstream_codegen::ModelSet;

const MODEL: &str = "service-2.json";

/// The files of the crate of some real operations, before and after the model has an entry more: the first in the
/// object that stands behind all of `keys`.
fn grown(keys: &[&str], entry: &str) -> [BTreeMap<String, String>; 2] {
    let mut set = model_set("tests/fixtures/frozen");
    set.services.retain(|service| service.name == "appstream");
    let files = |set: &ModelSet| output(set, &options("workstream")).files;
    let before = files(&set);
    let file = set.services[0].files.iter_mut().find(|file| file.path.ends_with(MODEL)).unwrap();
    // As text, because the order of members has a meaning.
    let mut model = String::from_utf8(file.text.clone()).unwrap();
    let place = keys.iter().fold(0, |place, key| {
        let key = format!("\"{key}\": {{");
        place + model[place..].find(&key).unwrap() + key.len()
    });
    model.insert_str(place, &format!("{entry},"));
    file.text = model.into_bytes();
    [before, files(&set)]
}

/// How many lines each file gained, but for blank ones, by path; nothing was taken from any.
fn gained([before, after]: &[BTreeMap<String, String>; 2]) -> BTreeMap<String, usize> {
    let gone: Vec<&String> = before.keys().filter(|path| !after.contains_key(*path)).collect();
    assert!(gone.is_empty(), "{gone:?}");
    let changed = after.iter().filter(|(path, text)| before.get(*path) != Some(text));
    let lines = changed.map(|(path, text)| {
        let old = before.get(path).map_or("", String::as_str);
        let mut new = text.lines();
        let lost = old.lines().find(|line| !new.any(|candidate| candidate == *line));
        assert_eq!(lost, None, "{path}");
        let written = |text: &str| text.lines().filter(|line| !line.is_empty()).count();
        (path.clone(), written(text) - written(old))
    });
    lines.collect()
}

#[test]
fn an_operation_is_a_file_and_lines_in_lists() {
    let operation = r#""FlyKite": {"name": "FlyKite", "input": {"shape": "DeleteImageBuilderRequest"}}"#;
    let crates = grown(&["operations"], operation);
    let gained = gained(&crates);
    let list = |file: &str| format!("src/appstream/{file}.rs");
    let lists = ["client", "constraints", "dynamic", "operations/mod"].map(list);
    let own = list("operations/fly_kite");
    let paths: Vec<&String> = gained.keys().collect();
    assert_eq!(paths, [&lists[0], &lists[1], &lists[2], &own, &lists[3]]);
    assert!(!crates[0].contains_key(&own));
    assert!(lists.iter().all(|list| gained[list] <= 5), "{gained:?}");
}

/// A field, a setter, and a line for each direction on the wire: in one file. What is asked of it is a line in a list.
#[test]
fn a_member_is_a_few_lines_in_one_file() {
    for (structure, file) in
        [("CreateFleetRequest", "operations/create_fleet"), ("ComputeCapacity", "types/structures")]
    {
        let mut gained = gained(&grown(&["shapes", structure, "members"], r#""Kite": {"shape": "String"}"#));
        assert!(gained.remove("src/appstream/constraints.rs").is_some_and(|lines| lines <= 4), "{gained:?}");
        assert_eq!(gained, BTreeMap::from([(format!("src/appstream/{file}.rs"), 9)]));
    }
}
