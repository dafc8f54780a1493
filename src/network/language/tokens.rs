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

/// Checks that the network knows every token.
pub(super) fn check(tokens: &[usize], words: usize) -> Result<()> {
    match tokens.iter().find(|&&token| token >= words) {
        None => Ok(()),
        Some(token) => Err(error!(
            Request,
            "unknown-token",
            "there is no word number {token}; the network knows {words} words, from 0 on",
            token,
            words
        )),
    }
}

/// How many tokens come before the padding.
pub(super) fn length(tokens: &[usize]) -> usize {
    tokens.iter().rposition(|&token| token != PAD).map_or(0, |last| last + 1)
}
