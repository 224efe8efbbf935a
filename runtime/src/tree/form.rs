//! Forms, whose names are paths: what a server reads of the query protocols.

use super::{Element, Slice, Text, Tree, limited};
use crate::DecodeError;
use std::borrow::Cow;
use std::cmp::Ordering;

/// A value and the path to it.
struct Field {
    path: Vec<Slice>,
    value: Slice,
}

impl Tree<'static> {
    /// Reads a form. Around all is an element without a name.
    ///
    /// # Errors
    ///
    /// What is not UTF-8 once it is decoded.
    pub(crate) fn form(body: &[u8]) -> Result<Self, DecodeError> {
        let body = limited(body)?;
        let (mut source, mut fields) = (String::with_capacity(body.len()), Vec::new());
        for pair in body.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let path = name.split('.').map(|step| decode(step, &mut source)).collect::<Result<_, _>>()?;
            fields.push(Field { path, value: decode(value, &mut source)? });
        }
        let mut tree = Tree { source: Cow::Owned(source), ..Tree::default() };
        // What has the beginning of a path in common stands together; elements of lists in their order.
        fields.sort_by(|a, b| compare(&tree, a, b));
        tree.push(Slice::default());
        let mut open = Vec::new();
        let mut last: &[Slice] = &[];
        for Field { path, value } in &fields {
            let common = path.iter().zip(last).take_while(|(a, b)| tree.slice(**a) == tree.slice(**b)).count();
            // The same path twice is two elements.
            let common = common.min(path.len().saturating_sub(1));
            for id in open.drain(common..).rev() {
                tree.close(id);
            }
            for step in path.get(common..).unwrap_or_default() {
                open.push(tree.push(*step));
            }
            if let Some(element) = tree.elements.last_mut() {
                element.text = Text::Slice(*value);
            }
            last = path;
        }
        for id in open.into_iter().rev() {
            tree.close(id);
        }
        tree.close(0);
        Ok(tree)
    }

    fn push(&mut self, name: Slice) -> u32 {
        let id = self.elements.len() as u32;
        self.elements.push(Element { name, text: Text::Empty, attributes: 0..0, end: 0 });
        id
    }
}

fn compare(tree: &Tree<'_>, a: &Field, b: &Field) -> Ordering {
    let number = |step: &str| step.parse::<u64>().map_or((1, 0), |number| (0, number));
    let key = |slice: &Slice| {
        let step = tree.slice(*slice).to_owned();
        (number(&step), step)
    };
    a.path.iter().map(key).cmp(b.path.iter().map(key))
}

/// Adds what a part of a form means to the text.
fn decode(part: &str, source: &mut String) -> Result<Slice, DecodeError> {
    let start = source.len();
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, after) = match first {
            b'+' => (b' ', after),
            b'%' => escaped(after).unwrap_or((b'%', after)),
            byte => (*byte, after),
        };
        bytes.push(byte);
        rest = after;
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => source.push_str(text),
        Err(error) => return Err(DecodeError::new("found bytes that are not UTF-8", start + error.valid_up_to())),
    }
    Ok(Slice::at(start, source.len() - start))
}

/// The byte that two digits at the beginning stand for, and what is after them.
fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    let [high, low, after @ ..] = text else { return None };
    Some((digit(*high)? << 4 | digit(*low)?, after))
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
