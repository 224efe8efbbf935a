//! What one skeleton has and another has not, with what leads there.

use super::skeleton::{Skeleton, Tree, TreeEntry};

impl Skeleton {
    /// The part that `other` does not have, or has otherwise; of an enum the values
    /// that it does not have. `None` where there is no such part.
    pub fn without(&self, other: &Self) -> Option<Self> {
        Some(Self { side: self.side, root: difference(&self.root, &other.root)? })
    }

    /// Whether there is no member in it.
    pub fn is_empty(&self) -> bool {
        matches!(&self.root, Tree::Structure(entries) if entries.is_empty())
    }
}

fn difference(node: &Tree, other: &Tree) -> Option<Tree> {
    match (node, other) {
        (Tree::Structure(entries), Tree::Structure(others)) => {
            let entries: Vec<TreeEntry> = entries.iter().filter_map(|entry| new_in(entry, others)).collect();
            (!entries.is_empty()).then_some(Tree::Structure(entries))
        }
        (Tree::List(element), Tree::List(other)) => difference(element, other).map(|part| Tree::List(Box::new(part))),
        (Tree::Map(key, value), Tree::Map(other_key, other)) if key == other_key => {
            difference(value, other).map(|part| Tree::Map(key.clone(), Box::new(part)))
        }
        (Tree::Enum(values), Tree::Enum(others)) => {
            let values: Vec<String> = values.iter().filter(|value| !others.contains(value)).cloned().collect();
            (!values.is_empty()).then_some(Tree::Enum(values))
        }
        _ => (node != other).then(|| node.clone()),
    }
}

fn new_in(entry: &TreeEntry, others: &[TreeEntry]) -> Option<TreeEntry> {
    match others.iter().find(|other| other.name == entry.name) {
        Some(other) => Some(TreeEntry { node: difference(&entry.node, &other.node)?, ..entry.clone() }),
        None => Some(entry.clone()),
    }
}
