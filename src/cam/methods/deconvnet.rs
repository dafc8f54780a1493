//! The deconvolutional network.

use crate::cam::{Method, Needs, Output, Run};
use crate::network::ReluRule;

/// Visualizing and understanding convolutional networks (Zeiler 2014, <https://arxiv.org/abs/1311.2901>).
///
/// `∂y/∂x`, `[3, height, width]`, where every ReLU passes `g·1[g>0]` back, regardless of its input.
pub static METHOD: Method = Method {
    name: "deconvnet",
    title: "Deconvolutional network",
    summary: "the gradient, with a ReLU applied to it wherever the network has one",
    source: "Zeiler 2014",
    presets: &[],
    settings: &[],
    needs: Needs::Nothing,
    output: Output::Picture,
    run: Run::Study(|study| {
        Box::pin(async move { study.input_gradient(study.x.clone(), ReluRule::Deconvolution, false) })
    }),
};
