//! Grad-CAM.

use burn::tensor::Tensor;

use super::{Evidence, Method, Needs, combine};
use crate::Result;

/// Grad-CAM: visual explanations from deep networks via gradient-based localization (Selvaraju 2017,
/// <https://arxiv.org/abs/1610.02391>).
///
/// `ReLU(Σ_k ⟨g_k⟩ A_k)`, with `A_k` channel `k` of the activation, `g_k = ∂y/∂A_k` its gradient and `⟨·⟩` the
/// mean over the pixels.
pub struct GradCam;

impl Method for GradCam {
    fn name(&self) -> &'static str {
        "grad-cam"
    }

    fn title(&self) -> &'static str {
        "Grad-CAM"
    }

    fn summary(&self) -> &'static str {
        "channels weighted by their mean gradient"
    }

    fn source(&self) -> &'static str {
        "Selvaraju 2017"
    }

    fn needs(&self) -> Needs {
        Needs { gradients: true }
    }

    fn map(&self, evidence: &Evidence) -> Result<Tensor<3>> {
        let activations = evidence.activations.clone();
        let [_, _, h, w] = activations.dims();
        let weights = combine::sum_over_pixels(evidence.gradients()?) / (h * w) as f32;
        Ok(combine::rectified_weighted_sum(weights, activations))
    }
}
