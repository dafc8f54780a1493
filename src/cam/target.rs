//! What is explained: the number `y` whose gradients a method looks at.

use std::fmt;
use std::str::FromStr;

use burn::tensor::{Tensor, TensorData};

use crate::{Error, Problem, Result};

/// The score `y` of a class `c`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    /// `y^c`, the class score before softmax or sigmoid.
    #[default]
    Logit,
    /// `softmax(y)^c`, or where a picture may show several classes `sigmoid(y^c)`, see [`Problem`].
    Probability,
    /// `y^c - y^other`: what speaks for the class rather than for the other.
    Contrast(usize),
    /// `-y^c`: what speaks against the class (Selvaraju 2017, counterfactual explanations).
    Counterfactual,
}

impl Target {
    /// The forms that [`from_str`](FromStr::from_str) reads.
    pub const FORMS: [&'static str; 4] = ["logit", "probability", "contrast:ID", "counterfactual"];

    /// The factor of each logit in `y`, for each of `rows` (the class explained there): `[rows, classes]`.
    /// With [`Target::Probability`] the factor of each probability.
    pub(super) fn factors(self, rows: &[usize], like: &Tensor<2>) -> Tensor<2> {
        let classes = like.dims()[1];
        let mut factors = vec![0.0_f32; rows.len() * classes];
        for (row, &class) in rows.iter().enumerate() {
            let row = &mut factors[row * classes..][..classes];
            match self {
                Self::Logit | Self::Probability => row[class] = 1.0,
                Self::Counterfactual => row[class] = -1.0,
                Self::Contrast(other) => {
                    row[class] += 1.0;
                    row[other] -= 1.0;
                }
            }
        }
        let device = like.device().inner();
        Tensor::from_data(TensorData::new(factors, [rows.len(), classes]), &device)
    }

    /// The sum of every row's `y`, whose gradient to a row of activations is that of the row's own `y`.
    pub(super) fn score(self, problem: Problem, logits: Tensor<2>, rows: &[usize]) -> Tensor<1> {
        let factors = self.factors(rows, &logits);
        (self.terms(problem, logits) * factors).sum()
    }

    /// `y` of each of `classes` for every row of logits `[n, classes]`: `[n, classes.len()]`.
    pub(super) fn scores(self, problem: Problem, logits: Tensor<2>, classes: &[usize]) -> Tensor<2> {
        let factors = self.factors(classes, &logits);
        self.terms(problem, logits).matmul(factors.transpose())
    }

    /// What the factors are of.
    fn terms(self, problem: Problem, logits: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Probability => problem.activate(logits),
            _ => logits,
        }
    }

    /// Checks that the target fits a network of `classes` classes.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) when the contrasted class does not exist.
    pub fn check(self, classes: usize) -> Result<()> {
        match self {
            Self::Contrast(other) => check_class(other, classes),
            _ => Ok(()),
        }
    }
}

/// Checks that `class` is one of `classes`.
pub(crate) fn check_class(class: usize, classes: usize) -> Result<()> {
    if class < classes {
        return Ok(());
    }
    let last = classes - 1;
    Err(Error::request(format!(
        "class {class} does not exist: this network has {classes} classes, 0 to {last}"
    )))
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Some(other) = text.strip_prefix("contrast:") {
            let other = other.parse().map_err(|_| {
                Error::request(format!("`{text}` needs a class number, such as contrast:281"))
            })?;
            return Ok(Self::Contrast(other));
        }
        match text {
            "logit" => Ok(Self::Logit),
            "probability" => Ok(Self::Probability),
            "counterfactual" => Ok(Self::Counterfactual),
            _ => Err(crate::error::unknown("target", text, Self::FORMS)),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logit => f.write_str("logit"),
            Self::Probability => f.write_str("probability"),
            Self::Contrast(other) => write!(f, "contrast:{other}"),
            Self::Counterfactual => f.write_str("counterfactual"),
        }
    }
}
