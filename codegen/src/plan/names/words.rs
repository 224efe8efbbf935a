//! The words of a name, and names made of words. Names are of ASCII letters, digits and underscores.

/// `image_builder` for `ImageBuilder`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 8);
    each_word(name, |word| {
        if !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(word.chars().map(|c| c.to_ascii_lowercase()));
    });
    snake
}

/// `ImageBuilder` for `IMAGE_BUILDER`.
pub(super) fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    each_word(name, |word| {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        camel.extend(letters.map(|c| c.to_ascii_lowercase()));
    });
    camel
}

/// The case of the letters before.
#[derive(Clone, Copy, PartialEq)]
enum Case {
    /// There are none in the word.
    None,
    Small,
    Capital,
}

/// Words begin at a capital after a small letter, and at the last of several capitals that a small letter follows; digits
/// go with what is before them.
fn each_word(name: &str, mut each: impl FnMut(&str)) {
    for run in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| !run.is_empty()) {
        let (mut start, mut before) = (0, Case::None);
        for (index, pair) in run.as_bytes().windows(2).enumerate() {
            let (letter, next) = (pair[0], pair[1]);
            let now = match letter {
                b'a'..=b'z' => Case::Small,
                b'A'..=b'Z' => Case::Capital,
                _ => before,
            };
            let begins = if now == Case::Small && next.is_ascii_uppercase() {
                index + 1
            } else if before == Case::Capital && letter.is_ascii_uppercase() && next.is_ascii_lowercase() {
                index
            } else {
                before = now;
                continue;
            };
            each(&run[start..begins]);
            (start, before) = (begins, Case::None);
        }
        each(&run[start..]);
    }
}
