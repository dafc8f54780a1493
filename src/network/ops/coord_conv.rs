//! Convolutions of one pixel that know where the pixel is.

use burn::tensor::{Device, Tensor};

use super::Loader;
use super::convolve::convolve;
use crate::Result;
use crate::read_back::upload;

/// A 1×1 convolution with a bias of the input's channels and two more, the pixel's coordinates (CoordConv: Liu 2018,
/// <https://arxiv.org/abs/1807.03247>): column and row, each from -1 to 1.
///
/// What the coordinates give is computed once for all pictures, so nothing is concatenated.
pub struct CoordConv {
    /// `[outputs, inputs, 1, 1]`.
    weight: Tensor<4>,
    /// What the coordinates count, `[outputs, 2]`.
    slope: Tensor<2>,
    /// `[outputs]`.
    bias: Tensor<1>,
}

impl CoordConv {
    /// Takes `{name}.weight` `[outputs, inputs + 2, 1, 1]` and `{name}.bias` `[outputs]`.
    ///
    /// # Errors
    /// As [`Parameters::take`](crate::network::Parameters::take).
    pub fn load(loader: &mut Loader, name: &str, inputs: usize, outputs: usize) -> Result<Self> {
        let weight = loader.tensor(&format!("{name}.weight"), [outputs, inputs + 2, 1, 1])?;
        let slope = weight.clone().narrow(1, inputs, 2).reshape([outputs, 2]);
        let bias = loader.tensor(&format!("{name}.bias"), [outputs])?;
        Ok(Self { weight: weight.narrow(1, 0, inputs), slope, bias })
    }

    /// `[n, inputs, h, w]` to `[n, outputs, h, w]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, _, h, w] = x.dims();
        let outputs = self.bias.dims()[0];
        let plane = self.slope.clone().matmul(coordinates(h, w, &x.device()));
        let plane = (plane + self.bias.clone().reshape([outputs, 1])).reshape([1, outputs, h, w]);
        convolve(x, self.weight.clone(), 1, [0; 2], 1) + plane
    }
}

/// Columns and rows of the pixels of `h` rows and `w` columns, each from -1 to 1: `[2, h * w]`.
pub fn coordinates(h: usize, w: usize, device: &Device) -> Tensor<2> {
    let along = |i: usize, count: usize| 2.0 * i as f32 / (count.max(2) - 1) as f32 - 1.0;
    let columns = (0..h * w).map(|pixel| along(pixel % w, w));
    let rows = (0..h * w).map(|pixel| along(pixel / w, h));
    upload(columns.chain(rows).collect(), [2, h * w], device)
}
