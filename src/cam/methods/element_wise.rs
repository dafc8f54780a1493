//! Element-wise Grad-CAM.

use crate::cam::{Method, Needs, Run, combine};

/// Grad-CAM element by element, as pytorch-grad-cam has it (<https://github.com/jacobgil/pytorch-grad-cam>).
///
/// `Σ_k ReLU(g_k A_k)`.
pub const METHOD: Method = Method {
    name: "element-wise",
    title: "Element-wise Grad-CAM",
    summary: "the positive part of activation times gradient, element by element",
    source: "Gildenblat 2021",
    needs: Needs::Gradients,
    run: Run::Layer(|evidence| {
        let product = evidence.gradients() * evidence.activations.clone();
        Ok(combine::sum_over_channels(product.clamp_min(0.0)))
    }),
    ..Method::PLAIN
};
