//! The weights by which most methods add up a layer's channels.

use burn::tensor::Tensor;

use super::combine;

/// What a method multiplies a layer's channels by before it adds them up: its map is `ReLU(Σ_k w_k A_k)`.
///
/// ```
/// use cam_lucida::burn::tensor::Tensor;
/// use cam_lucida::cam::Weighting;
/// # let device = cam_lucida::Device::cpu();
///
/// let activations = Tensor::from_data([[[[1.0, 2.0]], [[3.0, 0.0]]]], device.tensors());
/// let weighting = Weighting::Channels(Tensor::from_data([[2.0, -1.0]], device.tensors()));
/// let map = weighting.map(activations);
/// assert_eq!(map.to_data().try_to_vec::<f32>().unwrap(), [0.0, 4.0]);
/// ```
#[derive(Debug, Clone)]
pub enum Weighting {
    /// `w` `[rows, k]`: a number for each channel.
    Channels(Tensor<2>),
    /// `w` `[rows, k, h, w]`: a number for each pixel of each channel.
    Pixels(Tensor<4>),
}

impl Weighting {
    /// The raw maps `[rows, h, w]` of activations `[rows, k, h, w]`.
    pub fn map(&self, activations: Tensor<4>) -> Tensor<3> {
        match self {
            Self::Channels(weights) => combine::rectified_weighted_sum(weights.clone(), activations),
            Self::Pixels(weights) => combine::sum_over_channels(weights.clone() * activations).clamp_min(0.0),
        }
    }

    /// All weights one after another: those of a row are `[k]`, or `[k, h, w]`.
    pub(crate) fn flatten(self) -> Tensor<1> {
        match self {
            Self::Channels(weights) => weights.flatten(0, 1),
            Self::Pixels(weights) => weights.flatten(0, 3),
        }
    }
}
