//! Networks that compute otherwise than torchvision's from the same tensors.

use std::fmt;

use strum::VariantArray;

use super::Architecture;
use crate::error::{error, unknown_variant};
use crate::{Error, Result};

/// How a network computes where its tensors do not tell. Each is torchvision's network, but for what it says.
///
/// ```
/// use cam_lucida::network::{Architecture, Variant};
///
/// let resnet = Architecture::named("resnet50")?;
/// assert_eq!("caffe-strides".parse::<Variant>()?, Variant::CaffeStrides);
/// assert!(resnet.variants.contains(&Variant::CaffeStrides));
/// assert!(Architecture::named("vgg16")?.check_variant(Variant::CaffeStrides).unwrap_err().is_weights());
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::IntoStaticStr, strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Error, parse_err_fn = unknown)]
pub enum Variant {
    /// torchvision's own.
    #[default]
    Torchvision,
    /// ResNet's bottlenecks stride in their first convolution, the 1×1, as in Caffe's weights of the paper's authors, and in Hugging
    /// Face's with `downsample_in_bottleneck`.
    CaffeStrides,
    /// MobileNetV2 for pictures of 32 pixels: no stride in its first convolution, nor in the blocks of 24 channels
    /// (<https://github.com/huyvnphan/PyTorch_CIFAR10>).
    CifarStrides,
    /// ResNet and DenseNet for pictures of 32 pixels: a max pool follows the first convolution of 3×3, which has no stride (the same).
    CifarPool,
    /// VGG as timm has it (`timm/models/vgg.py`): it pools behind its hidden layers, which see each window of the last features. For
    /// pictures below 256 pixels there is one window, and it is torchvision's network.
    TimmPool,
}

impl Variant {
    /// What networks have that compute as torchvision's alone.
    pub(super) const ONE: &'static [Self] = &[Self::Torchvision];
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.into())
    }
}

fn unknown(name: &str) -> Error {
    unknown_variant("variant", name, Variant::VARIANTS)
}

impl Architecture {
    /// Checks that the network has this variant.
    ///
    /// # Errors
    /// [`is_weights`](Error::is_weights), with those that it has.
    pub fn check_variant(&self, variant: Variant) -> Result<()> {
        if self.variants.contains(&variant) {
            return Ok(());
        }
        Err(error!(
            Weights,
            "network-variant",
            "{title} ({network}) has no variant `{variant}`; choose one of: {known}",
            title = self.title,
            network = self.name,
            variant,
            known = self.variants.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        ))
    }
}
