//! From a JSON pointer to a line and a column. Positions are looked up for
//! diagnostics only, so reading a model pays nothing for them.

/// Line and column, both from 1, of the value at `pointer` in a JSON text, or of its key.
pub(super) fn locate(text: &[u8], pointer: &str, at_key: bool) -> Option<(usize, usize)> {
    find(text, pointer, at_key).map(|offset| line_and_column(text, offset))
}

/// Line and column of a byte; columns count characters.
pub(super) fn line_and_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |index| index + 1);
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let column = before[line_start..].iter().filter(|&&byte| !is_continuation(byte)).count() + 1;
    (line, column)
}

/// Whether a byte of UTF-8 is not the first of its character.
fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Offset of the value (or its key) at `pointer`, or of the innermost value
/// around it that can be found: a pointer does not tell which of the keys that
/// occur twice it means. Of those the first is what was read. If the key itself
/// is at fault it is the last: the earlier one was fine until then.
fn find(text: &[u8], pointer: &str, at_key: bool) -> Option<usize> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.space();
    let (mut key_at, mut value_at) = (scanner.at, scanner.at);
    let mut steps = pointer.split('/').skip(1).peekable();
    while let Some(step) = steps.next() {
        let step = step.replace("~1", "/").replace("~0", "~");
        scanner.at = value_at;
        let found = match scanner.peek()? {
            b'{' => scanner.member(&step, at_key && steps.peek().is_none()),
            b'[' => step.parse().ok().and_then(|index| scanner.element(index)),
            _ => None,
        };
        let Some(found) = found else { break };
        (key_at, value_at) = found;
    }
    Some(if at_key { key_at } else { value_at })
}

/// Walks over text that is known to be JSON; other text gives `None`.
struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Passes the next byte and the space after it.
    fn pass(&mut self) {
        self.at += 1;
        self.space();
    }

    /// In an object: offsets of the first or last key named `name` and of its value.
    fn member(&mut self, name: &str, last: bool) -> Option<(usize, usize)> {
        let mut found = None;
        self.pass();
        while self.peek()? != b'}' {
            let key_at = self.at;
            self.string()?;
            let key: String = serde_json::from_slice(self.text.get(key_at..self.at)?).ok()?;
            self.space();
            self.pass(); // the colon
            if key == name && (last || found.is_none()) {
                found = Some((key_at, self.at));
            }
            self.value()?;
        }
        found
    }

    /// In a list: offset of an element, twice.
    fn element(&mut self, index: usize) -> Option<(usize, usize)> {
        self.pass();
        for _ in 0..index {
            if self.peek()? == b']' {
                return None;
            }
            self.value()?;
        }
        Some((self.at, self.at))
    }

    /// Passes a value, and the comma after it if there is one.
    fn value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                _ => self.at += 1,
            }
            if depth == 0 && matches!(self.peek(), None | Some(b',' | b'}' | b']')) {
                break;
            }
        }
        if self.peek() == Some(b',') {
            self.pass();
        }
        Some(())
    }

    /// Passes a string.
    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(())
    }
}
