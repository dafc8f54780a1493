//! Grad-CAM.

use burn::tensor::Tensor;

use crate::cam::{LayerActivations, Method, Needs, Output, Run, Weighting, combine};

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
    run: Run::Weights(|layer| Ok(weights(layer))),
};

/// The raw maps `[rows, h, w]`.
pub fn map(layer: &LayerActivations) -> Tensor<3> {
    weights(layer).map(layer.activations.clone())
}

fn weights(layer: &LayerActivations) -> Weighting {
    let gradients = layer.gradients();
    let [_, _, h, w] = gradients.dims();
    Weighting::Channels(combine::sum_over_pixels(gradients) / (h * w) as f32)
}
