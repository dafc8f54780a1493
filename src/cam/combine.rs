//! Combining channels into maps, and bringing maps to one scale and size.

use burn::tensor::Tensor;
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};

use crate::Size;

/// `ReLU(Σ_k w_k A_k)`: weights `[rows, k]` and activations `[rows, k, h, w]` to maps `[rows, h, w]`.
pub fn rectified_weighted_sum(weights: Tensor<2>, activations: Tensor<4>) -> Tensor<3> {
    let [rows, k, h, w] = activations.dims();
    let weights: Tensor<3> = weights.unsqueeze_dim(1);
    let sum = weights.matmul(activations.reshape([rows, k, h * w]));
    sum.reshape([rows, h, w]).clamp_min(0.0)
}

/// Sum over the pixels of each channel, `[rows, k, h, w]` to `[rows, k]`.
pub fn sum_over_pixels(x: Tensor<4>) -> Tensor<2> {
    let [rows, k, h, w] = x.dims();
    x.reshape([rows, k, h * w]).sum_dim(2).reshape([rows, k])
}

/// Sum over the channels, `[rows, k, h, w]` to `[rows, h, w]`.
pub fn sum_over_channels(x: Tensor<4>) -> Tensor<3> {
    x.sum_dim(1).squeeze_dim(1)
}

/// Numerator over denominator, zero where the denominator is.
pub fn divide<const D: usize>(numerator: Tensor<D>, denominator: Tensor<D>) -> Tensor<D> {
    let undefined = denominator.clone().equal_scalar(0.0);
    (numerator / denominator.mask_fill(undefined.clone(), 1.0)).mask_fill(undefined, 0.0)
}

/// Each channel of `[n, k, h, w]` brought to 0..1; one that is flat becomes zero.
pub fn min_max(x: Tensor<4>) -> Tensor<4> {
    let [n, k, h, w] = x.dims();
    let pixels = x.reshape([n, k, h * w]);
    let min = pixels.clone().min_dim(2);
    let range = pixels.clone().max_dim(2) - min.clone();
    let range = range.expand([n, k, h * w]);
    divide(pixels - min, range).reshape([n, k, h, w])
}

/// Bilinear, with half-pixel centres: `[n, k, h, w]` to `[n, k, height, width]`.
pub fn upsample(x: Tensor<4>, Size { height, width }: Size) -> Tensor<4> {
    let options = InterpolateOptions::new(InterpolateMode::Bilinear).with_align_corners(false);
    interpolate(x, options.with_output_size([height, width]))
}
