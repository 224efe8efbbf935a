//! What a request or response looks like, as a tree: made from the graph once,
//! cut down where only a part is to be shown, and rendered by [`super::boto3`].

use crate::graph::{Member, OperationId, Service, ShapeId, ShapeKind, TokenStep, scalar};
use crate::plan::PaginatorPlan;
use std::collections::BTreeSet;

/// A request, a response or a shape as a tree. It ends where a shape contains
/// itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skeleton {
    pub(super) side: Side,
    pub(super) root: Tree,
}

/// Where a skeleton stands: only requests say what is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is sent.
    Request,
    /// What comes back.
    Response,
}

/// A place in a skeleton.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    /// A structure or union.
    Structure(Vec<TreeEntry>),
    List(Box<Tree>),
    Map(Box<Tree>, Box<Tree>),
    /// Values of an enum.
    Enum(Vec<String>),
    Leaf(Leaf),
    /// A shape that is being described already.
    Recursive(Leaf),
}

/// A member of a structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TreeEntry {
    pub name: String,
    pub required: bool,
    /// Not shown, but counted.
    pub hidden: bool,
    pub node: Tree,
}

/// Types of Python as boto3 documents them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    Dict,
    List,
    String,
    Boolean,
    Integer,
    Float,
    Double,
    Blob,
    Timestamp,
    Document,
}

impl Skeleton {
    /// The request of an operation; without members where it takes no input.
    pub fn request(service: &Service, operation: OperationId) -> Self {
        let none = Tree::Structure(Vec::new());
        Self { side: Side::Request, root: service[operation].input.map_or(none, |input| tree(service, input)) }
    }

    /// The response of an operation, if it has one.
    pub fn response(service: &Service, operation: OperationId) -> Option<Self> {
        let output = service[operation].output?;
        Some(Self { side: Side::Response, root: tree(service, output) })
    }

    /// A shape by itself.
    pub fn shape(service: &Service, shape: ShapeId, side: Side) -> Self {
        Self { side, root: tree(service, shape) }
    }

    /// The part at and below the places in `paths`, with what leads there;
    /// `None` where there is none of them.
    ///
    /// Paths are as [`Self::beyond`] gives them: member names with dots
    /// between them, `[]` for the element of a list, `{}` for the value of a
    /// map, such as `Fleets[].Tags{}`.
    pub fn only(&self, paths: &BTreeSet<String>) -> Option<Self> {
        let root = cut(&self.root, "", paths)?;
        Some(Self { side: self.side, root })
    }

    /// Paths of the uppermost places that `other` does not have, or has
    /// otherwise: none where both are written alike. What is required makes no
    /// difference, and neither do names of shapes.
    pub fn beyond(&self, other: &Self) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        compare(&self.root, &other.root, String::new(), &mut paths);
        paths
    }

    /// The request of a paginator: tokens and page size are its business.
    pub(super) fn paged_request(service: &Service, operation: OperationId, paginator: &PaginatorPlan) -> Self {
        let mut skeleton = Self::request(service, operation);
        let optional = |name: &str, node| TreeEntry { name: name.to_owned(), required: false, hidden: false, node };
        let mut config = vec![optional("MaxItems", Tree::Leaf(Leaf::Integer))];
        if paginator.limit_key.is_some() {
            config.push(optional("PageSize", Tree::Leaf(Leaf::Integer)));
        }
        config.push(optional("StartingToken", Tree::Leaf(Leaf::String)));
        skeleton.include(optional("PaginationConfig", Tree::Structure(config)));
        skeleton.hide(|name| {
            paginator.input_tokens.iter().any(|token| token == name) || paginator.limit_key.as_deref() == Some(name)
        });
        skeleton
    }

    /// A page: where the token is not called `NextToken`, boto3 calls it so.
    pub(super) fn paged_response(service: &Service, operation: OperationId, paginator: &PaginatorPlan) -> Option<Self> {
        let mut skeleton = Self::response(service, operation)?;
        let token = Tree::Leaf(Leaf::String);
        skeleton.include(TreeEntry { name: "NextToken".to_owned(), required: false, hidden: false, node: token });
        let is_token = |name: &str| {
            paginator.output_tokens.iter().any(|token| match token.alternatives.as_slice() {
                [steps] => matches!(steps.as_slice(), [TokenStep::Member(member)] if member == name),
                _ => false,
            })
        };
        skeleton.hide(is_token);
        Some(skeleton)
    }

    /// Puts a member in the place of the one of its name, or last.
    fn include(&mut self, entry: TreeEntry) {
        if let Tree::Structure(entries) = &mut self.root {
            match entries.iter_mut().find(|known| known.name == entry.name) {
                Some(known) => *known = entry,
                None => entries.push(entry),
            }
        }
    }

    fn hide(&mut self, hidden: impl Fn(&str) -> bool) {
        if let Tree::Structure(entries) = &mut self.root {
            entries.iter_mut().for_each(|entry| entry.hidden = hidden(&entry.name));
        }
    }
}

fn tree(service: &Service, shape: ShapeId) -> Tree {
    node(service, shape, &mut Vec::new())
}

/// `path` has the shapes that lead here: those are not described again.
fn node(service: &Service, id: ShapeId, path: &mut Vec<ShapeId>) -> Tree {
    let kind = &service[id].kind;
    if path.contains(&id) {
        return Tree::Recursive(leaf(kind));
    }
    path.push(id);
    let node = match kind {
        ShapeKind::Structure(members) | ShapeKind::Union(members) => {
            Tree::Structure(members.iter().map(|member| entry(service, member, path)).collect())
        }
        ShapeKind::List { member, .. } => Tree::List(Box::new(node(service, member.target, path))),
        ShapeKind::Map { key, value, .. } => {
            Tree::Map(Box::new(node(service, key.target, path)), Box::new(node(service, value.target, path)))
        }
        ShapeKind::Enum(values) => Tree::Enum(values.iter().map(|value| value.value.clone()).collect()),
        ShapeKind::IntEnum(_) | scalar!() => Tree::Leaf(leaf(kind)),
    };
    path.pop();
    node
}

fn entry(service: &Service, member: &Member, path: &mut Vec<ShapeId>) -> TreeEntry {
    let node = node(service, member.target, path);
    TreeEntry { name: member.name.clone(), required: member.traits.required, hidden: false, node }
}

fn leaf(kind: &ShapeKind) -> Leaf {
    match kind {
        ShapeKind::Structure(_) | ShapeKind::Union(_) | ShapeKind::Map { .. } => Leaf::Dict,
        ShapeKind::List { .. } => Leaf::List,
        ShapeKind::Enum(_) | ShapeKind::String => Leaf::String,
        ShapeKind::Boolean => Leaf::Boolean,
        ShapeKind::IntEnum(_) | ShapeKind::Byte | ShapeKind::Short | ShapeKind::Integer | ShapeKind::Long => {
            Leaf::Integer
        }
        ShapeKind::Float => Leaf::Float,
        ShapeKind::Double => Leaf::Double,
        ShapeKind::Blob => Leaf::Blob,
        ShapeKind::Timestamp => Leaf::Timestamp,
        ShapeKind::Document => Leaf::Document,
    }
}

fn below(path: &str, member: &str) -> String {
    if path.is_empty() { member.to_owned() } else { format!("{path}.{member}") }
}

fn cut(node: &Tree, path: &str, paths: &BTreeSet<String>) -> Option<Tree> {
    if paths.contains(path) {
        return Some(node.clone());
    }
    match node {
        Tree::Structure(entries) => {
            let entries: Vec<TreeEntry> = entries
                .iter()
                .filter_map(|entry| {
                    let node = cut(&entry.node, &below(path, &entry.name), paths)?;
                    Some(TreeEntry { node, ..entry.clone() })
                })
                .collect();
            (!entries.is_empty()).then_some(Tree::Structure(entries))
        }
        Tree::List(element) => cut(element, &format!("{path}[]"), paths).map(|element| Tree::List(Box::new(element))),
        Tree::Map(key, value) => {
            cut(value, &format!("{path}{{}}"), paths).map(|value| Tree::Map(key.clone(), Box::new(value)))
        }
        Tree::Enum(_) | Tree::Leaf(_) | Tree::Recursive(_) => None,
    }
}

fn compare(node: &Tree, other: &Tree, path: String, paths: &mut BTreeSet<String>) {
    match (node, other) {
        (Tree::Structure(entries), Tree::Structure(others)) => {
            for entry in entries {
                let path = below(&path, &entry.name);
                match others.iter().find(|other| other.name == entry.name) {
                    Some(other) => compare(&entry.node, &other.node, path, paths),
                    None => drop(paths.insert(path)),
                }
            }
        }
        (Tree::List(element), Tree::List(other)) => compare(element, other, format!("{path}[]"), paths),
        (Tree::Map(key, value), Tree::Map(other_key, other_value)) if key == other_key => {
            compare(value, other_value, format!("{path}{{}}"), paths);
        }
        _ if node == other => {}
        _ => drop(paths.insert(path)),
    }
}
