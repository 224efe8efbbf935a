//! XML and HTML, as far as error bodies need them: a scanner that is never refused anything, and two things to find.
//!
//! No XML library: it would be one more crate for all clients, for answers that the protocols here do not have.

use crate::ErrorFields;
use std::borrow::Cow;

/// A piece of markup. Names are without prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token<'a> {
    Open { name: &'a str, empty: bool },
    Close(&'a str),
    Text(Cow<'a, str>),
}

/// The pieces of a text. Comments, declarations and processing instructions are passed over; what ends too early ends
/// with the text.
struct Tokens<'a>(&'a str);

impl<'a> Tokens<'a> {
    /// Passes over everything up to and with `end`, and returns what was before that.
    fn until(&mut self, end: &str) -> &'a str {
        let (before, after) = self.0.split_once(end).unwrap_or((self.0, ""));
        self.0 = after;
        before
    }

    /// Passes over `<!DOCTYPE ...>`, which may have `[...]` with more declarations.
    fn declaration(&mut self) {
        let bracket = self.0.find(['[', '>']).filter(|at| self.0.as_bytes().get(*at) == Some(&b'['));
        if bracket.is_some() {
            self.until("]");
        }
        self.until(">");
    }

    /// A start tag, after its `<`. An attribute's value may have a `>`.
    fn open(&mut self) -> Token<'a> {
        let mut quote = None;
        let end = self.0.char_indices().find(|(_, character)| match (quote, character) {
            (None, '>') => true,
            (None, '"' | '\'') => {
                quote = Some(*character);
                false
            }
            (Some(open), character) => {
                quote = quote.filter(|_| open != *character);
                false
            }
            _ => false,
        });
        let (tag, rest) = self.0.split_at(end.map_or(self.0.len(), |(end, _)| end));
        self.0 = rest.strip_prefix('>').unwrap_or_default();
        let name = tag.split(|character: char| character.is_ascii_whitespace() || character == '/').next();
        let name = without_prefix(name.unwrap_or_default());
        let empty = tag.ends_with('/');
        if !empty && (name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style")) {
            self.skip_raw_text(name);
        }
        Token::Open { name, empty }
    }

    /// Moves to the end tag of an element of HTML in which `<` is no markup.
    fn skip_raw_text(&mut self, name: &str) {
        let is_end = |at: usize| {
            let rest = self.0.as_bytes().get(at + 2..at + 2 + name.len());
            rest.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        };
        let end = self.0.match_indices("</").map(|(at, _)| at).find(|at| is_end(*at));
        self.0 = end.and_then(|end| self.0.get(end..)).unwrap_or_default();
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let skipped = [("<!--", "-->"), ("<?", "?>")].into_iter().find(|(start, _)| self.0.starts_with(start));
            if let Some((start, end)) = skipped {
                self.0 = self.0.strip_prefix(start)?;
                self.until(end);
            } else if let Some(rest) = self.0.strip_prefix("<![CDATA[") {
                self.0 = rest;
                return Some(Token::Text(Cow::Borrowed(self.until("]]>"))));
            } else if self.0.starts_with("<!") {
                self.declaration();
            } else if let Some(rest) = self.0.strip_prefix("</") {
                self.0 = rest;
                return Some(Token::Close(without_prefix(self.until(">").trim_ascii())));
            } else if let Some(rest) = self.0.strip_prefix('<')
                && rest.starts_with(|first: char| first.is_alphabetic() || first == '_')
            {
                self.0 = rest;
                return Some(self.open());
            } else {
                // The first character may be a `<` that begins no tag.
                let first = self.0.chars().next()?.len_utf8();
                let end = self.0[first..].find('<').map_or(self.0.len(), |end| first + end);
                let (text, rest) = self.0.split_at(end);
                self.0 = rest;
                return Some(Token::Text(unescaped(text)));
            }
        }
    }
}

fn without_prefix(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Text with its references replaced; unknown ones stay as they are.
fn unescaped(text: &str) -> Cow<'_, str> {
    let mut pieces = text.split('&');
    let first = pieces.next().unwrap_or_default();
    if first.len() == text.len() {
        return Cow::Borrowed(text);
    }
    let mut plain = first.to_owned();
    for piece in pieces {
        match piece.split_once(';').and_then(|(name, rest)| Some((referred(name)?, rest))) {
            Some((character, rest)) => {
                plain.push(character);
                plain.push_str(rest);
            }
            None => plain.extend(["&", piece]),
        }
    }
    Cow::Owned(plain)
}

fn referred(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

/// Whether the text begins like an HTML page, or a part of one.
pub(crate) fn is_html(text: &str) -> bool {
    const ELEMENTS: [&str; 12] =
        ["html", "head", "title", "meta", "body", "center", "h1", "h2", "p", "pre", "div", "b"];
    let doctype = text.trim_ascii_start().get(..14).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html"));
    doctype
        || Tokens(text).find_map(|token| match token {
            Token::Open { name, .. } => Some(ELEMENTS.iter().any(|element| element.eq_ignore_ascii_case(name))),
            _ => None,
        }) == Some(true)
}

/// The title of an HTML page, or all its text where it has none that says more than "Error".
pub(crate) fn page_text(html: &str) -> String {
    let (mut title, mut text, mut in_title) = (String::new(), String::new(), false);
    for token in Tokens(html) {
        match token {
            Token::Open { name, .. } | Token::Close(name) if name.eq_ignore_ascii_case("title") => {
                in_title = matches!(token, Token::Open { empty: false, .. });
            }
            Token::Open { .. } | Token::Close(_) => {}
            Token::Text(piece) => {
                let target = if in_title { &mut title } else { &mut text };
                for word in piece.split_whitespace() {
                    if !target.is_empty() {
                        target.push(' ');
                    }
                    target.push_str(word);
                }
            }
        }
    }
    if title.is_empty() || title.eq_ignore_ascii_case("error") && !text.is_empty() { text } else { title }
}

/// What an error in XML says: `Code` and `Message`, wherever they stand (`<ErrorResponse><Error><Code>`,
/// `<Response><Errors><Error><Code>`, `<Error><Code>`), or the document's own name, as in
/// `<AccessDeniedException><Message>`. Of several the outermost counts: members of an error may have these names too.
pub(crate) fn xml_error_fields(xml: &str) -> ErrorFields {
    let mut fields = ErrorFields::default();
    let mut root = None;
    let mut content = String::new();
    // How many elements are open, and were where each field was found.
    let (mut depth, mut of_code, mut of_message) = (0_usize, usize::MAX, usize::MAX);
    for token in Tokens(xml) {
        match token {
            Token::Open { name, empty } => {
                root = root.or(Some(name));
                depth += usize::from(!empty);
                content.clear();
            }
            Token::Text(text) => content.push_str(&text),
            Token::Close(name) => {
                let field = match name {
                    "Code" | "code" => Some((&mut fields.code, &mut of_code)),
                    "Message" | "message" => Some((&mut fields.message, &mut of_message)),
                    _ => None,
                };
                let text = content.trim();
                if let Some((field, found_at)) = field.filter(|(_, found_at)| depth < **found_at && !text.is_empty()) {
                    (*field, *found_at) = (Some(text.to_owned()), depth);
                }
                depth = depth.saturating_sub(1);
                content.clear();
            }
        }
    }
    let name = root.filter(|root| !["Error", "Errors", "ErrorResponse", "Response", "Envelope"].contains(root));
    if let (None, Some(name)) = (&fields.code, name)
        && (fields.message.is_some() || ["Exception", "Error", "Fault"].iter().any(|end| name.ends_with(end)))
    {
        fields.code = Some(name.to_owned());
    }
    fields
}

/// The request id that an answer in XML has in its body.
#[cfg(feature = "xml")]
pub(crate) fn request_id(body: &[u8]) -> Option<String> {
    let text = body.starts_with(b"<").then(|| std::str::from_utf8(body).ok()).flatten()?;
    // Below the answer itself, in ec2Query above it.
    let before =
        ["</RequestId>", "</RequestID>", "</requestId>"].iter().find_map(|end| Some(text.rsplit_once(end)?.0))?;
    let (_, id) = before.rsplit_once('>')?;
    Some(id.trim_ascii().to_owned()).filter(|id| !id.is_empty())
}

/// Whether the outermost element has this name.
#[cfg(all(feature = "rest", feature = "xml"))]
pub(crate) fn is_within(xml: &str, name: &str) -> bool {
    Tokens(xml).find_map(|token| match token {
        Token::Open { name: found, .. } => Some(found == name),
        Token::Close(_) | Token::Text(_) => None,
    }) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(text: &str) -> (Option<String>, Option<String>) {
        let ErrorFields { code, message, .. } = xml_error_fields(text);
        (code, message)
    }

    #[test]
    fn errors_in_xml() {
        let expected = (Some("AccessDenied".to_owned()), Some("No <way> & \"none\" é".to_owned()));
        for text in [
            r#"<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>
               <Code>AccessDenied</Code><Message>No &lt;way&gt; &amp; &quot;none&quot; &#233;</Message></Error>
               <RequestId>7a62c49f</RequestId></ErrorResponse>"#,
            r#"<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>AccessDenied</Code>
               <Message><![CDATA[No <way> & "none" é]]></Message></Error></Errors><RequestID>1</RequestID></Response>"#,
            r#"<Error><Code>AccessDenied</Code><Message>No &lt;way> &amp; "none" &#xE9;</Message><a:Code>b</a:Code></Error>"#,
            r#"<!DOCTYPE e [<!ENTITY a "x>y">]><!-- <Code>x</Code> --><n:AccessDenied n:a='>' b="/>"><n:message>
               No &lt;way&gt; &amp; "none" é </n:message></n:AccessDenied>"#,
            r#"<AccessDenied><Message>No &lt;way&gt; &amp; "none" é</Message>"#,
        ] {
            assert_eq!(xml(text), expected, "{text}");
        }
        let inner = "<Error><Code>A</Code><Messages><Message>b</Message><x/></Messages><message>c</message><Code>D</Code></Error>";
        assert_eq!(xml(inner), (Some("A".to_owned()), Some("c".to_owned())), "the outermost, and of those the first");
        assert_eq!(xml("<UnknownOperationException/>"), (Some("UnknownOperationException".to_owned()), None));
        assert_eq!(
            xml("<Error><Message> m &nope; &#xD800; &</Message></Error>").1.as_deref(),
            Some("m &nope; &#xD800; &")
        );
        for text in [
            "<ok/>",
            "<Error/>",
            "<",
            "<a",
            "</",
            "<!--",
            "<![CDATA[",
            "<?",
            "<!",
            "<!D[",
            "<a b='",
            "&#x;",
            "a<",
            "<é",
        ] {
            assert_eq!(xml(text), (None, None), "{text}");
        }
    }

    #[test]
    fn the_text_of_pages() {
        for (html, text) in [
            ("<html><head><title>\n Log  in &amp; go </title></head><body>x</body></html>", "Log in & go"),
            ("<!doctype html><TITLE>Error</TITLE><pre>Cannot POST /</pre>", "Cannot POST /"),
            ("<html><script>if (a</b && '<title>x') {}</script><style>p > a {}</style><h1>502</h1> <p>Bad", "502 Bad"),
            ("<html><title></title>", ""),
        ] {
            assert!(is_html(html), "{html}");
            assert_eq!(page_text(html), text, "{html}");
        }
        assert!(!is_html("<ErrorResponse>") && !is_html("") && !is_html("<?xml version='1.0'?><Error/>"));
    }

    #[test]
    fn time_grows_with_the_text_alone() {
        for piece in ["<", "<a", "<a>", "</", "<!", "<![", "<!--", "<script>", "<a '", "&", "&#", "<!DOCTYPE ["] {
            let text = piece.repeat(20_000);
            xml_error_fields(&text);
            page_text(&text);
            is_html(&text);
        }
    }
}
