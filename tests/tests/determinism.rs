//! The same models give the same bytes, in whatever order they come.

use crate::common::{model_set, options, output};
use std::collections::BTreeMap;
use workstream_codegen::{ModelSet, ServiceFiles};
use xtask::json::Json;

/// Every object in another order, except where order is the model's: the
/// members of a structure. Lists are left as they are.
fn shuffled(json: Json, turn: usize, ordered: bool) -> Json {
    match json {
        Json::Object(entries) => {
            let mut entries: Vec<(String, Json)> = entries
                .into_iter()
                .map(|(key, value)| {
                    let members = key == "members" && !ordered;
                    (key, shuffled(value, turn, members))
                })
                .collect();
            if !ordered && !entries.is_empty() {
                entries.reverse();
                let by = turn % entries.len();
                entries.rotate_left(by);
            }
            Json::Object(entries)
        }
        Json::Array(items) => Json::Array(items.into_iter().map(|item| shuffled(item, turn, false)).collect()),
        scalar => scalar,
    }
}

fn shuffle(set: &ModelSet, turn: usize) -> ModelSet {
    let mut set = set.clone();
    set.services.reverse();
    for service in &mut set.services {
        service.files.reverse();
    }
    let files = set.services.iter_mut().flat_map(|service| &mut service.files).chain(&mut set.partitions);
    for file in files.filter(|file| file.path.ends_with(".json")) {
        let json = Json::parse(&file.text).unwrap();
        file.text = shuffled(json, turn, false).to_text().unwrap().into_bytes();
    }
    set
}

fn assert_same(found: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) {
    assert!(found.keys().eq(wanted.keys()));
    let changed: Vec<&String> =
        found.iter().filter(|(path, text)| wanted[*path] != **text).map(|(path, _)| path).collect();
    assert!(changed.is_empty(), "{changed:?}");
}

#[test]
fn real_models() {
    let (set, options) = (model_set("models"), options("workstream"));
    let first = output(&set, &options);
    assert_same(&output(&set, &options).files, &first.files);
    let other = shuffle(&set, 3);
    let model = |service: &ServiceFiles| {
        service.files.iter().find(|file| file.path.ends_with("service-2.json")).unwrap().text.clone()
    };
    assert_ne!(model(&other.services[0]), model(&set.services[1]), "it was shuffled");
    let second = output(&other, &options);
    assert_same(&second.files, &first.files);
    assert_eq!(second.summary, first.summary);
}

#[test]
fn fixture_models() {
    let (set, options) = (model_set(xtask::paths::FIXTURES_MODELS), options(xtask::paths::FIXTURES_PACKAGE));
    let first = output(&set, &options);
    assert_same(&output(&shuffle(&set, 1), &options).files, &first.files);
}

#[test]
fn the_order_of_members_is_the_models() {
    let mut set = model_set("models");
    set.services.retain(|service| service.name == "appstream");
    let model = |set: &ModelSet| output(set, &options("workstream")).files["src/appstream/types/structures.rs"].clone();
    let before = model(&set);
    for file in set.services[0].files.iter_mut().filter(|file| file.path.ends_with(".json")) {
        let json = Json::parse(&file.text).unwrap();
        file.text = members_reversed(json).to_text().unwrap().into_bytes();
    }
    assert_ne!(model(&set), before);
}

fn members_reversed(json: Json) -> Json {
    match json {
        Json::Object(entries) => Json::Object(
            entries
                .into_iter()
                .map(|(key, value)| match value {
                    Json::Object(mut members) if key == "members" => {
                        members.reverse();
                        (key, Json::Object(members))
                    }
                    value => (key, members_reversed(value)),
                })
                .collect(),
        ),
        other => other,
    }
}
