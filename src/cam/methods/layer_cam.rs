//! LayerCAM.

use crate::cam::{Method, Needs, Output, Run, Weighting};

/// LayerCAM: exploring hierarchical class activation maps for localization (Jiang 2021,
/// <https://doi.org/10.1109/TIP.2021.3089943>).
///
/// `ReLU(Σ_k ReLU(g_k) A_k)`, pixel by pixel: sharp at early layers too.
pub static METHOD: Method = Method {
    name: "layer-cam",
    title: "LayerCAM",
    summary: "activations times positive gradients, pixel by pixel; works at early layers too",
    source: "Jiang 2021",
    presets: &[],
    settings: &[],
    needs: Needs::Gradients,
    output: Output::Map,
    run: Run::Weights(|layer| Ok(Weighting::Pixels(layer.gradients().clamp_min(0.0)))),
};
