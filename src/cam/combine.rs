//! How channels become a map.

use burn::tensor::Tensor;

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
