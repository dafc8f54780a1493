//! Words as numbers.

use crate::Result;
use crate::error::error;

/// Stands behind the last word of a shorter text, and means nothing.
pub const PAD: usize = 0;
/// Any word that the network does not know.
pub const UNKNOWN: usize = 1;
/// Before the first word of a caption.
pub const START: usize = 2;
/// Behind the last word of a caption.
pub const END: usize = 3;

/// Checks that every token before the padding is a word that the network knows, from `first` on, or [`UNKNOWN`].
pub(super) fn check(tokens: &[usize], first: usize, words: usize) -> Result<()> {
    let last = words - 1;
    let is_word = |token: usize| token == UNKNOWN || (first..words).contains(&token);
    match tokens[..length(tokens)].iter().find(|&&token| !is_word(token)) {
        None => Ok(()),
        Some(token) => Err(error!(
            Request,
            "unknown-token",
            "number {token} stands for no word; words have the numbers {first} to {last}, and {unknown} stands for any other word",
            token,
            first,
            last,
            unknown = UNKNOWN
        )),
    }
}

/// How many tokens come before the padding.
pub(super) fn length(tokens: &[usize]) -> usize {
    tokens.iter().rposition(|&token| token != PAD).map_or(0, |last| last + 1)
}
