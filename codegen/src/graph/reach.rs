//! What things lead to: the one walk along references, wherever one is needed.

use std::collections::VecDeque;

/// All that `roots` lead to, themselves included, each once, the nearest first. `is_new` remembers what it was asked
/// about.
pub(crate) fn reach<T: Copy, I: IntoIterator<Item = T>>(
    roots: impl IntoIterator<Item = T>,
    mut is_new: impl FnMut(T) -> bool,
    mut targets: impl FnMut(T) -> I,
) -> impl Iterator<Item = T> {
    let mut pending: VecDeque<T> = roots.into_iter().collect();
    std::iter::from_fn(move || {
        loop {
            let next = pending.pop_front()?;
            if is_new(next) {
                pending.extend(targets(next));
                return Some(next);
            }
        }
    })
}
