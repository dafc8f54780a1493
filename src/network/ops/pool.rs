//! Pooling.

use burn::tensor::Tensor;
use burn::tensor::module::{adaptive_avg_pool2d, avg_pool2d};
use burn::tensor::ops::AvgPoolOptions;

use super::max_pool::max_pool;

/// The largest value under a 3×3 window moved by 2, with `padding`; a window that only partly fits counts
/// where `ceil` says so.
pub fn max_pool_3x3(x: Tensor<4>, padding: usize, ceil: bool) -> Tensor<4> {
    max_pool(x, 3, padding, ceil)
}

/// The largest value of each 2×2 pixels.
pub fn max_pool_2x2(x: Tensor<4>) -> Tensor<4> {
    max_pool(x, 2, 0, false)
}

/// The mean of each 2×2 pixels; of an odd row or column that is left, the mean of its own pixels counts where `ceil` says so.
pub fn average_pool_2x2(x: Tensor<4>, ceil: bool) -> Tensor<4> {
    let x = if ceil { even(even(x, 2), 3) } else { x };
    avg_pool2d(x, AvgPoolOptions::new([2; 2]))
}

/// `x` with the last of an odd number of rows (axis 2) or columns (axis 3) twice, which does not change its mean.
fn even(x: Tensor<4>, axis: usize) -> Tensor<4> {
    let side = x.dims()[axis];
    if side.is_multiple_of(2) {
        return x;
    }
    let last = x.clone().narrow(axis, side - 1, 1);
    Tensor::cat(vec![x, last], axis)
}

/// The mean around each pixel under a 3×3 window, which counts zeros beyond the border.
pub fn average_pool_3x3(x: Tensor<4>) -> Tensor<4> {
    avg_pool2d(
        x,
        AvgPoolOptions::new([3; 2]).with_stride([1; 2]).with_padding([1; 2]).with_count_include_pad(true),
    )
}

/// Means of each channel over `side` by `side` parts of the picture, `[n, k, h, w]` to `[n, k, side, side]`.
pub fn adaptive_average_pool(x: Tensor<4>, side: usize) -> Tensor<4> {
    adaptive_avg_pool2d(x, [side; 2])
}

/// The mean of each channel, `[n, k, h, w]` to `[n, k, 1, 1]`.
pub fn global_average_pool(x: Tensor<4>) -> Tensor<4> {
    adaptive_average_pool(x, 1)
}

/// The largest value of each channel, `[n, k, h, w]` to `[n, k, 1, 1]`.
pub fn global_max_pool(x: Tensor<4>) -> Tensor<4> {
    x.max_dim(2).max_dim(3)
}
