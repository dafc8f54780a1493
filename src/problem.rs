//! What a classifier was trained to decide, and so how its class scores become probabilities.

use burn::tensor::{Tensor, activation};

/// Whether a picture shows one of the classes, or any number of them.
///
/// ```
/// use cam_lucida::Problem;
///
/// assert_eq!(Problem::default(), Problem::SingleLabel);
/// assert_eq!(Problem::MultiLabel.name(), "multi-label");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Problem {
    /// One of the classes: probabilities are the softmax of the class scores.
    #[default]
    SingleLabel,
    /// Any number of them: probabilities are the sigmoid of each class score.
    MultiLabel,
}

impl Problem {
    /// `single-label` or `multi-label`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Probabilities of class scores `[n, classes]`, differentiable, of the same shape.
    pub(crate) fn activate(self, logits: Tensor<2>) -> Tensor<2> {
        match self {
            Self::SingleLabel => activation::softmax(logits, 1),
            Self::MultiLabel => activation::sigmoid(logits),
        }
    }

    /// The natural logarithms of these, of class scores `[n, classes]`.
    pub(crate) fn log_probabilities(self, logits: Tensor<2>) -> Tensor<2> {
        match self {
            Self::SingleLabel => activation::log_softmax(logits, 1),
            Self::MultiLabel => activation::log_sigmoid(logits),
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
        }
    }
}

/// `exp(y_i) / Σ_j exp(y_j)` of each score.
pub(crate) fn softmax(scores: &[f64]) -> Vec<f64> {
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exponentials: Vec<f64> = scores.iter().map(|score| (score - highest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.iter().map(|exponential| exponential / sum).collect()
}
