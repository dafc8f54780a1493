//! Guided backpropagation.

use burn::tensor::Tensor;

use crate::Result;
use crate::cam::{Method, Needs, Output, Preset, Run, Study};
use crate::network::ReluRule;

/// Striving for simplicity: the all convolutional net (Springenberg 2015, <https://arxiv.org/abs/1412.6806>).
///
/// `∂y/∂x`, `[3, height, width]`, where every ReLU passes `g·1[x>0]·1[g>0]` back (ReLU6: `1[0<x<6]`). It shows outlines
/// rather than reasons: it changes little when the weights are randomised (Adebayo 2018).
///
/// The preset `pytorch` changes only the ReLUs that are modules in torchvision, as hooks on modules do.
pub static METHOD: Method = Method {
    name: "guided-backprop",
    title: "Guided backpropagation",
    summary: "the gradient, with each ReLU passing back only positive values; the outlines look much the same for every class",
    source: "Springenberg 2015",
    presets: &[PYTORCH],
    settings: &[],
    needs: Needs::Nothing,
    output: Output::Picture,
    run: Run::Study(|study| Box::pin(async move { map(study) })),
};

/// The preset that changes modules only.
pub(super) const PYTORCH: Preset = Preset { name: "pytorch" };

/// The raw maps `[rows, 3, height, width]`.
pub(in crate::cam) fn map(study: &Study) -> Result<Tensor<4>> {
    let modules_only = study.layer.preset == Some(PYTORCH);
    study.input_gradient(study.x.clone(), ReluRule::Guided, modules_only)
}
