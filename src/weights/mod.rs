//! Where a network's numbers come from: a file of named tensors, or a hash of their names; and what is said beside them.

mod card;
mod file;
mod format;
mod hashed;
mod labels;

pub use self::card::{Card, OwnPreprocessing};
pub use self::file::Weights;
pub use self::format::{Named, Precision, write_safetensors};
pub use self::hashed::Hashed;
pub use self::labels::labels;
