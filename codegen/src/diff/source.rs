//! What code that uses the crate notices of a new model: the difference of two surfaces.
//!
//! What is gone or has another signature no longer compiles. What stands for something else than
//! before compiles, and does something else. What is new, deprecated, or no longer deprecated
//! is a change. Shapes that have another name are told once, and not with all that mentions them.

use super::properties::Change;
use super::rules::Effect;
use crate::plan::{Entry, Meant, Part, Path, Surface};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// What code that uses the crate notices.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// How code names it: of a type with another name, by the old one.
    pub path: Path,
    /// What is different.
    pub what: What,
}

/// What is different at a path.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// There was nothing.
    New,
    /// There is nothing any longer.
    Gone,
    /// The type has another name.
    Renamed(Change<String>),
    /// Another signature.
    Signature(Change<String>),
    /// It stands for something else of the model.
    Meaning(Box<Change<Meant>>),
    /// Whether it is deprecated.
    Deprecated(bool),
}

impl Difference {
    /// What that is to code that uses the crate.
    pub fn effect(&self) -> Effect {
        match self.what {
            What::New | What::Deprecated(_) => Effect::Change,
            What::Gone | What::Renamed(_) | What::Signature(_) | What::Meaning(_) => Effect::Break,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.path)?;
        match &self.what {
            What::New => f.write_str("is new"),
            What::Gone => f.write_str("is gone"),
            What::Renamed(Change { new, .. }) => write!(f, "is {new} now"),
            What::Signature(Change { old, new }) => write!(f, "is `{new}` now, and was `{old}`"),
            What::Meaning(change) => write!(f, "is {} now, and was {}", change.new.told(), change.old.told()),
            What::Deprecated(true) => f.write_str("is deprecated"),
            What::Deprecated(false) => f.write_str("is no longer deprecated"),
        }
    }
}

/// What differs between the surfaces of two models, in the order of the paths. `renamed` are the
/// shapes that have another name.
pub fn differences(old: &Surface, new: &Surface, renamed: &[Change<String>]) -> Vec<Difference> {
    let names = Renamed::between(old, new, renamed);
    let mut differences: Vec<Difference> = names.types.iter().filter_map(|(was, is)| renaming(was, is)).collect();
    let old: BTreeMap<Cow<'_, Path>, Cow<'_, Entry>> =
        old.entries().map(|(path, entry)| (names.path(path), names.entry(entry))).collect();
    let gone = old.keys().filter(|path| new.get(path).is_none());
    differences.extend(gone.map(|path| Difference { path: path.clone().into_owned(), what: What::Gone }));
    for (path, is) in new.entries() {
        let add = |what| differences.push(Difference { path: path.clone(), what });
        match old.get(path) {
            None => Some(What::New).into_iter().for_each(add),
            Some(was) => changes(was, is).into_iter().for_each(add),
        }
    }
    differences.sort_by(|a, b| a.path.cmp(&b.path));
    differences
}

fn renaming(was: &str, is: &str) -> Option<Difference> {
    let path = |name: &str| Path { item: format!("types::{name}"), part: Part::Itself };
    let what = What::Renamed(Change { old: path(was).to_string(), new: path(is).to_string() });
    (was != is).then(|| Difference { path: path(was), what })
}

/// What differs at one path.
fn changes(old: &Entry, new: &Entry) -> Vec<What> {
    let mut changes = Vec::new();
    if old.signature != new.signature {
        let text = |entry: &Entry| entry.signature.clone().into_owned();
        changes.push(What::Signature(Change { old: text(old), new: text(new) }));
    } else if old.meant != new.meant {
        changes.push(What::Meaning(Box::new(Change { old: old.meant.clone(), new: new.meant.clone() })));
    }
    if old.deprecated != new.deprecated {
        changes.push(What::Deprecated(new.deprecated));
    }
    changes
}

/// What shapes that have another name are called in both crates.
struct Renamed<'s> {
    /// Shapes, by their old names.
    shapes: HashMap<&'s str, &'s str>,
    /// Types, by their old names; those whose name stays are not there.
    types: BTreeMap<&'s str, &'s str>,
}

impl<'s> Renamed<'s> {
    fn between(old: &'s Surface, new: &'s Surface, renamed: &'s [Change<String>]) -> Self {
        let shapes: HashMap<&str, &str> =
            renamed.iter().map(|change| (change.old.as_str(), change.new.as_str())).collect();
        let mut types = BTreeMap::new();
        if !shapes.is_empty() {
            let of_new: HashMap<&str, &str> = shape_types(new).collect();
            // A type keeps the name of its shape's, or has another because a namesake came or went.
            types = shape_types(old)
                .filter_map(|(shape, was)| Some((was, *of_new.get(shapes.get(shape)?)?)))
                .filter(|(was, is)| was != is)
                .collect();
        }
        Self { shapes, types }
    }

    fn path<'p>(&self, path: &'p Path) -> Cow<'p, Path> {
        let is = path.item.strip_prefix("types::").and_then(|name| self.types.get(name));
        let item = is.map(|is| format!("types::{is}"));
        let part = match &path.part {
            Part::Variant(variant) if path.item == "ServiceError" => {
                self.types.get(variant.as_str()).map(|is| Part::Variant((*is).to_owned()))
            }
            _ => None,
        };
        match (item, part) {
            (None, None) => Cow::Borrowed(path),
            (item, part) => Cow::Owned(Path {
                item: item.unwrap_or_else(|| path.item.clone()),
                part: part.unwrap_or_else(|| path.part.clone()),
            }),
        }
    }

    fn entry<'e>(&self, entry: &'e Entry) -> Cow<'e, Entry> {
        let shape = match &entry.meant {
            Meant::Shape(name) => self.shapes.get(name.as_str()),
            _ => None,
        };
        let signature = self.signature(&entry.signature);
        if shape.is_none() && signature.is_none() {
            return Cow::Borrowed(entry);
        }
        Cow::Owned(Entry {
            signature: signature.map_or_else(|| entry.signature.clone(), Cow::Owned),
            deprecated: entry.deprecated,
            meant: shape.map_or_else(|| entry.meant.clone(), |name| Meant::Shape((*name).to_owned())),
        })
    }

    /// A signature with the new names of types; nothing where it has none of them.
    fn signature(&self, signature: &str) -> Option<String> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words = || {
            signature
                .split_inclusive(|c| !is_name(c))
                .map(|word| word.split_at(word.trim_end_matches(|c| !is_name(c)).len()))
        };
        words()
            .any(|(word, _)| self.types.contains_key(word))
            .then(|| words().flat_map(|(word, rest)| [self.types.get(word).copied().unwrap_or(word), rest]).collect())
    }
}

/// The types that shapes have, each with its shape before it.
fn shape_types(surface: &Surface) -> impl Iterator<Item = (&str, &str)> {
    surface.entries().filter_map(|(path, entry)| match (&path.part, &entry.meant) {
        (Part::Itself, Meant::Shape(shape)) => Some((shape.as_str(), path.item.strip_prefix("types::")?)),
        _ => None,
    })
}
