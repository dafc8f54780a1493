//! The catalogue: one family of architectures a file, each a description of modules.

pub mod densenet;
pub mod inception_v3;
pub mod mobilenet_v2;
pub mod regnet;
pub mod resnet;
pub mod shufflenet_v2;
pub mod squeezenet;
pub mod vgg;

use super::module::{Module, Sequence};
use super::ops::Convolution;
use crate::Note;
use crate::error::error;

/// How a network begins: a convolution, and a max pool or none.
#[derive(Clone, Copy)]
struct Stem {
    /// Channels that come out.
    width: usize,
    /// Rows and columns of its convolution's window.
    kernel: usize,
    stride: usize,
    /// Whether a pool follows.
    pooled: bool,
}

impl Stem {
    /// As the papers have it, but for width and window.
    const fn of(width: usize, kernel: usize) -> Self {
        Self { width, kernel, stride: 2, pooled: true }
    }

    /// For the small pictures of CIFAR: 3×3, without stride and pool.
    const fn for_small_pictures(self) -> Self {
        Self { kernel: 3, stride: 1, pooled: false, ..self }
    }
}

/// The note of a first convolution of 3×3 where the paper has 7×7.
fn small_pictures() -> Note {
    error!(
        Weights,
        "stem-for-small-pictures",
        "its first convolution is 3×3, as for the pictures of CIFAR: a stride of 1 and no max pool are assumed, since no weight file tells them"
    )
    .into()
}

/// Convolution, batch normalisation and `activation`, by number: torchvision's `Conv2dNormActivation`.
fn conv_norm(convolution: Convolution, activation: Module) -> Sequence {
    Sequence::numbered([convolution.into(), Module::BATCH_NORM, activation])
}
