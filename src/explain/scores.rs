//! Class scores, and what they say.

use burn::tensor::Tensor;

use crate::read_back::{check_finite, read};
use crate::{Problem, Result};

/// Class scores of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Before softmax or sigmoid, `[classes]`.
    pub logits: Vec<f32>,
    /// After it, `[classes]`: they add up to 1 where a picture shows one of the classes, see [`Problem`].
    pub probabilities: Vec<f32>,
}

impl Scores {
    /// Of logits `[1, classes]`.
    pub(super) async fn read(logits: Tensor<2>, problem: Problem) -> Result<Self> {
        Ok(Self::read_rows(logits, problem).await?.swap_remove(0))
    }

    /// Of each row of logits `[n, classes]`.
    pub(super) async fn read_rows(logits: Tensor<2>, problem: Problem) -> Result<Vec<Self>> {
        let [_, classes] = logits.dims();
        let logits = read(logits.flatten::<1>(0, 1)).await?;
        check_finite(&logits, "class scores")?;
        Ok(logits.chunks_exact(classes).map(|row| Self::of(row.to_vec(), problem)).collect())
    }

    fn of(logits: Vec<f32>, problem: Problem) -> Self {
        Self { probabilities: problem.probabilities(&logits), logits }
    }

    /// The `count` classes with the highest scores, best first.
    pub fn top(&self, count: usize) -> Vec<usize> {
        let mut classes: Vec<usize> = (0..self.logits.len()).collect();
        classes.sort_by(|&a, &b| self.logits[b].total_cmp(&self.logits[a]));
        classes.truncate(count);
        classes
    }
}
