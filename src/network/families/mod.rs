//! The catalogue: one family of architectures a file, each a description of modules.

pub mod densenet;
pub mod inception_v3;
pub mod mobilenet_v2;
pub mod resnet;
pub mod shufflenet_v2;
pub mod squeezenet;
pub mod vgg;

use super::module::{Module, Sequence};
use super::ops::Convolution;
use crate::Note;
use crate::error::error;

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
