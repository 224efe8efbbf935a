//! What services say, without what they were told.

/// How much of a secret tells that it is one, in characters: a long text is cut, perhaps within the secret.
const BEGINNING: usize = 8;

/// The text of an error, in which a service may have repeated one of these secrets.
pub(super) fn without(text: impl ToString, secrets: &[&str]) -> String {
    let secrets = secrets.iter().map(|secret| secret.trim()).filter(|secret| !secret.is_empty());
    secrets.fold(text.to_string(), |text, secret| hide(&text, secret))
}

fn hide(text: &str, secret: &str) -> String {
    let middle = secret.char_indices().nth(BEGINNING).map_or(secret.len(), |(at, _)| at);
    let (beginning, end) = secret.split_at(middle);
    let (mut shown, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(beginning) {
        shown.push_str(before);
        shown.push_str("(redacted)");
        let same = after.chars().zip(end.chars()).take_while(|(one, other)| one == other);
        rest = after.get(same.map(|(one, _)| one.len_utf8()).sum()..).unwrap_or_default();
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out_whole_or_cut() {
        let secrets = ["5ecret-one-of-many\n", "short", ""];
        assert_eq!(without("a 5ecret-one-of-many b short.", &secrets), "a (redacted) b (redacted).");
        assert_eq!(without("a 5ecret-one-o…", &secrets), "a (redacted)…");
        assert_eq!(without("5ecret-on5ecret-one-of-many", &secrets), "(redacted)(redacted)");
        assert_eq!(without("a 5ecret or a secret", &secrets), "a 5ecret or a secret");
    }
}
