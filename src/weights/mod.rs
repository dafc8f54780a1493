//! Where a network's numbers come from: a file of named tensors, or a hash of their names; and the model's card.
//!
//! `format/` reads files and knows no network; `file.rs` matches their tensors with the networks; `card.rs` reads what is
//! said beside them, `vocabulary.rs` the words that a network knows. Nothing here knows methods, explanations or pictures beyond their preprocessing.

mod card;
mod file;
mod format;
mod hashed;
mod labels;
mod vocabulary;

pub use self::card::{Card, PreprocessorOverrides};
pub use self::file::Weights;
pub use self::format::{Named, Precision, write_safetensors};
pub use self::hashed::Hashed;
pub use self::labels::labels;
pub use self::vocabulary::{Tokenized, Vocabulary};
