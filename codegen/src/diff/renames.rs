//! Shapes that only have another name: used in the same places, and of the same
//! structure. Names of data shapes are not on the wire.
//!
//! The name of an error is: errors are never told as renamed.

use super::facts::{members, values_of};
use super::properties::Change;
use crate::graph::{Member, NameRef, ServiceBuilder, Shape, ShapeKind, simple};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A place where a shape is used. Names of shapes are those of the new model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum UsedAs<'a> {
    Input(&'a str),
    Output(&'a str),
    Member(&'a str, &'a str),
}

/// New name by old name.
type Renamed<'a> = BTreeMap<&'a str, &'a str>;

/// The renamings from `old` to `new`, by old name.
pub(super) fn renames(old: &ServiceBuilder, new: &ServiceBuilder) -> Vec<Change<String>> {
    let (old_shapes, new_shapes) = (by_name(old), by_name(new));
    let gone: BTreeSet<&str> = only_in(&old_shapes, &new_shapes);
    let come: BTreeSet<&str> = only_in(&new_shapes, &old_shapes);
    if gone.is_empty() || come.is_empty() {
        return Vec::new();
    }
    let mut refuted: HashSet<(&str, &str)> = HashSet::new();
    let mut renamed = Renamed::new();
    // A renaming found makes the places inside it comparable, and one refuted
    // takes those that relied on it along: begin again until all hold together.
    loop {
        let found = candidates(old, new, &gone, &come, &renamed, &refuted);
        if found != renamed {
            renamed = found;
            continue;
        }
        let wrong: Vec<(&str, &str)> = renamed
            .iter()
            .map(|(from, to)| (*from, *to))
            .filter(|(from, to)| !same_structure(old_shapes[from], new_shapes[to], &renamed))
            .collect();
        if wrong.is_empty() {
            break;
        }
        refuted.extend(wrong);
        renamed.clear();
    }
    renamed.into_iter().map(|(from, to)| Change { old: from.to_owned(), new: to.to_owned() }).collect()
}

/// Puts the new names into an old model.
pub(super) fn rename(builder: &mut ServiceBuilder, renamed: &[Change<String>]) {
    if renamed.is_empty() {
        return;
    }
    let names: HashMap<&str, &str> = renamed.iter().map(|r| (r.old.as_str(), r.new.as_str())).collect();
    let set = |name: &mut String| {
        if let Some(new) = names.get(name.as_str()) {
            *name = (*new).to_owned();
        }
    };
    for operation in &mut builder.operations {
        operation.references_mut().for_each(|reference| set(&mut reference.name));
    }
    for shape in &mut builder.shapes {
        set(&mut shape.name);
        shape.kind.members_mut().for_each(|member| set(&mut member.target.name));
    }
}

fn by_name(builder: &ServiceBuilder) -> HashMap<&str, &Shape<NameRef>> {
    builder.shapes.iter().map(|shape| (shape.name.as_str(), shape)).collect()
}

fn only_in<'a>(
    these: &HashMap<&'a str, &'a Shape<NameRef>>,
    those: &HashMap<&str, &Shape<NameRef>>,
) -> BTreeSet<&'a str> {
    let not_there = these.iter().filter(|(name, _)| !those.contains_key(*name));
    not_there.filter(|(_, shape)| shape.traits.error.is_none()).map(|(name, _)| *name).collect()
}

/// Where every shape is used, by place; shapes go by the names of `renamed`.
fn places<'a>(builder: &'a ServiceBuilder, renamed: &Renamed<'a>) -> HashMap<UsedAs<'a>, &'a str> {
    let mut places = HashMap::new();
    for operation in &builder.operations {
        places.extend(operation.input.iter().map(|input| (UsedAs::Input(&operation.name), input.name.as_str())));
        places.extend(operation.output.iter().map(|output| (UsedAs::Output(&operation.name), output.name.as_str())));
    }
    for shape in &builder.shapes {
        let owner = renamed.get(shape.name.as_str()).copied().unwrap_or(&shape.name);
        let members = shape.members();
        places.extend(members.map(|member| (UsedAs::Member(owner, &member.name), member.target.name.as_str())));
    }
    places
}

/// Pairs of a name that went and a name that came of which the one stands
/// wherever the other stood, as far as the places are still there.
fn candidates<'a>(
    old: &'a ServiceBuilder,
    new: &'a ServiceBuilder,
    gone: &BTreeSet<&'a str>,
    come: &BTreeSet<&'a str>,
    renamed: &Renamed<'a>,
    refuted: &HashSet<(&str, &str)>,
) -> Renamed<'a> {
    let before = places(old, renamed);
    let after = places(new, &Renamed::new());
    let mut successors: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut predecessors: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (place, from) in &before {
        let Some(to) = after.get(place) else { continue };
        successors.entry(from).or_default().insert(to);
        predecessors.entry(to).or_default().insert(from);
    }
    let one = |set: &BTreeSet<&'a str>| if set.len() == 1 { set.first().copied() } else { None };
    let pairs = gone.iter().filter_map(|from| Some((*from, one(successors.get(from)?)?)));
    pairs
        .filter(|(from, to)| come.contains(to) && predecessors.get(to).and_then(one) == Some(*from))
        .filter(|pair| !refuted.contains(pair))
        .collect()
}

/// Whether two shapes are the same on the wire, but for names of shapes.
fn same_structure(old: &Shape<NameRef>, new: &Shape<NameRef>, renamed: &Renamed<'_>) -> bool {
    if old.kind.type_name() != new.kind.type_name() || old.traits.timestamp_format != new.traits.timestamp_format {
        return false;
    }
    match &new.kind {
        simple!() => old.kind == new.kind || same_values(&old.kind, &new.kind),
        ShapeKind::List { .. } | ShapeKind::Map { .. } if is_sparse(&old.kind) != is_sparse(&new.kind) => false,
        ShapeKind::List { .. } | ShapeKind::Map { .. } | ShapeKind::Structure(_) | ShapeKind::Union(_) => {
            let name = |name: &str| renamed.get(name).map_or_else(|| name.to_owned(), |new| (*new).to_owned());
            let under_new_names =
                |member: &Member<NameRef>| Member { target: name(&member.target.name).into(), ..member.clone() };
            let was: Vec<Member<NameRef>> = old.members().map(under_new_names).collect();
            let is: Vec<Member<NameRef>> = new.members().cloned().collect();
            same_members(&was, &is)
        }
    }
}

fn is_sparse(kind: &ShapeKind<NameRef>) -> bool {
    matches!(kind, ShapeKind::List { sparse: true, .. } | ShapeKind::Map { sparse: true, .. })
}

fn same_values(old: &ShapeKind<NameRef>, new: &ShapeKind<NameRef>) -> bool {
    let values = |kind: &ShapeKind<NameRef>| -> Option<BTreeSet<String>> {
        Some(values_of(kind)?.into_iter().map(|value| value.value).collect())
    };
    values(old).is_some_and(|old| Some(old) == values(new))
}

fn same_members(old: &[Member<NameRef>], new: &[Member<NameRef>]) -> bool {
    let mut facts = Vec::new();
    members("", old, new, &mut facts);
    facts.iter().all(|fact| !fact.is_on_the_wire())
}
