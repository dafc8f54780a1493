//! What thing each pixel of the network's last layer shows.

use burn::tensor::{Device, Tensor};

use super::gates::{coarse, pixels};
use super::{Batch, Lesson, Pictures, binary, indices, rows};
use crate::Result;
use crate::network::Tap;
use crate::network::language::Encoder;
use crate::network::ops::{Linear, Loader};
use crate::scenes::shapes::{Arrangement, COLOURS, KINDS, Shapes};
use crate::train::{Learner, Recipe};

/// What is told of each of the network's pixels: the kinds, the colours, and whether the middle of a thing is in it.
const SEEN: usize = KINDS.len() + COLOURS.len() + 1;

/// The things of scenes of shapes.
pub struct Things;

struct Shown {
    pictures: Pictures,
    /// Of each pixel, [`SEEN`] numbers; see [`things`].
    labels: Vec<f32>,
}

impl Lesson for Things {
    fn sizes(&self) -> (usize, usize) {
        (SEEN, 0)
    }

    fn loss_name(&self) -> &'static str {
        "things 1"
    }

    fn batch(&self, recipe: &Recipe, step: usize) -> Box<dyn Batch> {
        let shapes = Shapes::training();
        let (mut pictures, mut labels) = (Pictures::default(), Vec::new());
        for index in indices(recipe, step) {
            let arrangement = shapes.arrangement(recipe.seed, index, recipe.side);
            labels.extend(things(&arrangement));
            pictures.push(recipe, index, &arrangement.scene.picture);
        }
        Box::new(Shown { pictures, labels })
    }
}

impl Batch for Shown {
    fn loss(self: Box<Self>, recipe: &Recipe, learner: &mut Learner, device: &Device) -> Result<Tensor<1>> {
        let mut loader = Loader::new(learner, device);
        let (features, channels) = Encoder::features(&mut loader)?;
        let fc = Linear::load(&mut loader, "fc", channels, SEEN)?;
        // The last layer, read at each of its pixels as CAM reads it.
        let seen = features.forward(self.pictures.tensor(recipe, device), &mut Tap::default());
        let seen: Tensor<3> = seen.flatten(2, 3);
        Ok(binary(fc.forward(seen.swap_dims(1, 2).flatten(0, 1)), rows(self.labels, SEEN, device)))
    }
}

/// Of each of the network's pixels, [`SEEN`] numbers: how much of it each kind and each colour takes, and 1 where the middle
/// of a thing is.
fn things(arrangement: &Arrangement) -> Vec<f32> {
    let Arrangement { scene, things } = arrangement;
    let (side, count) = pixels(scene);
    let mut labels = vec![0.0; count * SEEN];
    let share = count as f32 / (side * side) as f32;
    for (pixel, &owner) in scene.owners.iter().enumerate().filter(|&(_, &owner)| owner > 0) {
        let thing = &things[usize::from(owner) - 1];
        let at = coarse([pixel % side, pixel / side], side) * SEEN;
        labels[at + thing.kind] += share;
        labels[at + KINDS.len() + thing.colour] += share;
    }
    for object in &scene.objects {
        let [left, top, width, height] = object.bounds.map(|bound| bound as usize);
        labels[coarse([left + width / 2, top + height / 2], side) * SEEN + SEEN - 1] = 1.0;
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::super::gates::board;
    use super::*;

    #[test]
    fn each_pixel_of_the_network_is_told_what_it_shows() {
        let (board, pixels) = (board(), things(&board()));
        let sum = |row: usize| pixels.chunks(SEEN).map(|pixel| pixel[row]).sum::<f32>();
        for (thing, object) in board.things.iter().zip(&board.scene.objects) {
            let shares = object.visible as f32 / 64.0;
            for row in [thing.kind, KINDS.len() + thing.colour] {
                assert!(
                    (sum(row) - shares).abs() < 1e-3,
                    "{}: {} instead of {shares}",
                    object.name,
                    sum(row)
                );
            }
            let [left, top, width, height] = object.bounds.map(|bound| bound as usize);
            let middle = (top + height / 2) / 8 * 12 + (left + width / 2) / 8;
            assert_eq!(pixels[middle * SEEN + SEEN - 1], 1.0);
        }
        assert_eq!(sum(SEEN - 1), 2.0);
        assert_eq!(sum(2), 0.0, "there is no bus");
        assert!(pixels.iter().all(|&share| (0.0..=1.0 + 1e-6).contains(&share)));
    }
}
