//! HiResCAM.

use crate::cam::{Method, Needs, Output, Run, Weighting};

/// Use HiResCAM instead of Grad-CAM for faithful explanations (Draelos 2020, <https://arxiv.org/abs/2011.08891>).
///
/// `ReLU(Σ_k g_k A_k)`, pixel by pixel.
pub static METHOD: Method = Method {
    name: "hires-cam",
    title: "HiResCAM",
    summary: "activations times gradients, pixel by pixel",
    source: "Draelos 2020",
    presets: &[],
    settings: &[],
    needs: Needs::Gradients,
    output: Output::Map,
    run: Run::Weights(|layer| Ok(Weighting::Pixels(layer.gradients()))),
};
