//! HiResCAM.

use crate::cam::{Method, Needs, Run, combine};

/// Use HiResCAM instead of Grad-CAM for faithful explanations (Draelos 2020, <https://arxiv.org/abs/2011.08891>).
///
/// `ReLU(Σ_k g_k A_k)`, pixel by pixel.
pub const METHOD: Method = Method {
    name: "hires-cam",
    title: "HiResCAM",
    summary: "activations times gradients, pixel by pixel",
    source: "Draelos 2020",
    needs: Needs::Gradients,
    run: Run::Layer(|evidence| {
        let product = evidence.gradients() * evidence.activations.clone();
        Ok(combine::sum_over_channels(product).clamp_min(0.0))
    }),
    ..Method::PLAIN
};
