//! Grad-CAM++.

use burn::tensor::Tensor;

use crate::cam::{LayerActivations, Method, Needs, Output, Preset, Run, Weighting, combine};

/// Grad-CAM++: improved visual explanations for deep convolutional networks (Chattopadhay 2018,
/// <https://arxiv.org/abs/1710.11063>).
///
/// `α = g² / (2g² + (Σ_ab A_k) g³)`, zero where `g` or the denominator is zero; `w_k = Σ_ij α · ReLU(g)`; map
/// `ReLU(Σ_k w_k A_k)`. `g = ∂y/∂A` replaces the paper's `∂exp(y)/∂A`, whose factor `exp(y)` scales every channel alike.
///
/// The preset `pytorch-grad-cam` adds 10⁻⁶ to the denominator, as that library does. Without it the fraction is
/// reduced by `g²`, so that small gradients do not underflow.
pub static METHOD: Method = Method {
    name: "grad-cam++",
    title: "Grad-CAM++",
    summary: "channels weighted by their positive gradients, pixel by pixel; better when a picture shows several objects of a class",
    source: "Chattopadhay 2018",
    presets: &[PYTORCH_GRAD_CAM],
    settings: &[],
    needs: Needs::Gradients,
    output: Output::Map,
    run: Run::Weights(|layer| Ok(weights(layer))),
};

/// The preset that follows <https://github.com/jacobgil/pytorch-grad-cam>.
const PYTORCH_GRAD_CAM: Preset = Preset { name: "pytorch-grad-cam" };

/// The raw maps `[rows, h, w]`.
pub fn map(layer: &LayerActivations) -> Tensor<3> {
    weights(layer).map(layer.activations.clone())
}

fn weights(layer: &LayerActivations) -> Weighting {
    let gradients = layer.gradients();
    let [rows, k, _, _] = gradients.dims();
    let sums = combine::sum_over_pixels(layer.activations.clone()).reshape([rows, k, 1, 1]);
    let (numerator, denominator) = if layer.preset == Some(PYTORCH_GRAD_CAM) {
        let squared = gradients.clone().square();
        let cubed = squared.clone() * gradients.clone();
        (squared.clone(), squared * 2.0 + sums * cubed + 1e-6)
    } else {
        (gradients.ones_like(), sums * gradients.clone() + 2.0)
    };
    let alpha = combine::divide(numerator, denominator);
    Weighting::Channels(combine::sum_over_pixels(alpha * gradients.clamp_min(0.0)))
}
