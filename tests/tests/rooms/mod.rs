//! The rooms of ARCHITECTURE.md: what a module imports is what its room may know.
//!
//! A new import across rooms fails here. Either it is in the wrong place, or [`table`] and ARCHITECTURE.md change with
//! it, and reviewers see that they do.

mod imports;
mod kinds;
mod names;
mod table;

use imports::{Crate, Module, circles};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use table::{HOUSES, House, Room};

impl House {
    fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(self.package).join("src")
    }

    fn read(&self) -> Crate {
        let restricted: Vec<&str> = self.restricted.iter().map(|only| only.path).collect();
        Crate::read(&self.folder(), &restricted)
    }

    /// The room of a module: that which names the nearest module around it. The crate's root is in none.
    fn room(&self, module: &Module) -> Option<&Room> {
        let path = module.join("/");
        let named = self.rooms.iter().flat_map(|room| words(room.modules).map(move |module| (module, room)));
        let around = named.filter(|(named, _)| path == *named || path.starts_with(&format!("{named}/")));
        around.max_by_key(|(named, _)| named.len()).map(|(_, room)| room)
    }
}

/// The words of a list.
fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split_whitespace()
}

fn told(house: &House, module: &Module) -> String {
    format!("{}/src/{}", house.package, module.join("/"))
}

/// Imports that no room allows, and leave to import that nobody uses.
fn imports(house: &House, read: &Crate) -> Vec<String> {
    let mut failures = Vec::new();
    let mut used = BTreeSet::new();
    for (module, named) in read.imports() {
        let Some(room) = house.room(&module) else {
            let is_root = module.is_empty() || module == ["main"];
            failures.extend((!is_root).then(|| format!("{} is in no room", told(house, &module))));
            continue;
        };
        for named in named {
            let Some(other) = house.room(&named).filter(|other| other.name != room.name) else { continue };
            used.insert((room.name, other.name));
            if words(room.imports).all(|allowed| allowed != other.name) {
                let (of, may) = (told(house, &named), if room.imports.is_empty() { "none" } else { room.imports });
                let module = told(house, &module);
                failures
                    .push(format!("{module} uses {of}: `{}` may not know `{}` (it may: {may})", room.name, other.name));
            }
        }
    }
    let allowed = house.rooms.iter().flat_map(|room| words(room.imports).map(|other| (room.name, other)));
    let idle = allowed.filter(|pair| !used.contains(pair));
    failures.extend(idle.map(|(room, other)| format!("{}: `{room}` may know `{other}`, and does not", house.package)));
    failures
}

/// Uses of the standard library and of other crates where they are not allowed.
fn restricted(house: &House, read: &Crate) -> Vec<String> {
    let mut failures = Vec::new();
    for only in house.restricted {
        let mut rooms = BTreeSet::new();
        for (module, paths) in &read.others {
            let uses = |path: &Vec<String>| format!("{}::", path.join("::")).starts_with(&format!("{}::", only.path));
            let Some(room) = house.room(module).filter(|_| paths.iter().any(uses)) else { continue };
            rooms.insert(room.name);
            if words(only.rooms).all(|allowed| allowed != room.name) {
                failures.push(format!("{} uses {}: {}", told(house, module), only.path, only.reason));
            }
        }
        let idle = words(only.rooms).filter(|room| !rooms.contains(room));
        failures.extend(idle.map(|room| format!("{}: `{room}` may use {}, and does not", house.package, only.path)));
    }
    failures
}

/// Circles that the table does not have, and those of the table that are none.
fn circular(house: &House, read: &Crate) -> Vec<String> {
    let found = circles(&read.imports());
    let meant: BTreeMap<BTreeSet<String>, &str> = house
        .circles
        .iter()
        .map(|circle| (words(circle.modules).map(str::to_owned).collect(), circle.reason))
        .collect();
    let new = found.iter().filter(|circle| !meant.contains_key(*circle));
    let gone = meant.iter().filter(|(circle, _)| !found.contains(circle));
    new.map(|circle| format!("{}: {circle:?} import each other", house.package))
        .chain(gone.map(|(circle, reason)| format!("{}: {circle:?} is no circle: {reason}", house.package)))
        .collect()
}

#[test]
fn imports_are_those_of_the_rooms() {
    let judge = |house: &House| {
        let read = house.read();
        [imports(house, &read), restricted(house, &read), circular(house, &read)].concat()
    };
    let failures: Vec<String> = HOUSES.iter().flat_map(judge).collect();
    assert!(failures.is_empty(), "see tests/tests/rooms/table.rs\n{}", failures.join("\n"));
}

#[test]
fn matches_name_every_kind() {
    let mut failures = Vec::new();
    for house in &HOUSES {
        let found = kinds::unnamed(house, &house.folder());
        let is_pair = |function: &&str| found.iter().any(|found| found == function);
        failures.extend(
            words(house.kinds.pairs).filter(|pair| !is_pair(pair)).map(|pair| format!("{pair} needs no exception")),
        );
        let of_all = found.iter().filter(|found| words(house.kinds.pairs).all(|pair| pair != *found));
        failures.extend(of_all.map(|function| format!("{}: {function} has an arm for all other kinds", house.package)));
    }
    assert!(failures.is_empty(), "name the kinds: see tests/tests/rooms/table.rs\n{}", failures.join("\n"));
}

#[test]
fn one_name_is_one_type() {
    let failures: Vec<String> = HOUSES.iter().flat_map(names::ambiguous).collect();
    assert!(failures.is_empty(), "see tests/tests/rooms/table.rs\n{}", failures.join("\n"));
}
