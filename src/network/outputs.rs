//! A network whose outputs are taken for others than its own.

use burn::tensor::Tensor;

use super::{LinearHead, Network, OwnHead, Part, ReceptiveField, Tap};
use crate::Note;

/// What becomes of a network's outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outputs {
    /// They stay as they are.
    Own,
    /// One output `y` is the score of "yes": class 1. That of "no", class 0, is `-y`, since `sigmoid(-y) = 1 - sigmoid(y)`. So both
    /// have maps of their own, and probabilities that add up to 1.
    YesNo,
    /// Features, of which there is no classifier, become their mean.
    Mean,
}

/// A network with other outputs than its own.
pub struct With(pub Outputs, pub Box<dyn Network>);

impl Network for With {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let y = self.1.forward(x, tap);
        match self.0 {
            Outputs::Own => y,
            Outputs::YesNo => Tensor::cat(vec![-y.clone(), y], 1),
            Outputs::Mean => y.mean_dim(1),
        }
    }

    fn linear_head(&self) -> Option<LinearHead> {
        let LinearHead { layers, weight } = self.1.linear_head()?;
        let weight = match self.0 {
            Outputs::YesNo => Tensor::cat(vec![-weight.clone(), weight], 0),
            Outputs::Own | Outputs::Mean => weight,
        };
        Some(LinearHead { layers, weight })
    }

    fn own_head(&self) -> Option<OwnHead> {
        self.1.own_head()
    }

    fn input_channels(&self) -> usize {
        self.1.input_channels()
    }

    fn notes(&self) -> &[Note] {
        self.1.notes()
    }

    fn training_only(&self) -> &'static [&'static str] {
        self.1.training_only()
    }

    fn min_side(&self) -> usize {
        self.1.min_side()
    }

    fn largest_activation(&self, sides: [usize; 2]) -> usize {
        self.1.largest_activation(sides)
    }

    fn parts(&self, sides: [usize; 2]) -> Vec<Part<'_>> {
        self.1.parts(sides)
    }

    fn receptive_field(&self, layer: &str) -> Option<ReceptiveField> {
        self.1.receptive_field(layer)
    }
}
