//! What networks are taught, a file for each task: batches of scenes with what is to be told of them, and how wrong a network is.

mod captions;
mod classes;
mod gates;
mod questions;
mod things;

use burn::tensor::{Device, Tensor, TensorData, activation};

use super::{Learner, Recipe, Task, augment};
use crate::Result;
use crate::picture::{Picture, Preprocessor};
use crate::scenes::World;

/// A task, with all that its scenes are drawn from.
pub(super) trait Lesson: Send + Sync {
    /// How many classes, answers or words the network tells apart, and how many words it reads.
    fn sizes(&self) -> (usize, usize);

    /// The name of the loss. It has another one as soon as the same network is found right or wrong otherwise: a run that has begun
    /// with one loss does not go on with another.
    fn loss_name(&self) -> &'static str;

    /// What step `step` learns from.
    fn batch(&self, recipe: &Recipe, step: usize) -> Box<dyn Batch>;
}

/// Scenes as the network takes them, and what it is to say of them.
pub(super) trait Batch: Send {
    /// How wrong the network of `learner` is.
    fn loss(self: Box<Self>, recipe: &Recipe, learner: &mut Learner, device: &Device) -> Result<Tensor<1>>;
}

/// The lesson of a task; classes are those of `world`.
pub(super) fn lesson<'a>(task: Task, world: &'a dyn World) -> Box<dyn Lesson + 'a> {
    match task {
        Task::Classes => Box::new(classes::Classes(world)),
        Task::Things => Box::new(things::Things),
        Task::Questions(count) => Box::new(questions::AboutScenes(count)),
        Task::Captions => Box::new(captions::Captions),
    }
}

/// The numbers of the scenes of a step.
fn indices(recipe: &Recipe, step: usize) -> impl Iterator<Item = u64> {
    let first = step * recipe.batch;
    (first..first + recipe.batch).map(|index| index as u64)
}

/// Pictures as the network sees them in training.
#[derive(Default)]
struct Pictures(Vec<f32>);

impl Pictures {
    fn push(&mut self, recipe: &Recipe, index: u64, picture: &Picture) {
        let preprocessor = Preprocessor::imagenet(recipe.side);
        self.0.extend(preprocessor.normalise(&augment::augmented(picture, recipe.seed, index)));
    }

    /// `[n, 3, side, side]`, normalised.
    fn tensor(self, recipe: &Recipe, device: &Device) -> Tensor<4> {
        let side = recipe.side as usize;
        Tensor::from_data(TensorData::new(self.0, [recipe.batch, 3, side, side]), device)
    }
}

/// Rows of `width` values each, `[n, width]`.
fn rows(values: Vec<f32>, width: usize, device: &Device) -> Tensor<2> {
    let shape = [values.len() / width, width];
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// Binary cross-entropy of logits `[n, classes]`, mean over classes and pictures, in the form that cannot overflow:
/// `max(y, 0) - y t + ln(1 + e^{-|y|})`.
fn binary(logits: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
    let softplus = ((-logits.clone().abs()).exp() + 1.0).log();
    (logits.clone().clamp_min(0.0) - logits * labels + softplus).mean()
}

/// Cross-entropy of logits `[n, classes]` against shares that sum to what a row counts, mean over rows.
fn categorical(logits: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
    -(activation::log_softmax(logits, 1) * labels).sum_dim(1).mean()
}
