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

/// Convolution, batch normalisation and `activation`, by number: torchvision's `Conv2dNormActivation`.
fn conv_norm(convolution: Convolution, activation: Module) -> Sequence {
    Sequence::numbered([convolution.into(), Module::BATCH_NORM, activation])
}
