//! Types by name: one name is one thing within a package.

use super::imports::{Module, is_generated, is_test, list};
use super::table::House;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// In which modules types of each name are defined. What a macro makes is not seen.
pub fn types(src: &Path) -> BTreeMap<String, BTreeSet<Module>> {
    let mut files = Vec::new();
    list(src, &mut Vec::new(), &mut files);
    let mut types = BTreeMap::new();
    for (module, text) in files.iter().filter(|(_, text)| !is_generated(text)) {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{module:?}: {error}"));
        collect(module, &file.items, &mut types);
    }
    types
}

fn collect(module: &Module, items: &[syn::Item], types: &mut BTreeMap<String, BTreeSet<Module>>) {
    for item in items.iter().filter(|item| !is_test(item)) {
        let name = match item {
            syn::Item::Struct(item) => &item.ident,
            syn::Item::Enum(item) => &item.ident,
            syn::Item::Trait(item) => &item.ident,
            syn::Item::Type(item) => &item.ident,
            syn::Item::Mod(item) => {
                let items = item.content.as_ref().map(|(_, items)| items.as_slice());
                collect(module, items.unwrap_or_default(), types);
                continue;
            }
            _ => continue,
        };
        types.entry(name.to_string()).or_default().insert(module.clone());
    }
}

/// Names that several modules have, but for those of the table; and those of the table that one has.
pub fn ambiguous(house: &House) -> Vec<String> {
    let types = types(&house.folder());
    let allowed = |name: &str| house.twice.split(' ').any(|known| known == name);
    let several = types.iter().filter(|(name, modules)| modules.len() > 1 && !allowed(name));
    let idle = house.twice.split(' ').filter(|name| !name.is_empty() && types.get(*name).is_none_or(|of| of.len() < 2));
    let places = |of: &BTreeSet<Module>| of.iter().map(|module| module.join("::")).collect::<Vec<_>>().join(", ");
    several
        .map(|(name, of)| format!("{}: `{name}` is the name of several types: in {}", house.package, places(of)))
        .chain(idle.map(|name| format!("{}: `{name}` needs no exception", house.package)))
        .collect()
}
