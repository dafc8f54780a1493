//! What a network was trained to tell, and so how its outputs become probabilities.

use std::str::FromStr;

use burn::tensor::{Tensor, activation};
use strum::VariantArray;

use crate::error::unknown;
use crate::{Error, Result};

/// What a network's outputs are: scores of classes, of which a picture shows one or any number, or values.
///
/// ```
/// use cam_lucida::Problem;
///
/// assert_eq!(Problem::default(), Problem::SingleLabel);
/// assert_eq!(Problem::MultiLabel.name(), "multi-label");
/// assert_eq!("multiple".parse::<Problem>()?, Problem::MultiLabel);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Problem {
    /// One of the classes: probabilities are the softmax of the class scores.
    #[default]
    SingleLabel,
    /// Any number of them: probabilities are the sigmoid of each class score.
    MultiLabel,
    /// Numbers, such as an age: there are no probabilities, and the values themselves stand in their place.
    Value,
}

impl Problem {
    /// `single-label`, `multi-label` or `value`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What a model's card calls it: `problem_type` of Hugging Face's `config.json`.
    pub fn in_card(self) -> &'static str {
        match self {
            Self::SingleLabel => "single_label_classification",
            Self::MultiLabel => "multi_label_classification",
            Self::Value => "regression",
        }
    }

    /// What users write, in the order of the variants; [`from_str`](FromStr::from_str) reads it.
    pub const WRITTEN: [&'static str; 3] = ["single", "multiple", "value"];

    /// Probabilities of class scores `[n, classes]`, differentiable, of the same shape.
    pub(crate) fn activate(self, logits: Tensor<2>) -> Tensor<2> {
        match self {
            Self::SingleLabel => activation::softmax(logits, 1),
            Self::MultiLabel => activation::sigmoid(logits),
            Self::Value => logits,
        }
    }

    /// The natural logarithms of these, of class scores `[n, classes]`; of values there are none.
    pub(crate) fn log_probabilities(self, logits: Tensor<2>) -> Tensor<2> {
        match self {
            Self::SingleLabel => activation::log_softmax(logits, 1),
            Self::MultiLabel => activation::log_sigmoid(logits),
            Self::Value => logits,
        }
    }

    /// Probabilities of one picture's class scores `[classes]`, for people.
    pub(crate) fn probabilities(self, logits: &[f32]) -> Vec<f32> {
        let sigmoid = |&y: &f32| (1.0 / (1.0 + f64::from(-y).exp())) as f32;
        match self {
            Self::SingleLabel => {
                let logits: Vec<f64> = logits.iter().copied().map(f64::from).collect();
                softmax(&logits).into_iter().map(|probability| probability as f32).collect()
            }
            Self::MultiLabel => logits.iter().map(sigmoid).collect(),
            Self::Value => logits.to_vec(),
        }
    }
}

impl FromStr for Problem {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::WRITTEN.iter().position(|written| *written == text);
        found.map(|place| Self::VARIANTS[place]).ok_or_else(|| unknown("problem", text, Self::WRITTEN))
    }
}

/// `exp(y_i) / Σ_j exp(y_j)` of each score.
pub(crate) fn softmax(scores: &[f64]) -> Vec<f64> {
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exponentials: Vec<f64> = scores.iter().map(|score| (score - highest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.iter().map(|exponential| exponential / sum).collect()
}
