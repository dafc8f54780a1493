//! A network of one output, as one of two classes.

use burn::tensor::Tensor;

use super::{LinearHead, Network, OwnHead, Tap};
use crate::Note;

/// A network whose one output `y` is the score of "yes": class 1. That of "no", class 0, is `-y`, since
/// `sigmoid(-y) = 1 - sigmoid(y)`. So both have maps of their own, and probabilities that add up to 1.
pub struct YesNo(pub Box<dyn Network>);

impl Network for YesNo {
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2> {
        let y = self.0.forward(x, tap);
        Tensor::cat(vec![-y.clone(), y], 1)
    }

    fn linear_head(&self) -> Option<LinearHead> {
        let LinearHead { layers, weight } = self.0.linear_head()?;
        Some(LinearHead { layers, weight: Tensor::cat(vec![-weight.clone(), weight], 0) })
    }

    fn own_head(&self) -> Option<OwnHead> {
        self.0.own_head()
    }

    fn input_channels(&self) -> usize {
        self.0.input_channels()
    }

    fn notes(&self) -> &[Note] {
        self.0.notes()
    }

    fn training_only(&self) -> &'static [&'static str] {
        self.0.training_only()
    }

    fn min_side(&self) -> usize {
        self.0.min_side()
    }

    fn largest_activation(&self, sides: [usize; 2]) -> usize {
        self.0.largest_activation(sides)
    }
}
