//! Inputs made from a picture: noisy copies, and the path that leads to it.

use std::ops::Range;

use burn::tensor::Tensor;

use super::Study;
use crate::Size;

/// Makes copies `x + N(0, σ²)` with `σ = spread · (max x - min x)`, a range of samples at a time, in order.
pub fn noisy_copies<'a>(study: &'a Study, spread: f64) -> impl FnMut(Range<usize>) -> Tensor<4> + use<'a> {
    let mut random = study.random();
    let Size { height, width } = study.size();
    let [_, channels, ..] = study.x.dims();
    let range = study.x.clone().max() - study.x.clone().min();
    let sigma = (range * spread as f32).reshape([1, 1, 1, 1]);
    move |samples| {
        let count = channels * height * width;
        let values = samples.clone().flat_map(|_| random.normal(count)).collect();
        let noise = study.tensor(values, [samples.len(), channels, height, width]);
        noise * sigma.clone() + study.x.clone()
    }
}

/// Makes copies scaled by `(i + ½) / count`: the midpoints of `count` steps from the baseline, zero in the normalised
/// picture, to `x`.
pub fn path<'a>(study: &'a Study, count: usize) -> impl FnMut(Range<usize>) -> Tensor<4> + use<'a> {
    move |steps| {
        let n = steps.len();
        let along = steps.map(|i| (i as f32 + 0.5) / count as f32).collect();
        study.tensor(along, [n, 1, 1, 1]) * study.x.clone()
    }
}
