//! How long the texts may be that come beside weights.

use crate::Result;
use crate::error::error;

/// The most bytes of a text beside weights: a card, or class names. Those of the 21,841 classes of ImageNet take half of it.
pub const MAX_TEXT_BYTES: usize = 4 << 20;

/// Checks the length of a text; `name` says which it is.
///
/// # Errors
/// [`is_weights`](crate::Error::is_weights) when it is longer than [`MAX_TEXT_BYTES`].
pub fn check(name: &str, text: &str) -> Result<()> {
    if text.len() <= MAX_TEXT_BYTES {
        return Ok(());
    }
    Err(error!(
        Weights,
        "text-size",
        "{name}: the text has {bytes} bytes; a card or a list of class names may have {max}. Is it another file?",
        name,
        bytes = text.len(),
        max = MAX_TEXT_BYTES
    ))
}
