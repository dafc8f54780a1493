//! EigenCAM.

use burn::tensor::Tensor;

use crate::Result;
use crate::cam::{LayerActivations, Method, Needs, Output, Run, combine};

/// Eigen-CAM: class activation map using principal components (Muhammad 2020, <https://arxiv.org/abs/2008.00299>).
///
/// With `M = A` as `[k, h·w]` and `v` its first right singular vector over the pixels: `σ₁ v`, with the sign that makes
/// its mean positive. It does not depend on the class.
pub static METHOD: Method = Method {
    name: "eigen-cam",
    title: "EigenCAM",
    summary: "the first principal component of the activations; it ignores the class",
    source: "Muhammad 2020",
    presets: &[],
    settings: &[],
    needs: Needs::Activations,
    output: Output::Map,
    run: Run::Layer(map),
};

/// Squarings of the Gram matrix: its 4096th power holds little but the first component.
const SQUARINGS: usize = 12;

fn map(layer: &LayerActivations) -> Result<Tensor<3>> {
    let activations = layer.activations.clone();
    let [rows, k, h, w] = activations.dims();
    let matrix = activations.reshape([rows, k, h * w]);
    let wide = matrix.clone().transpose();
    // The smaller of the two Gram matrices: over the channels, or over the pixels.
    let over_channels = k < h * w;
    let gram = if over_channels { matrix.clone().matmul(wide) } else { wide.matmul(matrix.clone()) };
    let mut power = gram.clone();
    for _ in 0..SQUARINGS {
        let scale = power.clone().abs().max_dim(2).max_dim(1);
        let normal = combine::divide(power.clone(), scale.expand(power.dims()));
        power = normal.clone().matmul(normal);
    }
    // The power iteration starts with the sum of all pixels, so the mean is already positive.
    let map = if over_channels {
        let start = matrix.clone().sum_dim(2);
        unit(power.matmul(start)).transpose().matmul(matrix)
    } else {
        let ones = power.ones_like().slice_dim(2, 0..1);
        let direction = unit(power.matmul(ones));
        let variance = direction.clone().transpose().matmul(gram).matmul(direction.clone());
        direction.transpose() * variance.clamp_min(0.0).sqrt()
    };
    Ok(map.reshape([rows, h, w]))
}

/// Scales each column of `[rows, n, 1]` to length one; zero stays zero.
fn unit(column: Tensor<3>) -> Tensor<3> {
    let largest = column.clone().abs().max_dim(1).expand(column.dims());
    let column = combine::divide(column, largest);
    let length = column.clone().square().sum_dim(1).sqrt().expand(column.dims());
    combine::divide(column, length)
}
