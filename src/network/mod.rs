//! Networks: one forward pass with a tap at every named module, in torchvision's architectures.
//!
//! Adding one: a file beside these, and its line in [`NETWORKS`]; one in [`OTHERS`], where shapes tell its size.

mod batch_norm;
pub mod blocks;
mod blueprint;
mod convolve;
mod densenet;
mod inception_v3;
mod mobilenet_v2;
mod relu;
mod resnet;
mod sequence;
mod shufflenet_v2;
mod squeezenet;
mod tap;
mod vgg;

pub use blueprint::Blueprint;
pub use relu::ReluRule;
pub use tap::{Layer, Memory, Tap, Tapped, repeat_rows};
use tap::{add, concatenate};

use burn::tensor::{Device, Tensor};

use crate::Result;
use crate::weights::Parameters;
use blocks::Loader;

/// A convolutional classifier.
pub trait Network {
    /// Class scores before softmax `[n, classes]` of normalised pictures `x` `[n, 3, h, w]`.
    ///
    /// The output of every module with a picture-shaped output passes `tap` under torchvision's name.
    fn forward(&self, x: Tensor<4>, tap: &mut Tap) -> Tensor<2>;

    /// The head, where it is global average pooling and one linear layer: what CAM (Zhou 2016) explains.
    fn linear_head(&self) -> Option<LinearHead> {
        None
    }

    /// How the names of tensors start that weight files hold for training alone.
    fn training_only(&self) -> &'static [&'static str] {
        &[]
    }

    /// Rows and columns that a picture needs at least, so that something is left of it at the last layer.
    fn least_side(&self) -> usize {
        32
    }
}

/// A head of global average pooling and one linear layer.
pub struct LinearHead {
    /// The names of the layer whose output is pooled.
    pub layers: Vec<String>,
    /// The linear layer's weight, `[classes, k]`.
    pub weight: Tensor<2>,
}

/// A network without its weights: a line of [`NETWORKS`].
#[derive(Clone, Copy)]
pub struct Architecture {
    /// torchvision's name, such as `resnet50`.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// First author and year of the paper.
    pub paper: &'static str,
    /// The layer that is explained unless another is asked for.
    pub default_layer: &'static str,
    /// Rows and columns of the pictures that it was trained on.
    pub size: u32,
    load: fn(&mut Loader) -> Result<Box<dyn Network>>,
}

/// Every network, in the order in which they are offered.
pub const NETWORKS: &[Architecture] = &[
    squeezenet::SQUEEZENET1_1,
    squeezenet::SQUEEZENET1_0,
    mobilenet_v2::MOBILENET_V2,
    mobilenet_v2::MOBILENET_V2_X0_25,
    mobilenet_v2::MOBILENET_V2_X0_5,
    mobilenet_v2::MOBILENET_V2_X0_75,
    mobilenet_v2::MOBILENET_V2_X1_4,
    shufflenet_v2::SHUFFLENET_V2_X0_5,
    shufflenet_v2::SHUFFLENET_V2_X1_0,
    shufflenet_v2::SHUFFLENET_V2_X1_5,
    shufflenet_v2::SHUFFLENET_V2_X2_0,
    resnet::RESNET18,
    resnet::RESNET34,
    resnet::RESNET50,
    resnet::RESNET101,
    resnet::RESNET152,
    densenet::DENSENET121,
    densenet::DENSENET161,
    densenet::DENSENET169,
    densenet::DENSENET201,
    inception_v3::INCEPTION_V3,
    vgg::VGG11,
    vgg::VGG13,
    vgg::VGG16,
    vgg::VGG19,
    vgg::VGG11_BN,
    vgg::VGG13_BN,
    vgg::VGG16_BN,
    vgg::VGG19_BN,
    resnet::RESNET_SMALL,
    mobilenet_v2::MOBILENET_V2_SMALL,
    shufflenet_v2::SHUFFLENET_V2_SMALL,
    densenet::DENSENET_SMALL,
    vgg::VGG_SMALL,
    squeezenet::SQUEEZENET_SMALL,
];

/// Networks whose widths and depths are read off the shapes of a weight file's tensors: what none of [`NETWORKS`] fits.
pub const OTHERS: &[Architecture] = &[
    resnet::RESNET_OTHER,
    densenet::DENSENET_OTHER,
    mobilenet_v2::MOBILENET_V2_OTHER,
    vgg::VGG_OTHER,
    shufflenet_v2::SHUFFLENET_V2_OTHER,
    squeezenet::SQUEEZENET_OTHER,
];

impl Architecture {
    /// The network called `name`.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request), listing the names that there are.
    pub fn named(name: &str) -> Result<&'static Self> {
        let mut networks = NETWORKS.iter().chain(OTHERS);
        let names = networks.clone().map(|network| network.name);
        networks
            .find(|network| network.name == name)
            .ok_or_else(|| crate::error::unknown("network", name, names))
    }

    /// Builds the network on `device`, taking each of its tensors from `parameters`.
    ///
    /// # Errors
    /// As [`Parameters::take`].
    pub fn load(&self, parameters: &mut dyn Parameters, device: &Device) -> Result<Box<dyn Network>> {
        (self.load)(&mut Loader::new(parameters, device))
    }
}
