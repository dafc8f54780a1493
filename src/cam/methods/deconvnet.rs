//! The deconvolutional network.

use crate::cam::{Method, Needs, Output, Run};
use crate::network::ReluRule;

/// Visualizing and understanding convolutional networks (Zeiler 2014, <https://arxiv.org/abs/1311.2901>).
///
/// `∂y/∂x`, `[3, height, width]`, with every ReLU passing `g·1[g>0]`, whatever its input was.
pub const METHOD: Method = Method {
    name: "deconvnet",
    title: "Deconvolutional network",
    summary: "the gradient with ReLUs applied on its way back",
    source: "Zeiler 2014",
    needs: Needs::Nothing,
    output: Output::Picture,
    run: Run::Study(|study| {
        Box::pin(async move { study.input_gradient(study.x.clone(), ReluRule::Deconvolution, false) })
    }),
    ..Method::PLAIN
};
