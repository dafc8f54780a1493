//! What both front ends use: a [`Model`] explains an [`Input`]; a [`Request`] says how, an [`Explanation`] is the result.
//!
//! `language/` holds what becomes a model when it is given words: a [`QuestionModel`] and a
//! [`CaptionModel`].

mod activations;
mod classify;
mod decomposition;
mod explanation;
mod heatmap;
mod input;
mod language;
mod model;
mod model_file;
mod profile;
mod request;
mod scores;

pub use activations::{Activations, ChannelActivation};
pub use decomposition::{Decomposition, Parts};
pub use explanation::Explanation;
pub use heatmap::Heatmap;
pub use input::Input;
pub use language::{CaptionModel, PhraseExplanation, QuestionModel};
pub use model::Model;
pub use model_file::ModelFile;
pub use profile::{LayerProfile, Profile};
pub use request::Request;
pub use scores::Scores;
