//! Grad-CAM.

use burn::tensor::Tensor;

use crate::cam::{LayerActivations, Method, Needs, Output, Run, combine};

/// Grad-CAM: visual explanations from deep networks via gradient-based localization (Selvaraju 2017,
/// <https://arxiv.org/abs/1610.02391>).
///
/// `ReLU(Σ_k ⟨g_k⟩ A_k)`, with `A_k` channel `k` of the activation, `g_k = ∂y/∂A_k` its gradient and `⟨·⟩` the
/// mean over the pixels.
pub static METHOD: Method = Method {
    name: "grad-cam",
    title: "Grad-CAM",
    summary: "channels weighted by their mean gradient",
    source: "Selvaraju 2017",
    presets: &[],
    settings: &[],
    needs: Needs::Gradients,
    output: Output::Map,
    run: Run::Layer(|layer| Ok(map(layer))),
};

/// The raw maps `[rows, h, w]`.
pub fn map(layer: &LayerActivations) -> Tensor<3> {
    let activations = layer.activations.clone();
    let [_, _, h, w] = activations.dims();
    let weights = combine::sum_over_pixels(layer.gradients()) / (h * w) as f32;
    combine::rectified_weighted_sum(weights, activations)
}
