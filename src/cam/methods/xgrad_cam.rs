//! XGrad-CAM.

use crate::cam::{Method, Needs, Output, Run, Weighting, combine};

/// Axiom-based Grad-CAM (Fu 2020, <https://arxiv.org/abs/2008.02312>).
///
/// `w_k = Σ_ij (g A_k) / (Σ_ij A_k + 10⁻⁷)`; map `ReLU(Σ_k w_k A_k)`.
pub static METHOD: Method = Method {
    name: "xgrad-cam",
    title: "XGrad-CAM",
    summary: "channels weighted by their mean gradient, which counts most where they are active",
    source: "Fu 2020",
    presets: &[],
    settings: &[],
    needs: Needs::Gradients,
    output: Output::Map,
    run: Run::Weights(|layer| {
        let activations = layer.activations.clone();
        let share = combine::sum_over_pixels(layer.gradients() * activations.clone());
        let sums = combine::sum_over_pixels(activations) + 1e-7;
        Ok(Weighting::Channels(combine::divide(share, sums)))
    }),
};
