//! The gradient of the score with respect to the picture.

use burn::tensor::Tensor;

use crate::Result;
use crate::cam::{Method, Needs, Output, Run, Study};
use crate::network::ReluRule;

/// Deep inside convolutional networks: visualising image classification models and saliency maps (Simonyan 2014,
/// <https://arxiv.org/abs/1312.6034>).
///
/// `∂y/∂x`, `[3, height, width]`, signed.
pub static METHOD: Method = Method {
    name: "gradient",
    title: "Gradient",
    summary: "how the score changes with each pixel",
    source: "Simonyan 2014",
    presets: &[],
    settings: &[],
    needs: Needs::Nothing,
    output: Output::Picture,
    run: Run::Study(|study| Box::pin(async move { plain(study, study.x.clone()) })),
};

/// The gradient at pictures `[n, 3, height, width]`: `[n * rows, 3, height, width]`.
pub(in crate::cam) fn plain(study: &Study, x: Tensor<4>) -> Result<Tensor<4>> {
    study.input_gradient(x, ReluRule::Derivative, false)
}
