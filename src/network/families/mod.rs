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
use super::{Shapes, Variant};
use crate::error::error;
use crate::{Note, Result};

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

    /// For the small pictures of CIFAR: 3×3, without stride, and without pool unless the variant says otherwise. A note tells what
    /// nobody says.
    fn for_small_pictures(self, shapes: &Shapes) -> (Self, Option<Note>) {
        let pooled = shapes.variant() == Some(Variant::CifarPool);
        let note = shapes.variant().is_none().then(small_pictures);
        (Self { kernel: 3, stride: 1, pooled, ..self }, note)
    }

    /// As it is, which a variant for small pictures contradicts.
    fn of_paper(self, shapes: &Shapes) -> Result<Self> {
        if shapes.variant() != Some(Variant::CifarPool) {
            return Ok(self);
        }
        Err(error!(
            Weights,
            "variant-without-small-stem",
            "the variant `{variant}` is of networks whose first convolution is 3×3, and that of these tensors is not; choose `torchvision`",
            variant = Variant::CifarPool
        ))
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
