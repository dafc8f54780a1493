//! The target: the number `y` that is explained, and whose gradients a method looks at.

use std::fmt;
use std::str::FromStr;

use burn::tensor::Tensor;

use super::ClassSum;
use crate::error::{error, unknown};
use crate::read_back::upload;
use crate::{Error, Problem, Result};

/// The score `y` of a class `c`. Where the scores of several classes add up ([`ClassSum`]), what stands here of `c` is summed
/// over them.
///
/// ```
/// use cam_lucida::cam::Target;
///
/// assert_eq!("contrast:281".parse::<Target>()?, Target::Contrast(281));
/// assert_eq!(Target::Contrast(281).to_string(), "contrast:281");
/// assert_eq!(Target::default().to_string(), "logit");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    /// `y^c`, the class score before softmax or sigmoid.
    #[default]
    Logit,
    /// `softmax(y)^c`, or `sigmoid(y^c)` when a picture may show several classes, see [`Problem`].
    Probability,
    /// The natural logarithm of it: a caption's is the sum of its words'.
    LogProbability,
    /// `y^c - y^other`: what speaks for the class rather than for the other.
    Contrast(usize),
    /// `-y^c`: what speaks against the class (Selvaraju 2017, counterfactual explanations).
    Counterfactual,
}

/// How a target is written, and how it is made of the class `ID`, which all but one of them ignore.
type Written = (&'static str, fn(usize) -> Target);

const WRITTEN: [Written; 5] = [
    ("logit", |_| Target::Logit),
    ("probability", |_| Target::Probability),
    ("contrast:ID", Target::Contrast),
    ("counterfactual", |_| Target::Counterfactual),
    ("log-probability", |_| Target::LogProbability),
];

/// Stands for a class in [`WRITTEN`].
const CLASS: &str = "ID";

impl Target {
    /// The forms that [`from_str`](FromStr::from_str) reads; `ID` stands for a class.
    pub const FORMS: [&'static str; 5] =
        [WRITTEN[0].0, WRITTEN[1].0, WRITTEN[2].0, WRITTEN[3].0, WRITTEN[4].0];

    /// The factor of each logit in `y`, for each of `rows` (what is explained there): `[rows, classes]`.
    /// With [`Target::Probability`] the factor of each probability, with [`Target::LogProbability`] of its logarithm.
    pub(super) fn factors(self, rows: &[ClassSum], like: &Tensor<2>) -> Tensor<2> {
        let classes = like.dims()[1];
        let mut factors = vec![0.0_f32; rows.len() * classes];
        for (row, sum) in rows.iter().enumerate() {
            let row = &mut factors[row * classes..][..classes];
            let each = if self == Self::Counterfactual { -1.0 } else { 1.0 };
            sum.classes().iter().for_each(|&class| row[class] = each);
            if let Self::Contrast(other) = self {
                row[other] -= 1.0;
            }
        }
        let device = like.device().inner();
        upload(factors, [rows.len(), classes], &device)
    }

    /// The sum of every row's `y`, whose gradient to a row of activations is that of the row's own `y`.
    pub(super) fn score(self, problem: Problem, logits: Tensor<2>, rows: &[ClassSum]) -> Tensor<1> {
        let factors = self.factors(rows, &logits);
        (self.terms(problem, logits) * factors).sum()
    }

    /// `y` of each of `sums` for every row of logits `[n, classes]`: `[n, sums.len()]`.
    pub(super) fn scores(self, problem: Problem, logits: Tensor<2>, sums: &[ClassSum]) -> Tensor<2> {
        let factors = self.factors(sums, &logits);
        self.terms(problem, logits).matmul(factors.transpose())
    }

    /// What the factors multiply.
    fn terms(self, problem: Problem, logits: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Probability => problem.activate(logits),
            Self::LogProbability => problem.log_probabilities(logits),
            _ => logits,
        }
    }

    /// Whether `y` is a linear function of the logits.
    pub(super) fn is_linear(self) -> bool {
        !matches!(self, Self::Probability | Self::LogProbability)
    }

    /// Checks that there are probabilities where they are explained.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request) when the network gives values.
    pub(crate) fn check_problem(self, problem: Problem) -> Result<()> {
        if self.is_linear() || problem != Problem::Value {
            return Ok(());
        }
        Err(error!(
            Request,
            "target-without-probability",
            "the network gives values, which have no probabilities; explain the target logit, which is the value"
        ))
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
    Err(error!(
        Request,
        "class-out-of-range",
        "class {class} does not exist: this network has {classes} classes, 0 to {last}",
        class,
        classes,
        last = classes - 1
    ))
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        for (form, target) in WRITTEN {
            let Some(name) = form.strip_suffix(CLASS) else {
                if text == form {
                    return Ok(target(0));
                }
                continue;
            };
            if let Some(class) = text.strip_prefix(name) {
                let wrong = || {
                    error!(
                        Request,
                        "target-class",
                        "`{found}` needs a class number, such as {name}281",
                        found = text,
                        name
                    )
                };
                return class.parse().map(target).map_err(|_| wrong());
            }
        }
        Err(unknown("target", text, Self::FORMS))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = if let Self::Contrast(other) = *self { other } else { 0 };
        let (form, _) =
            WRITTEN.iter().find(|(_, target)| target(class) == *self).expect("it lists every target");
        f.write_str(&form.replace(CLASS, &class.to_string()))
    }
}
