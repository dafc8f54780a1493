//! What a weight file holds: states, each the tensors of one dict or module.

use super::stored::Stored;
use crate::Error;

/// The tensors of one dict, or of one module that was saved whole.
#[derive(Clone)]
pub struct State {
    /// Where in the file it is, such as `state_dict`; empty: the file is nothing else.
    pub path: String,
    /// In the file's order.
    pub tensors: Vec<(String, Entry)>,
    /// The class of a module that was saved whole.
    pub class: Option<String>,
    /// Whether the file's order is that in which the network was built.
    pub ordered: bool,
    /// Whether its tensors are those of several dicts, which stand in one.
    pub joined: bool,
    /// What is wrong with one of its tensors: the file is damaged.
    pub damaged: Option<Error>,
}

/// What stands in a tensor's place.
#[derive(Clone)]
pub enum Entry {
    Stored(Stored),
    /// No tensor, or one that cannot be read, and why.
    Unreadable(Error),
    /// An object of another kind than tensors, and why it is none.
    Other(Error),
}

impl Entry {
    pub fn stored(&self) -> Option<&Stored> {
        match self {
            Self::Stored(stored) => Some(stored),
            _ => None,
        }
    }
}
