//! Where a network's numbers come from: a file of named tensors, or a hash of their names; and the model's card.
//!
//! `format/` reads files and knows no network. `choice.rs` matches what a file may hold (`candidate.rs`) with the networks (`fit.rs`).
//! `head.rs` tells heads that are not torchvision's. `saved/` compares modules that were saved whole, `order.rs` networks under names
//! that say nothing.
//!
//! `card.rs` reads what is said beside the weights, and `config.rs` its first file. `settings.rs` checks settings in it that tensors do
//! not tell. `checkpoint.rs` reads what a file says beside its tensors in place of a card. `noted.rs` keeps the notes of a file that was converted. `preprocessing/` reads what is said about pictures,
//! `vocabulary.rs` the words that a network knows; `text.rs` bounds these texts. Nothing here knows methods, explanations or pictures
//! beyond their preprocessing.

mod candidate;
mod card;
mod checkpoint;
mod choice;
mod config;
mod file;
mod fit;
mod format;
mod hashed;
mod head;
mod labels;
mod noted;
mod order;
mod preprocessing;
mod reading;
mod saved;
mod settings;
mod text;
mod vocabulary;

pub use self::card::{Assumption, Card};
pub use self::file::Weights;
pub use self::format::{Named, Precision, Source, write_safetensors};
pub use self::hashed::Hashed;
pub use self::head::StatedHead;
pub use self::labels::labels;
pub(crate) use self::noted::is_kept;
pub use self::preprocessing::{PreprocessorOverrides, ValueRange};
pub use self::reading::Reading;
pub use self::text::MAX_TEXT_BYTES;
pub use self::vocabulary::{Tokenized, Vocabulary};
