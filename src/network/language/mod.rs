//! Networks that read and write: [`Film`] answers questions about a picture, [`Captioner`] describes it.
//!
//! Both look through the small ResNet, whose layers the tap shows under their own names. With its question bound, a
//! network is a classifier of answers; with the words before a place bound, one of the word there. So every method
//! explains them as it explains any [`Network`](super::Network).
//!
//! Words are numbers here. The first few stand for no word; see [`PAD`], [`UNKNOWN`], [`START`] and [`END`].

mod architectures;
mod block;
mod captioner;
mod embedding;
mod film;
mod lstm;
mod phrase;
mod search;
mod tokens;

pub use architectures::NETWORKS;
#[cfg(feature = "train")]
pub(crate) use block::Encoder;
pub use captioner::{Captioner, Writing, Written};
pub use embedding::Embedding;
pub use film::{Answered, Asked, Film};
pub use lstm::{Lstm, State};
pub use phrase::WritingPhrase;
pub use search::Sentence;
pub use tokens::{END, PAD, START, UNKNOWN};
