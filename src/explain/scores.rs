//! Class scores and probabilities.

use burn::tensor::Tensor;

use crate::cam::ClassSum;
use crate::read_back::{check_finite, read};
use crate::{Problem, Result};

/// Class scores of one picture.
///
/// ```
/// use cam_lucida::Scores;
///
/// let scores = Scores { logits: vec![0.0, 2.0, 1.0], probabilities: vec![0.09, 0.67, 0.24] };
/// assert_eq!(scores.top(2), [1, 2]);
/// assert_eq!(scores.logit(&"1+2".parse()?), 3.0);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Before softmax or sigmoid, `[classes]`.
    pub logits: Vec<f32>,
    /// After softmax or sigmoid, `[classes]`, see [`Problem`]; of values, the values themselves.
    pub probabilities: Vec<f32>,
}

impl Scores {
    /// Reads back logits `[1, classes]`.
    pub(super) async fn read(logits: Tensor<2>, problem: Problem) -> Result<Self> {
        Ok(Self::read_rows(logits, problem).await?.swap_remove(0))
    }

    /// Reads back each row of logits `[n, classes]`.
    pub(super) async fn read_rows(logits: Tensor<2>, problem: Problem) -> Result<Vec<Self>> {
        let [_, classes] = logits.dims();
        let logits = read(logits.flatten::<1>(0, 1)).await?;
        check_finite(&logits, "class scores")?;
        Ok(logits.chunks_exact(classes).map(|row| Self::new(row.to_vec(), problem)).collect())
    }

    fn new(logits: Vec<f32>, problem: Problem) -> Self {
        Self { probabilities: problem.probabilities(&logits), logits }
    }

    /// How many of the [`top`](Self::top) classes are worth telling where nobody says how many.
    pub const TOLD: usize = 5;

    /// The score of a class, or the sum of those that add up.
    pub fn logit(&self, sum: &ClassSum) -> f32 {
        sum.classes().iter().map(|&class| self.logits[class]).sum()
    }

    /// The probability of a class, or the sum of those that add up.
    pub fn probability(&self, sum: &ClassSum) -> f32 {
        sum.classes().iter().map(|&class| self.probabilities[class]).sum()
    }

    /// The `count` classes with the highest scores, best first.
    pub fn top(&self, count: usize) -> Vec<usize> {
        let mut classes: Vec<usize> = (0..self.logits.len()).collect();
        classes.sort_by(|&a, &b| self.logits[b].total_cmp(&self.logits[a]));
        classes.truncate(count);
        classes
    }
}
