//! The same models give the same bytes, in whatever order they come.

use crate::common::{model_set, options, output};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use workstream_codegen::{ModelSet, ServiceFiles};

/// The entries of an object, in order, each with the text of its value.
struct Entries<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// An object whose entries are those of `text` as `arrange` leaves them.
fn object(text: &str, arrange: impl FnOnce(Vec<(String, &RawValue)>) -> Vec<(String, String)>) -> String {
    let entries = arrange(serde_json::from_str::<Entries<'_>>(text).unwrap().0);
    let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{}:{value}", Value::from(&**key))).collect();
    format!("{{{}}}", entries.join(","))
}

/// Every object in another order, except where order is the model's: the
/// members of a structure. Lists are left as they are.
fn shuffled(text: &str, turn: usize, ordered: bool) -> String {
    match text.as_bytes()[0] {
        b'{' => object(text, |entries| {
            let inner = |(key, value): (String, &RawValue)| {
                let members = key == "members" && !ordered;
                let value = shuffled(value.get(), turn, members);
                (key, value)
            };
            let mut entries: Vec<(String, String)> = entries.into_iter().map(inner).collect();
            if !ordered && !entries.is_empty() {
                entries.reverse();
                let by = turn % entries.len();
                entries.rotate_left(by);
            }
            entries
        }),
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap();
            let items: Vec<String> = items.iter().map(|item| shuffled(item.get(), turn, false)).collect();
            format!("[{}]", items.join(","))
        }
        _ => text.to_owned(),
    }
}

/// Every structure with its members the other way round.
fn members_reversed(text: &str, in_members: bool) -> String {
    if !text.starts_with('{') {
        return text.to_owned();
    }
    object(text, |entries| {
        let inner = |(key, value): (String, &RawValue)| {
            let value = members_reversed(value.get(), key == "members" && !in_members);
            (key, value)
        };
        let entries = entries.into_iter().map(inner);
        if in_members { entries.rev().collect() } else { entries.collect() }
    })
}

fn shuffle(set: &ModelSet, turn: usize) -> ModelSet {
    let mut set = set.clone();
    set.services.reverse();
    for service in &mut set.services {
        service.files.reverse();
    }
    let files = set.services.iter_mut().flat_map(|service| &mut service.files).chain(&mut set.partitions);
    for file in files.filter(|file| file.path.ends_with(".json")) {
        file.text = shuffled(std::str::from_utf8(&file.text).unwrap().trim(), turn, false).into_bytes();
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
        file.text = members_reversed(std::str::from_utf8(&file.text).unwrap().trim(), false).into_bytes();
    }
    assert_ne!(model(&set), before);
}
