//! Sentences of our own against upstream's documentation: how many words in a row they share.

use std::collections::HashSet;
use workstream_codegen::graph::Service;

/// How many words in a row a sentence may share with upstream's text.
pub(crate) const LONGEST_SHARED: usize = 7;

/// Upstream's documentation of a service, as rows of one word more than a sentence may share with it.
pub(crate) struct UpstreamText(HashSet<String>);

impl UpstreamText {
    pub fn of(service: &Service) -> Self {
        let shapes = || service.shapes().map(|(_, shape)| shape);
        let operations = service.operations().map(|(_, operation)| &operation.traits.documentation);
        let members = shapes().flat_map(|shape| shape.members()).map(|member| &member.traits.documentation);
        let of_shapes = shapes().map(|shape| &shape.traits.documentation);
        let texts = [&service.metadata().documentation].into_iter().chain(operations).chain(of_shapes).chain(members);
        Self::of_texts(texts.flatten().map(String::as_str))
    }

    fn of_texts<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let rows = texts.map(|text| words(&without_tags(text)));
        Self(rows.flat_map(|words| rows_of(&words).collect::<Vec<_>>()).collect())
    }

    /// The first row of words that a sentence has in common with it, if that is too long.
    pub fn shared_with(&self, sentence: &str) -> Option<String> {
        rows_of(&words(sentence)).find(|row| self.0.contains(row))
    }
}

/// All rows of one word more than the longest that is allowed.
fn rows_of(words: &[String]) -> impl Iterator<Item = String> {
    words.windows(LONGEST_SHARED + 1).map(|row| row.join(" "))
}

/// Words without what stands between them: case, quotes and punctuation make no text another one.
fn words(text: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '\'' || letter == '_';
    let words = text.split(|letter| !is_part(letter)).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The text of HTML.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_words_in_a_row_are_too_many() {
        let upstream = ["<p>One two <code>THREE</code>, four five six;\nseven eight nine.</p>", "<p>short</p>"];
        let text = UpstreamText::of_texts(upstream.into_iter());
        assert_eq!(text.shared_with("And one two `three` four five six seven, or not."), None);
        let shared = text.shared_with("Say one, two, three: four five `six` seven eight.");
        assert_eq!(shared.as_deref(), Some("one two three four five six seven eight"));
        assert_eq!(text.shared_with("seven eight nine short"), None, "rows do not cross texts");
    }
}
