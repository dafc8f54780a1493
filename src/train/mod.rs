//! Training of small networks on scenes of known truth, with the same network code that explains them.
//!
//! A network's tensors come from a [`Learner`]: it hands them out as leaves of the tape, and lets batch normalisation use
//! the statistics of the batch. One step takes scenes, forward pass, loss, backward pass and AdamW (Loshchilov 2017), at
//! a rate that rises and then falls along a cosine (Loshchilov 2016).

mod augment;
mod checkpoint;
mod evaluation;
mod folder;
mod learner;
mod recipe;

pub use evaluation::{ClassReport, Report};
pub use folder::{write_folder, write_index};
pub use learner::Learner;
pub use recipe::{HELD_OUT, RECIPES, Recipe, WorldKind};

use std::sync::mpsc::sync_channel;

use burn::tensor::{Device, Tensor, TensorData, activation};

use crate::Result;
use crate::error::error;
use crate::network::Tap;
use crate::picture::Preprocessor;
use crate::scenes::World;

/// How many batches are drawn ahead of the network.
const AHEAD: usize = 4;

/// A network in training.
///
/// ```
/// use cam_lucida::Device;
/// use cam_lucida::scenes::{Hair, People};
/// use cam_lucida::train::{RECIPES, Trainer};
///
/// let recipe = RECIPES.iter().find(|recipe| recipe.name == "people-balanced").unwrap();
/// let world = People::new(Hair::Independent);
/// let trainer = Trainer::new(*recipe, &world, Device::cpu().tensors());
/// assert_eq!((trainer.step(), recipe.steps()), (0, 600));
/// // `trainer.run(recipe.steps(), |step, loss| …)` trains it.
/// ```
pub struct Trainer<'a> {
    recipe: Recipe,
    world: &'a dyn World,
    device: Device,
    learner: Learner,
    step: usize,
}

/// Scenes as the network takes them.
struct Batch {
    /// `[n, 3, side, side]`, normalised.
    pictures: Vec<f32>,
    /// `[n, classes]`, 1 where the class is in the scene.
    labels: Vec<f32>,
}

impl<'a> Trainer<'a> {
    /// An untrained network.
    pub fn new(recipe: Recipe, world: &'a dyn World, device: &Device) -> Self {
        let learner = Learner::new(recipe.seed, world.classes().len(), device);
        Self { recipe, world, device: device.clone(), learner, step: 0 }
    }

    /// Steps done.
    pub fn step(&self) -> usize {
        self.step
    }

    /// The network's numbers as they are now.
    pub fn learner(&self) -> &Learner {
        &self.learner
    }

    /// Trains up to step `until` of the recipe, and tells `report` the loss of each step.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device) when a loss is not finite, or the device fails.
    pub fn run(&mut self, until: usize, mut report: impl FnMut(usize, f32)) -> Result<()> {
        let (recipe, world) = (self.recipe, self.world);
        std::thread::scope(|scope| {
            let (send, batches) = sync_channel(AHEAD);
            let steps = self.step..until.min(recipe.steps());
            // It ends when nobody receives any more.
            scope.spawn(move || {
                steps.map(|step| batch(&recipe, world, step)).all(|batch| send.send(batch).is_ok())
            });
            for batch in &batches {
                let loss = self.learn(batch)?;
                self.step += 1;
                report(self.step, loss);
            }
            Ok(())
        })
    }

    /// One step; the loss before it.
    fn learn(&mut self, batch: Batch) -> Result<f32> {
        let (n, side, classes) = (self.recipe.batch, self.recipe.side as usize, self.world.classes().len());
        let pictures = TensorData::new(batch.pictures, [n, 3, side, side]);
        let pictures = Tensor::<4>::from_data(pictures, &self.device);
        let labels = Tensor::<2>::from_data(TensorData::new(batch.labels, [n, classes]), &self.device);
        let network = self.recipe.architecture()?.load(&mut self.learner, &self.device)?;
        let logits = network.forward(pictures, &mut Tap::default());
        let loss =
            if self.world.is_multi_label() { binary(logits, labels) } else { categorical(logits, labels) };
        let value = loss.clone().inner().into_scalar::<f32>();
        if !value.is_finite() {
            return Err(error!(
                Device,
                "loss-not-finite",
                "the loss of step {step} is {value}; a lower learning rate may help",
                step = self.step,
                value
            ));
        }
        self.learner.descend(loss, self.recipe.rate_at(self.step), self.recipe.decay);
        Ok(value)
    }
}

/// Binary cross-entropy of logits `[n, classes]`, mean over classes and pictures, in the form that cannot overflow:
/// `max(y, 0) - y t + ln(1 + e^{-|y|})`.
fn binary(logits: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
    let softplus = ((-logits.clone().abs()).exp() + 1.0).log();
    (logits.clone().clamp_min(0.0) - logits * labels + softplus).mean()
}

/// Cross-entropy of logits `[n, classes]`, mean over pictures.
fn categorical(logits: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
    -(activation::log_softmax(logits, 1) * labels).sum_dim(1).mean()
}

fn batch(recipe: &Recipe, world: &dyn World, step: usize) -> Batch {
    let classes = world.classes().len();
    let preprocessor = Preprocessor::imagenet(recipe.side);
    let (mut pictures, mut labels) = (Vec::new(), vec![0.0; recipe.batch * classes]);
    for (row, labels) in labels.chunks_exact_mut(classes).enumerate() {
        let index = (step * recipe.batch + row) as u64;
        let scene = world.scene(recipe.seed, index, recipe.side);
        let picture = augment::augmented(&scene.picture, recipe.seed, index);
        pictures.extend(preprocessor.normalise(&picture));
        scene.labels.iter().for_each(|&class| labels[class] = 1.0);
    }
    Batch { pictures, labels }
}
