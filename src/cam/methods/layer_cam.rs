//! LayerCAM.

use crate::cam::{Method, Needs, Run, combine};

/// LayerCAM: exploring hierarchical class activation maps for localization (Jiang 2021,
/// <https://doi.org/10.1109/TIP.2021.3089943>).
///
/// `ReLU(Σ_k ReLU(g_k) A_k)`, pixel by pixel: sharp at early layers too.
pub const METHOD: Method = Method {
    name: "layer-cam",
    title: "LayerCAM",
    summary: "activations times positive gradients, pixel by pixel; for early layers too",
    source: "Jiang 2021",
    needs: Needs::Gradients,
    run: Run::Layer(|evidence| {
        let product = evidence.gradients().clamp_min(0.0) * evidence.activations.clone();
        Ok(combine::sum_over_channels(product).clamp_min(0.0))
    }),
    ..Method::PLAIN
};
