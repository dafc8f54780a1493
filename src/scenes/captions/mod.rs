//! Captions of scenes of shapes: one true sentence for each scene.
//!
//! ```text
//! caption  = group | group relation group | group relation group "and" group
//! group    = ("a" | "an") colour kind | number colour plural
//! number   = "two" | "three" | "four" | "five" | "six" | "many"
//! relation = "left of" | "right of" | "above" | "below" | "with"
//! ```
//!
//! A group is all things of one kind and colour. Groups come in the order of their largest thing, the largest group first; a
//! caption names three at most. The relation holds between each thing of the first group and each thing of the other groups that
//! are named, by a gap of [`GAP`] at least between their middles; where several hold, the one with the widest gap is named, and
//! where none does, "with". Networks learn and are tested by scenes where that is plain.

mod compose;
mod vocabulary;

pub use compose::{Caption, GAP, Group, MARGIN, Role, caption, described};
pub use vocabulary::{FUNCTION_WORDS, NUMBERS, relation_words, words};
