//! Element-wise Grad-CAM.

use crate::cam::{Method, Needs, Output, Run, combine};

/// Grad-CAM element by element, as in pytorch-grad-cam (<https://github.com/jacobgil/pytorch-grad-cam>).
///
/// `Σ_k ReLU(g_k A_k)`.
pub static METHOD: Method = Method {
    name: "element-wise",
    title: "Element-wise Grad-CAM",
    summary: "the positive part of activation times gradient, element by element",
    source: "Gildenblat 2021",
    presets: &[],
    settings: &[],
    needs: Needs::Gradients,
    output: Output::Map,
    run: Run::Layer(|layer| {
        let product = layer.gradients() * layer.activations.clone();
        Ok(combine::sum_over_channels(product.clamp_min(0.0)))
    }),
};
