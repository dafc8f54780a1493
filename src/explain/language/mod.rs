//! Networks that need words beside pictures. Given a question, or the words before a place of a caption, each is a
//! [`Model`](super::Model), which explains as any other does.

mod captions;
mod phrase;
mod questions;

pub use captions::CaptionModel;
pub use phrase::PhraseExplanation;
pub use questions::QuestionModel;

use crate::Result;
use crate::error::error;
use crate::weights::{Card, Vocabulary};

/// Checks that the card lists as many words as the network has, if it lists any.
pub(super) fn check_words(card: &Card, found: usize) -> Result<()> {
    match &card.words {
        Some(words) if words.words().len() != found => Err(error!(
            Weights,
            "card-word-count",
            "the model's card lists {said} words, the weights have {found}; do they belong to another model?",
            said = words.words().len(),
            found
        )),
        _ => Ok(()),
    }
}

/// The words of a network that has `found` ones.
fn vocabulary(card: &Card, found: usize) -> Result<Vocabulary> {
    check_words(card, found)?;
    card.words.clone().ok_or_else(|| {
        error!(
            Weights,
            "card-without-words",
            "the model's card does not say which {found} words the network knows; list them in config.json under `words`",
            found
        )
    })
}
