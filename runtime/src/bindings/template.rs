//! Templates of paths and queries, such as `/portals/{portalArn+}?tags`: forwards for requests, backwards for servers.

use crate::EncodeError;
use std::borrow::Cow;

/// A template: its path and its query, where it has one.
pub(crate) struct Template {
    path: &'static str,
    query: Option<&'static str>,
}

/// A part of a path.
enum Part {
    Literal(&'static str),
    /// A label, and whether it takes slashes.
    Label(&'static str, bool),
}

impl Template {
    pub fn new(uri: &'static str) -> Self {
        match uri.split_once('?') {
            Some((path, query)) => Self { path, query: Some(query) },
            None => Self { path: uri, query: None },
        }
    }

    fn parts(&self) -> impl Iterator<Item = Part> {
        let mut rest = self.path;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            if let Some((label, after)) = rest.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
                rest = after;
                let name = label.strip_suffix('+');
                return Some(Part::Label(name.unwrap_or(label), name.is_some()));
            }
            // A brace that opens nothing is text.
            let end = rest.char_indices().skip(1).find(|(_, letter)| *letter == '{').map_or(rest.len(), |(at, _)| at);
            let (literal, after) = rest.split_at(end);
            rest = after;
            Some(Part::Literal(literal))
        })
    }

    /// The path with a value for each label, and the query with `parameters` after its own.
    ///
    /// # Errors
    /// A label without a value, or with one that is empty, `.` or `..`: the path would be another one.
    pub fn expand(
        &self,
        labels: &[(&'static str, String)],
        parameters: &[(Cow<'static, str>, String)],
    ) -> Result<String, EncodeError> {
        let mut uri = String::with_capacity(self.path.len() + 64);
        for part in self.parts() {
            match part {
                Part::Literal(text) => uri.push_str(text),
                Part::Label(name, greedy) => {
                    let value = labels.iter().find(|(label, _)| *label == name).map(|(_, value)| value.as_str());
                    let fault = match value {
                        None | Some("") => Some("nothing"),
                        // Whoever takes such segments out of a path comes to another one. Keys have slashes, and may mean it.
                        Some("." | "..") if !greedy => Some("a segment of dots"),
                        Some(_) => None,
                    };
                    if let Some(found) = fault {
                        let mut error =
                            EncodeError::new(format!("found {found}, expected text: it is part of the path"));
                        error.path_mut().prepend_member(name);
                        return Err(error);
                    }
                    let value = value.unwrap_or_default();
                    encode(&mut uri, value, greedy);
                }
            }
        }
        let mut separator = '?';
        if let Some(query) = self.query.filter(|query| !query.is_empty()) {
            uri.push('?');
            uri.push_str(query);
            separator = '&';
        }
        for (name, value) in parameters {
            uri.push(separator);
            separator = '&';
            encode(&mut uri, name, false);
            uri.push('=');
            encode(&mut uri, value, false);
        }
        Ok(uri)
    }

    /// Whether the template itself has this key in its query.
    pub fn has_key(&self, key: &str) -> bool {
        let own = self.query.into_iter().flat_map(|query| query.split('&'));
        own.map(|pair| pair.split('=').next().unwrap_or(pair)).any(|own| own == key)
    }

    #[cfg(any(test, feature = "test-util"))]
    /// How many letters of a path and a query are the template's own, if they fit it: of several templates that fit, the
    /// one with most of its own is meant.
    pub fn fits(&self, path: &str, query: &str) -> Option<usize> {
        let own: Vec<&str> =
            self.query.into_iter().flat_map(|own| own.split('&')).filter(|own| !own.is_empty()).collect();
        let is_there =
            |pair: &&str| query.split('&').any(|there| there == *pair || there.strip_suffix('=') == Some(*pair));
        let literal = |part: Part| match part {
            Part::Literal(text) => text.len(),
            Part::Label(..) => 0,
        };
        let letters = self.parts().map(literal).sum::<usize>() + own.iter().map(|pair| pair.len() + 1).sum::<usize>();
        (own.iter().all(is_there) && self.labels(path).is_some()).then_some(letters)
    }

    /// The value of each label in `path`; `None` if it does not fit.
    pub fn labels(&self, path: &str) -> Option<Vec<(&'static str, String)>> {
        let mut labels = Vec::new();
        let mut rest = path;
        let mut parts = self.parts().peekable();
        while let Some(part) = parts.next() {
            match part {
                Part::Literal(text) => rest = rest.strip_prefix(text)?,
                Part::Label(name, greedy) => {
                    // A greedy label takes what the text after it leaves.
                    let end = match (parts.peek(), greedy) {
                        (Some(Part::Literal(text)), true) => rest.rfind(text)?,
                        (_, true) => rest.len(),
                        (Some(Part::Literal(text)), false) => rest.find(text)?,
                        (_, false) => rest.find('/').unwrap_or(rest.len()),
                    };
                    let (value, after) = rest.split_at_checked(end)?;
                    if value.is_empty() || !greedy && value.contains('/') {
                        return None;
                    }
                    labels.push((name, decode(value)));
                    rest = after;
                }
            }
        }
        rest.is_empty().then_some(labels)
    }
}

/// The pairs of a query, decoded, in their order.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// Appends text with all encoded but unreserved characters, and slashes where they may stay.
fn encode(uri: &mut String, text: &str, slashes: bool) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or('0');
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            b'/' if slashes => uri.push('/'),
            _ => uri.extend(['%', digit(byte >> 4), digit(byte & 15)]),
        }
    }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let pair = after.split_first_chunk::<2>();
        let code = pair.and_then(|(digits, _)| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        match (byte, code, pair) {
            (b'%', Some(code), Some((_, after))) => {
                bytes.push(code);
                rest = after;
            }
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_go_into_the_path_and_come_out_of_it() {
        let template = Template::new("/a/{first}/b/{rest+}/c?fixed=1&bare");
        let labels = [("first", " %:/?#é".to_owned()), ("rest", "x/y z".to_owned())];
        let uri = template.expand(&labels, &[("q".into(), "a&b".to_owned())]).unwrap_or_default();
        assert_eq!(uri, "/a/%20%25%3A%2F%3F%23%C3%A9/b/x/y%20z/c?fixed=1&bare&q=a%26b");
        let (path, query) = uri.split_once('?').unwrap_or_default();
        assert_eq!(template.labels(path).unwrap_or_default(), labels);
        assert_eq!(template.fits(path, query), Some(8 + 8 + 5));
        assert_eq!(template.fits(path, "fixed=1"), None);
        assert_eq!(template.labels("/a/b/c"), None);
        assert_eq!(
            pairs("a=%20&b&a=+").collect::<Vec<_>>(),
            [("a", " "), ("b", ""), ("a", "+")].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }

    #[test]
    fn a_label_that_leads_to_another_path_is_an_error() {
        for (labels, found) in [
            (vec![], "nothing"),
            (vec![("x", String::new())], "nothing"),
            (vec![("x", ".".to_owned())], "a segment of dots"),
            (vec![("x", "..".to_owned())], "a segment of dots"),
        ] {
            let error = Template::new("/a/{x}").expand(&labels, &[]).map_err(|error| error.to_string());
            let expected = format!("x: found {found}, expected text: it is part of the path");
            assert_eq!(error.err(), Some(expected));
        }
        let kept = [("x", "..a".to_owned()), ("y", "a/../b".to_owned())];
        assert_eq!(Template::new("/{x}/{y+}").expand(&kept, &[]).ok().as_deref(), Some("/..a/a/../b"));
    }
}
