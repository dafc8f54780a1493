//! Which classes are in a scene.

use burn::tensor::{Device, Tensor};

use super::{Batch, Lesson, Pictures, binary, categorical, indices, rows};
use crate::Result;
use crate::network::Tap;
use crate::scenes::World;
use crate::train::{Learner, Recipe};

/// The classes of scenes of a world.
pub struct Classes<'a>(pub &'a dyn World);

struct Labelled {
    pictures: Pictures,
    /// Of each picture and class, 1 where the class is there.
    labels: Vec<f32>,
    classes: usize,
    is_multi_label: bool,
}

impl Lesson for Classes<'_> {
    fn sizes(&self) -> (usize, usize) {
        (self.0.classes().len(), 0)
    }

    fn loss_name(&self) -> &'static str {
        "classes 1"
    }

    fn batch(&self, recipe: &Recipe, step: usize) -> Box<dyn Batch> {
        let Self(world) = self;
        let classes = world.classes().len();
        let (mut pictures, mut labels) = (Pictures::default(), Vec::new());
        for index in indices(recipe, step) {
            let scene = world.scene(recipe.seed, index, recipe.side);
            let mut row = vec![0.0; classes];
            scene.labels.iter().for_each(|&class| row[class] = 1.0);
            labels.extend(row);
            pictures.push(recipe, index, &scene.picture);
        }
        Box::new(Labelled { pictures, labels, classes, is_multi_label: world.is_multi_label() })
    }
}

impl Batch for Labelled {
    fn loss(self: Box<Self>, recipe: &Recipe, learner: &mut Learner, device: &Device) -> Result<Tensor<1>> {
        let network = recipe.architecture()?.load(learner, device)?;
        let labels = rows(self.labels, self.classes, device);
        let logits = network.forward(self.pictures.tensor(recipe, device), &mut Tap::default());
        Ok(if self.is_multi_label { binary(logits, labels) } else { categorical(logits, labels) })
    }
}
