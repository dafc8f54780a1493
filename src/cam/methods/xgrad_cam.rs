//! XGrad-CAM.

use crate::cam::{Method, Needs, Run, combine};

/// Axiom-based Grad-CAM (Fu 2020, <https://arxiv.org/abs/2008.02312>).
///
/// `w_k = Σ_ij (g A_k) / (Σ_ij A_k + 10⁻⁷)`; map `ReLU(Σ_k w_k A_k)`.
pub const METHOD: Method = Method {
    name: "xgrad-cam",
    title: "XGrad-CAM",
    summary: "channels weighted by their gradient where they are active",
    source: "Fu 2020",
    needs: Needs::Gradients,
    run: Run::Layer(|evidence| {
        let activations = evidence.activations.clone();
        let share = combine::sum_over_pixels(evidence.gradients() * activations.clone());
        let sums = combine::sum_over_pixels(activations.clone()) + 1e-7;
        Ok(combine::rectified_weighted_sum(combine::divide(share, sums), activations))
    }),
    ..Method::PLAIN
};
