//! What code that uses the crate notices of a new model: the difference of two surfaces.
//!
//! What stands at a path in one surface is held against what stands for the same of the model in
//! the other. What is gone, has another name or another signature no longer compiles. A name that
//! a newcomer took over compiles, and does something else. What is new, deprecated, or no longer
//! deprecated is a change. What is inside a type that came or went is not told beside it.

use super::properties::Change;
use super::rules::Effect;
use crate::plan::{Entry, Meant, Part, Path, Surface};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::mem::discriminant;

/// What code that uses the crate notices.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// How code names it: what is gone or has another name by the old one.
    pub path: Path,
    /// What of the model the type is for that the path leads to; nothing where it is not one for
    /// something of the model. Shapes go by their new names, here and below.
    pub item: Option<Meant>,
    /// What of the model it is for.
    pub meant: Meant,
    /// What is different.
    pub what: What,
}

/// What is different at a path.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// There was nothing for it.
    New,
    /// There is nothing for it any longer.
    Gone,
    /// It is at another path.
    Renamed(Path),
    /// Another signature.
    Signature(Change<String>),
    /// The constructor takes other members, or the same in another order.
    Arguments(Change<Vec<String>>),
    /// Pages have items from elsewhere in the output, of the same type.
    Items(Change<String>),
    /// The path was for something else of the model.
    Taken {
        /// What it was for.
        was: Meant,
        /// Where that is now, if it is still there.
        moved: Option<Path>,
    },
    /// Whether it is deprecated.
    Deprecated(bool),
}

impl Difference {
    /// What that is to code that uses the crate.
    pub fn effect(&self) -> Effect {
        match self.what {
            What::New | What::Deprecated(_) => Effect::Change,
            What::Gone
            | What::Renamed(_)
            | What::Signature(_)
            | What::Arguments(_)
            | What::Items(_)
            | What::Taken { .. } => Effect::Break,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.path)?;
        match &self.what {
            What::New => f.write_str("is new"),
            What::Gone => f.write_str("is gone"),
            What::Renamed(path) => write!(f, "is {path} now"),
            What::Signature(Change { old, new }) => write!(f, "is `{new}` now, and was `{old}`"),
            What::Arguments(Change { old, new }) => {
                let list = |names: &[String]| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
                write!(f, "takes {} now, and took {}", list(new), list(old))
            }
            What::Items(Change { old, new }) => write!(f, "gives the items at {new} now, and gave those at {old}"),
            What::Taken { was, moved } => {
                write!(f, "is {} now, and was {}, which is ", self.meant.told(), was.told())?;
                match moved {
                    Some(path) => write!(f, "{path} now"),
                    None => f.write_str("gone"),
                }
            }
            What::Deprecated(true) => f.write_str("is deprecated"),
            What::Deprecated(false) => f.write_str("is no longer deprecated"),
        }
    }
}

/// What differs between the surfaces of two models, in the order of the paths. `renamed` are the
/// shapes that have another name.
pub fn differences(old: &Surface, new: &Surface, renamed: &[Change<String>]) -> Vec<Difference> {
    let names = ItemNames::between(old, new, renamed);
    let (was, is) = unlike(old, new, &names);
    let mut differences = taken(&was, &is);
    let before: HashMap<&MeantBy<'_>, &SurfacePath<'_>> = was.iter().map(|place| (&place.key, place)).collect();
    let after: HashMap<&MeantBy<'_>, &SurfacePath<'_>> = is.iter().map(|place| (&place.key, place)).collect();
    let whole = |places: &[SurfacePath<'_>], others: &HashMap<&MeantBy<'_>, &SurfacePath<'_>>| -> HashSet<Meant> {
        let whole = places.iter().filter(|place| place.is_item() && !others.contains_key(&place.key));
        whole.map(|place| place.key.meant.clone().into_owned()).collect()
    };
    let (gone, come) = (whole(&was, &after), whole(&is, &before));
    let is_told = |place: &SurfacePath<'_>, whole: &HashSet<Meant>| {
        place.is_item() || place.key.item.as_ref().is_none_or(|item| !whole.contains(&**item))
    };
    for place in was.iter().filter(|place| !after.contains_key(&place.key) && is_told(place, &gone)) {
        differences.push(place.difference(What::Gone));
    }
    for place in &is {
        match before.get(&place.key) {
            Some(was) => differences.extend(changes(was, place)),
            None if is_told(place, &come) => differences.push(place.difference(What::New)),
            None => {}
        }
    }
    differences.sort_by(|a, b| a.path.cmp(&b.path));
    differences
}

/// What is the same in both surfaces, if it is: something of the model, in one form.
#[derive(PartialEq, Eq, Hash)]
struct MeantBy<'s> {
    item: Option<Cow<'s, Meant>>,
    meant: Cow<'s, Meant>,
    form: NameForm<'s>,
}

/// In which form something of the model is there.
#[derive(PartialEq, Eq, Hash)]
enum NameForm<'s> {
    /// Under a name that is made of what the model calls it: in which item, and as what.
    Named(&'s str, std::mem::Discriminant<Part>),
    /// Under a name that is the same for all of its kind.
    Fixed(&'s Part),
}

/// A path of one surface.
struct SurfacePath<'s> {
    /// Of the old surface with what types are called in the new one.
    path: Cow<'s, Path>,
    /// As code names it.
    own: &'s Path,
    entry: &'s Entry,
    signature: Cow<'s, str>,
    meant: Cow<'s, Meant>,
    key: MeantBy<'s>,
}

impl SurfacePath<'_> {
    fn is_item(&self) -> bool {
        self.own.part == Part::Itself
    }

    fn difference(&self, what: What) -> Difference {
        let item = self.key.item.clone().map(Cow::into_owned);
        Difference { path: self.own.clone(), item, meant: self.meant.clone().into_owned(), what }
    }
}

/// What does not stand in both surfaces alike.
fn unlike<'s>(
    old: &'s Surface,
    new: &'s Surface,
    names: &ItemNames<'s>,
) -> (Vec<SurfacePath<'s>>, Vec<SurfacePath<'s>>) {
    let (mut was, mut is) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (old.entries().peekable(), new.entries().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let a = if order.is_le() { old.next() } else { None };
        let b = if order.is_ge() { new.next() } else { None };
        // What is inside of a type whose name stands for another one is nothing like it.
        if a.is_some() && a == b && a.is_some_and(|(path, _)| !names.taken.contains(&*path.item)) {
            continue;
        }
        was.extend(a.map(|(path, entry)| names.old_place(path, entry)));
        is.extend(b.map(|(path, entry)| names.new_place(path, entry)));
    }
    (was, is)
}

/// Names that are for something else of the model than before.
fn taken(was: &[SurfacePath<'_>], is: &[SurfacePath<'_>]) -> Vec<Difference> {
    let before: HashMap<&Path, &SurfacePath<'_>> = was.iter().map(|place| (place.own, place)).collect();
    let now: HashMap<&MeantBy<'_>, &SurfacePath<'_>> = is.iter().map(|place| (&place.key, place)).collect();
    let taken = is.iter().filter_map(|place| {
        let was = before.get(place.own).filter(|was| was.key != place.key)?;
        // Inside of another type all is something else.
        let is_same = place.is_item() || was.key.item == place.key.item;
        let moved = now.get(&was.key).map(|moved| moved.own.clone());
        is_same.then(|| place.difference(What::Taken { was: was.meant.clone().into_owned(), moved }))
    });
    taken.collect()
}

/// What differs in what is in both surfaces.
fn changes(was: &SurfacePath<'_>, is: &SurfacePath<'_>) -> Vec<Difference> {
    let mut changes = Vec::new();
    if was.path != is.path {
        changes.push(was.difference(What::Renamed(is.own.clone())));
    }
    let text = |place: &SurfacePath<'_>| place.entry.signature.clone().into_owned();
    match (&*was.meant, &*is.meant) {
        (Meant::Arguments(old), Meant::Arguments(new)) if old != new => {
            changes.push(is.difference(What::Arguments(Change { old: old.clone(), new: new.clone() })));
        }
        _ if was.signature != is.signature => {
            changes.push(is.difference(What::Signature(Change { old: text(was), new: text(is) })));
        }
        (Meant::Items(old), Meant::Items(new)) if old != new => {
            changes.push(is.difference(What::Items(Change { old: old.clone(), new: new.clone() })));
        }
        _ => {}
    }
    if was.entry.deprecated != is.entry.deprecated {
        changes.push(is.difference(What::Deprecated(is.entry.deprecated)));
    }
    changes
}

/// What items are for and called in both crates.
struct ItemNames<'s> {
    /// Shapes that have another name, by their old names.
    shapes: HashMap<&'s str, &'s str>,
    /// What the items of the old surface are for, with the new names of shapes.
    old: HashMap<&'s str, Cow<'s, Meant>>,
    new: HashMap<&'s str, &'s Meant>,
    /// Items that are called otherwise, by their old names.
    items: HashMap<&'s str, &'s str>,
    /// Items whose names are for something else.
    taken: HashSet<&'s str>,
}

impl<'s> ItemNames<'s> {
    fn between(old: &'s Surface, new: &'s Surface, renamed: &'s [Change<String>]) -> Self {
        let shapes = renamed.iter().map(|change| (change.old.as_str(), change.new.as_str())).collect();
        let mut names = Self {
            shapes,
            old: HashMap::new(),
            new: items(new).collect(),
            items: HashMap::new(),
            taken: HashSet::new(),
        };
        names.old = items(old).map(|(item, meant)| (item, names.meant(meant))).collect();
        let of_new: HashMap<&Meant, &'s str> = names.new.iter().map(|(item, meant)| (*meant, *item)).collect();
        let is_called = |meant: &Meant| of_new.get(meant).copied();
        let called = names.old.iter().filter_map(|(was, meant)| Some((*was, is_called(meant)?)));
        names.items = called.filter(|(was, is)| was != is).collect();
        let is_taken =
            |(item, meant): &(&&'s str, &Cow<'s, Meant>)| names.new.get(**item).is_some_and(|now| **now != ***meant);
        names.taken = names.old.iter().filter(is_taken).map(|(item, _)| *item).collect();
        names
    }

    fn meant(&self, meant: &'s Meant) -> Cow<'s, Meant> {
        let renamed = match meant {
            Meant::Shape(name) => self.shapes.get(name.as_str()),
            _ => None,
        };
        renamed.map_or(Cow::Borrowed(meant), |name| Cow::Owned(Meant::Shape((*name).to_owned())))
    }

    fn old_place(&self, path: &'s Path, entry: &'s Entry) -> SurfacePath<'s> {
        let (item, meant) = (self.old.get(&*path.item).cloned(), self.meant(&entry.meant));
        let signature = self.signature(&entry.signature).map_or(Cow::Borrowed(&*entry.signature), Cow::Owned);
        SurfacePath { path: self.path(path), own: path, entry, signature, key: key(path, item, &meant), meant }
    }

    fn new_place(&self, path: &'s Path, entry: &'s Entry) -> SurfacePath<'s> {
        let item = self.new.get(&*path.item).map(|meant| Cow::Borrowed(*meant));
        let (meant, signature) = (Cow::Borrowed(&entry.meant), Cow::Borrowed(&*entry.signature));
        SurfacePath { path: Cow::Borrowed(path), own: path, entry, signature, key: key(path, item, &meant), meant }
    }

    /// A path inside of a type that has another name.
    fn path(&self, path: &'s Path) -> Cow<'s, Path> {
        match self.items.get(&*path.item).filter(|_| path.part != Part::Itself) {
            Some(item) => Cow::Owned(Path { item: (*item).into(), part: path.part.clone() }),
            None => Cow::Borrowed(path),
        }
    }

    /// A signature with the new names of types; nothing where it has none of them.
    fn signature(&self, signature: &str) -> Option<String> {
        if self.items.is_empty() {
            return None;
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let words = || {
            signature
                .split_inclusive(|c| !is_name(c))
                .map(|word| word.split_at(word.trim_end_matches(|c| !is_name(c)).len()))
        };
        let called = |word: &str| self.items.get(format!("types::{word}").as_str())?.strip_prefix("types::");
        words()
            .any(|(word, _)| called(word).is_some())
            .then(|| words().flat_map(|(word, rest)| [called(word).unwrap_or(word), rest]).collect())
    }
}

/// The items that are for something of the model.
fn items(surface: &Surface) -> impl Iterator<Item = (&str, &Meant)> {
    let items = surface.entries().filter(|(path, _)| path.part == Part::Itself);
    items.map(|(path, entry)| (&*path.item, &entry.meant))
}

fn key<'s>(path: &'s Path, item: Option<Cow<'s, Meant>>, meant: &Cow<'s, Meant>) -> MeantBy<'s> {
    let is_named = match (&path.part, &**meant) {
        (Part::Field(_) | Part::Variant(_), _) => true,
        // A setter; or a function of what all types share: the client, and the error.
        (Part::Function(_), Meant::Member(_) | Meant::EndpointParameter(_)) => true,
        (Part::Function(_), meant) => item.is_none() && *meant != Meant::EndpointRules,
        (Part::Itself | Part::Trait(_), _) => false,
    };
    let home = if item.is_some() { "" } else { &path.item };
    let form = if is_named { NameForm::Named(home, discriminant(&path.part)) } else { NameForm::Fixed(&path.part) };
    // What a constructor takes and pages hold may differ; it is still the constructor, and the pages.
    let meant = item.as_ref().filter(|_| !is_named).unwrap_or(meant).clone();
    MeantBy { item, meant, form }
}
