//! EigenCAM.

use burn::tensor::Tensor;

use crate::Result;
use crate::cam::{Evidence, Method, Needs, Run, combine};

/// Eigen-CAM: class activation map using principal components (Muhammad 2020, <https://arxiv.org/abs/2008.00299>).
///
/// With `M = A` as `[k, h·w]` and `v` its first right singular vector over the pixels: `σ₁ v`, with the sign
/// that makes its mean positive. No class takes part in it.
pub const METHOD: Method = Method {
    name: "eigen-cam",
    title: "EigenCAM",
    summary: "the first principal component of the activations, whatever the class",
    source: "Muhammad 2020",
    needs: Needs::Activations,
    run: Run::Layer(map),
    ..Method::PLAIN
};

/// Squarings of the Gram matrix: its 4096th power leaves the first component alone.
const SQUARINGS: usize = 12;

fn map(evidence: &Evidence) -> Result<Tensor<3>> {
    let activations = evidence.activations.clone();
    let [rows, k, h, w] = activations.dims();
    let matrix = activations.reshape([rows, k, h * w]);
    let wide = matrix.clone().transpose();
    // Of the two Gram matrices the smaller one: over the channels, or over the pixels.
    let over_channels = k < h * w;
    let gram = if over_channels { matrix.clone().matmul(wide) } else { wide.matmul(matrix.clone()) };
    let mut power = gram.clone();
    for _ in 0..SQUARINGS {
        let scale = power.clone().abs().max_dim(2).max_dim(1);
        let normal = combine::divide(power.clone(), scale.expand(power.dims()));
        power = normal.clone().matmul(normal);
    }
    // Started with the sum of all pixels, what remains has a positive mean already.
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

/// Each column of `[rows, n, 1]` at length one, or zero.
fn unit(column: Tensor<3>) -> Tensor<3> {
    let largest = column.clone().abs().max_dim(1).expand(column.dims());
    let column = combine::divide(column, largest);
    let length = column.clone().square().sum_dim(1).sqrt().expand(column.dims());
    combine::divide(column, length)
}
