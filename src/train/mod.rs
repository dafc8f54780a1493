//! Training of small networks on scenes of known truth, with the same network code that explains them.
//!
//! A network's tensors come from a [`Learner`]: it hands them out as leaves of the tape, and lets batch normalisation use
//! the statistics of the batch. One step takes scenes, forward pass, loss, backward pass and AdamW (Loshchilov 2017), at
//! a rate that rises and then falls along a cosine (Loshchilov 2016).

mod augment;
mod checkpoint;
mod dissection;
mod evaluation;
mod folder;
mod language;
mod learner;
mod lesson;
mod recipe;

pub use checkpoint::read_tensors;
pub use dissection::{Dissection, Patch, Probe, Unit};
pub use evaluation::{ClassReport, Report};
pub use folder::{write_folder, write_index, write_language_folder};
pub use language::LanguageReport;
pub use learner::{Adjustment, Learner};
pub use recipe::{HELD_OUT, LANGUAGE, RECIPES, Recipe, Start, Task, WorldKind};

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use burn::tensor::Device;

use crate::Result;
use crate::error::error;
use crate::scenes::World;
use crate::weights::Named;
use lesson::{Batch, Lesson, lesson};

/// How many batches are drawn ahead of the network.
const AHEAD: usize = 4;
/// How the names of those tensors begin that a network may take from another.
const ENCODER: [&str; 3] = ["conv1.", "bn1.", "layer"];

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
    lesson: Arc<dyn Lesson + 'a>,
    device: Device,
    learner: Learner,
    step: usize,
}

impl<'a> Trainer<'a> {
    /// An untrained network. Classes are those of `world`; questions and captions are about [`Shapes`](crate::scenes::shapes::Shapes).
    pub fn new(recipe: Recipe, world: &'a dyn World, device: &Device) -> Self {
        let lesson: Arc<dyn Lesson + 'a> = lesson(recipe.task, world).into();
        let (rows, words) = lesson.sizes();
        let learner = Learner::new(recipe.seed, rows, device).with_words(words);
        let learner = learner.clipped(recipe.clip).adjusted(recipe.adjustments);
        Self { recipe, lesson, device: device.clone(), learner, step: 0 }
    }

    /// The same where the tensors of `start` are the network's first: those of the small ResNet, to `layer4`.
    pub fn starting_from(self, mut start: Named) -> Self {
        start.retain(|name, _| ENCODER.iter().any(|prefix| name.starts_with(prefix)));
        Self { learner: self.learner.starting_from(start), ..self }
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
        let (recipe, lesson) = (self.recipe, self.lesson.clone());
        std::thread::scope(|scope| {
            let (send, batches) = sync_channel(AHEAD);
            let steps = self.step..until.min(recipe.steps());
            // It ends when nobody receives any more.
            scope.spawn(move || {
                steps.map(|step| lesson.batch(&recipe, step)).all(|batch| send.send(batch).is_ok())
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
    fn learn(&mut self, batch: Box<dyn Batch>) -> Result<f32> {
        let loss = batch.loss(&self.recipe, &mut self.learner, &self.device)?;
        self.learner.check_start()?;
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
