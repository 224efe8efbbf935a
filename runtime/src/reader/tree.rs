//! XML and forms, as trees of elements.

use super::input::{Cursor, Kind, Result};
use crate::names::{self, Names};
use crate::tree::{Id, Tree};
use crate::{DecodeError, Number, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::borrow::Cow;
use std::ops::Range;

/// How a tree says what is a list or a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Xml,
    /// The forms of awsQuery.
    #[cfg(feature = "query")]
    AwsQuery,
    /// The forms of ec2Query, whose lists are all flattened.
    #[cfg(feature = "query")]
    Ec2Query,
}

pub(super) struct TreeInput<'a> {
    tree: &'a Tree<'a>,
    layout: Layout,
    /// The structures, lists and maps that are open.
    frames: Vec<TreeFrame<'a>>,
    current: CurrentNode<'a>,
    /// Names of what is to be read, and of what is in it.
    names: &'static Names,
    /// The same of the line that is compared with the next key.
    line: &'static Names,
}

/// The value that comes next.
#[derive(Clone, Copy)]
enum CurrentNode<'a> {
    Element(Id),
    Attribute(&'a str, &'a str),
    Nothing,
}

/// An open structure, list or map.
struct TreeFrame<'a> {
    /// Within what its elements stand.
    parent: Id,
    next: Option<Id>,
    names: &'static Names,
    form: Form<'a>,
}

enum Form<'a> {
    Structure {
        attributes: Range<u32>,
        /// Flattened members that were read with all their elements.
        taken: Vec<&'a str>,
    },
    /// The elements of a list or the entries of a map; of siblings only those of this name.
    Elements { only: Option<&'a str> },
}

impl<'a> TreeInput<'a> {
    /// Reads what `root` is; nothing where there is none.
    pub(super) fn new(tree: &'a Tree<'a>, root: Option<Id>, layout: Layout) -> Self {
        let current = root.map_or(CurrentNode::Nothing, CurrentNode::Element);
        Self { tree, layout, frames: Vec::new(), current, names: &names::DEFAULT, line: &names::DEFAULT }
    }

    /// What the names of the next line are.
    pub(super) fn expect(&mut self, names: &'static Names) {
        self.line = names;
    }

    pub(super) fn offset(&self) -> usize {
        let within = || self.frames.last().map(|frame| frame.parent);
        match self.current {
            CurrentNode::Element(id) => self.tree.offset(id),
            CurrentNode::Attribute(..) | CurrentNode::Nothing => within().map_or(0, |id| self.tree.offset(id)),
        }
    }

    pub(super) fn at_end(&mut self) -> bool {
        self.frames.is_empty() && matches!(self.current, CurrentNode::Nothing)
    }

    pub(super) fn stop(&mut self) {
        self.frames.clear();
        self.current = CurrentNode::Nothing;
    }

    /// XML does not tell its kinds of values apart.
    pub(super) fn kind(&mut self) -> Result<Kind> {
        Ok(match self.current {
            CurrentNode::Element(_) | CurrentNode::Attribute(..) => Kind::String,
            CurrentNode::Nothing => Kind::Null,
        })
    }

    pub(super) fn take_null(&mut self) -> Result<bool> {
        Ok(matches!(self.current, CurrentNode::Nothing))
    }

    /// A union has no attributes that say anything.
    pub(super) fn open_structure(&mut self, is_union: bool) -> Result<Cursor> {
        let parent = self.element("an object")?;
        let attributes = if is_union { 0..0 } else { self.tree.attributes(parent) };
        let form = Form::Structure { attributes, taken: Vec::new() };
        // A body that is text within one element is the one member of that name.
        let is_member = self.frames.is_empty() && !self.tree.text(parent).trim_ascii().is_empty();
        let next = if is_member { Some(parent) } else { self.tree.first(parent) };
        self.frames.push(TreeFrame { parent, next, names: self.names, form });
        Ok(Cursor::with(None))
    }

    pub(super) fn open_map(&mut self) -> Result<Cursor> {
        self.open_elements(names::ENTRY, "an object")
    }

    pub(super) fn open_list(&mut self) -> Result<Cursor> {
        self.open_elements(self.names.of_item().name_or(names::ITEM), "a list")
    }

    /// `step` is what stands between a form's list or map and its elements.
    fn open_elements(&mut self, step: &'static str, expected: &str) -> Result<Cursor> {
        let (id, names) = (self.element(expected)?, self.names);
        let _ = step;
        let within =
            |parent| TreeFrame { parent, next: self.tree.first(parent), names, form: Form::Elements { only: None } };
        let frame = match self.layout {
            Layout::Xml if names.is_flattened() => self.siblings(id),
            Layout::Xml => within(id),
            #[cfg(feature = "query")]
            Layout::Ec2Query => within(id),
            #[cfg(feature = "query")]
            Layout::AwsQuery if names.is_flattened() => within(id),
            #[cfg(feature = "query")]
            Layout::AwsQuery => match self.tree.child(id, step) {
                Some(parent) => within(parent),
                None => TreeFrame { next: None, ..within(id) },
            },
        };
        self.frames.push(frame);
        Ok(Cursor::with(None))
    }

    /// All elements of the structure that have the same name as this one.
    fn siblings(&mut self, id: Id) -> TreeFrame<'a> {
        let (name, names) = (self.tree.name(id), self.names);
        match self.frames.last_mut() {
            Some(TreeFrame { parent, form: Form::Structure { taken, .. }, .. }) => {
                taken.push(name);
                TreeFrame { parent: *parent, next: Some(id), names, form: Form::Elements { only: Some(name) } }
            }
            // Within lists and maps nothing is flattened.
            _ => TreeFrame { parent: id, next: self.tree.first(id), names, form: Form::Elements { only: None } },
        }
    }

    /// Goes to the next member of a structure or entry of a map.
    pub(super) fn more_keys(&mut self, _: &mut Cursor) -> Result<bool> {
        let tree = self.tree;
        let Some(TreeFrame { parent, next, form, .. }) = self.frames.last_mut() else { return Ok(false) };
        let Form::Structure { attributes, taken } = form else { return self.forward() };
        if let Some((name, value)) = attributes.next().and_then(|index| tree.attribute(index)) {
            self.current = CurrentNode::Attribute(name, value);
            return Ok(true);
        }
        while let Some(id) = *next {
            *next = tree.next(id, *parent);
            if !taken.contains(&tree.name(id)) {
                self.current = CurrentNode::Element(id);
                return Ok(true);
            }
        }
        self.close();
        Ok(false)
    }

    pub(super) fn next_element(&mut self, _: &mut Cursor) -> Result<bool> {
        self.forward()
    }

    /// Goes to the next element of a list or entry of a map.
    fn forward(&mut self) -> Result<bool> {
        let tree = self.tree;
        let Some(TreeFrame { parent, next, names, form }) = self.frames.last_mut() else { return Ok(false) };
        let only = match form {
            Form::Elements { only } => *only,
            Form::Structure { .. } => None,
        };
        let Some(id) = *next else {
            self.close();
            return Ok(false);
        };
        let mut following = tree.next(id, *parent);
        while let (Some(id), Some(name)) = (following, only)
            && tree.name(id) != name
        {
            following = tree.next(id, *parent);
        }
        *next = following;
        self.current = CurrentNode::Element(id);
        self.names = names.of_item();
        Ok(true)
    }

    fn close(&mut self) {
        self.frames.pop();
        self.current = CurrentNode::Nothing;
    }

    pub(super) fn match_member(&mut self, name: &str) -> bool {
        self.match_key(name)
    }

    /// Whether the member of a structure that comes is called so, as an attribute or an element.
    pub(super) fn match_key(&mut self, name: &str) -> bool {
        let line = self.line;
        let matches = match self.current {
            CurrentNode::Element(id) => !line.is_attribute() && self.is_called(id, name),
            CurrentNode::Attribute(found, _) => line.is_attribute() && found == names::local(name),
            CurrentNode::Nothing => false,
        };
        if matches {
            self.names = line;
        }
        matches
    }

    fn is_called(&self, id: Id, name: &str) -> bool {
        let found = self.tree.name(id);
        match self.layout {
            Layout::Xml => found == names::local(name),
            #[cfg(feature = "query")]
            Layout::AwsQuery => found == name,
            #[cfg(feature = "query")]
            Layout::Ec2Query => match self.line.query_name() {
                Some(query) => found == query,
                None => names::is_capitalized(found, name),
            },
        }
    }

    /// The name of a member that no line has, or an entry's key.
    pub(super) fn key(&mut self) -> Result<Cow<'a, str>> {
        let (CurrentNode::Element(id), Some(frame)) = (self.current, self.frames.last()) else {
            // No element is called so.
            return Ok(Cow::Borrowed("@"));
        };
        match frame.form {
            Form::Structure { .. } => Ok(Cow::Borrowed(self.tree.name(id))),
            Form::Elements { .. } => {
                let name = names::local(frame.names.of_key().name_or(names::KEY));
                let key = self.tree.child(id, name).map(|key| Cow::Borrowed(self.tree.text(key)));
                key.ok_or_else(|| DecodeError::mismatch("a key", "an entry without one", self.offset()))
            }
        }
    }

    /// Goes from an entry's key to its value.
    pub(super) fn begin_value(&mut self) {
        let (CurrentNode::Element(id), Some(TreeFrame { names, form: Form::Elements { .. }, .. })) =
            (self.current, self.frames.last())
        else {
            return;
        };
        let item = names.of_item();
        let value = self.tree.child(id, names::local(item.name_or(names::VALUE)));
        self.current = value.map_or(CurrentNode::Nothing, CurrentNode::Element);
        self.names = item;
    }

    fn element(&self, expected: &str) -> Result<Id> {
        match self.current {
            CurrentNode::Element(id) => Ok(id),
            CurrentNode::Attribute(..) => Err(DecodeError::mismatch(expected, "an attribute", self.offset())),
            CurrentNode::Nothing => Err(DecodeError::mismatch(expected, "nothing", self.offset())),
        }
    }

    fn text(&mut self) -> &'a str {
        let text = match self.current {
            CurrentNode::Element(id) => self.tree.text(id),
            CurrentNode::Attribute(_, value) => value,
            CurrentNode::Nothing => "",
        };
        if self.frames.is_empty() {
            self.current = CurrentNode::Nothing;
        }
        text
    }

    fn parsed<T>(&mut self, expected: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        let offset = self.offset();
        parse(self.text().trim_ascii()).ok_or_else(|| DecodeError::mismatch(expected, "other text", offset))
    }

    pub(super) fn boolean(&mut self) -> Result<bool> {
        self.parsed("a boolean", |text| text.parse().ok())
    }

    pub(super) fn integer(&mut self) -> Result<i64> {
        self.parsed("an integer", |text| text.parse().ok().or_else(|| whole(text.parse().ok()?)))
    }

    /// `NaN` and the infinities have the names that they have in JSON.
    pub(super) fn float(&mut self) -> Result<f64> {
        self.parsed("a number", |text| text.parse().ok())
    }

    pub(super) fn number(&mut self) -> Result<Number> {
        self.float().map(Number::Float)
    }

    pub(super) fn skip_number(&mut self) -> Result<()> {
        self.number().map(drop)
    }

    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        Some(self.text())
    }

    pub(super) fn string(&mut self) -> Result<Cow<'a, str>> {
        Ok(Cow::Borrowed(self.text()))
    }

    pub(super) fn blob(&mut self) -> Result<Vec<u8>> {
        self.parsed("base64", |text| {
            let is_plain = !text.bytes().any(|byte| byte.is_ascii_whitespace());
            let lines: Cow<'_, str> =
                if is_plain { text.into() } else { text.split_ascii_whitespace().collect::<String>().into() };
            STANDARD.decode(lines.as_bytes()).ok()
        })
    }

    pub(super) fn epoch_seconds(&mut self) -> Result<Timestamp> {
        self.parsed("a timestamp", Timestamp::from_text)
    }
}

/// The integer that a float is, if it is one of 64 bits.
fn whole(value: f64) -> Option<i64> {
    // Both limits are powers of two and therefore exact.
    let fits = value.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
    fits.then_some(value as i64)
}
