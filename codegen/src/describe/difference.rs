//! What one skeleton has and another has not, with what leads there.

use super::skeleton::{Entry, Node, Skeleton};

impl Skeleton {
    /// The part that `other` does not have, or has otherwise; of an enum the values
    /// that it does not have. `None` where there is no such part.
    pub fn without(&self, other: &Self) -> Option<Self> {
        Some(Self { side: self.side, root: difference(&self.root, &other.root)? })
    }

    /// Whether there is no member in it.
    pub fn is_empty(&self) -> bool {
        matches!(&self.root, Node::Structure(entries) if entries.is_empty())
    }
}

fn difference(node: &Node, other: &Node) -> Option<Node> {
    match (node, other) {
        (Node::Structure(entries), Node::Structure(others)) => {
            let entries: Vec<Entry> = entries.iter().filter_map(|entry| new_in(entry, others)).collect();
            (!entries.is_empty()).then_some(Node::Structure(entries))
        }
        (Node::List(element), Node::List(other)) => difference(element, other).map(|part| Node::List(Box::new(part))),
        (Node::Map(key, value), Node::Map(other_key, other)) if key == other_key => {
            difference(value, other).map(|part| Node::Map(key.clone(), Box::new(part)))
        }
        (Node::Enum(values), Node::Enum(others)) => {
            let values: Vec<String> = values.iter().filter(|value| !others.contains(value)).cloned().collect();
            (!values.is_empty()).then_some(Node::Enum(values))
        }
        _ => (node != other).then(|| node.clone()),
    }
}

fn new_in(entry: &Entry, others: &[Entry]) -> Option<Entry> {
    match others.iter().find(|other| other.name == entry.name) {
        Some(other) => Some(Entry { node: difference(&entry.node, &other.node)?, ..entry.clone() }),
        None => Some(entry.clone()),
    }
}
