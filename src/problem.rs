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

    /// Probabilities of one picture's class scores `[classes]`, for people.
    pub(crate) fn probabilities(self, logits: &[f32]) -> Vec<f32> {
        let sigmoid = |&y: &f32| (1.0 / (1.0 + f64::from(-y).exp())) as f32;
        match self {
            Self::SingleLabel => softmax(logits),
            Self::MultiLabel => logits.iter().map(sigmoid).collect(),
        }
    }
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponentials: Vec<f64> = logits.iter().map(|&y| f64::from(y - highest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.iter().map(|e| (e / sum) as f32).collect()
}
