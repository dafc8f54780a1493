//! Grad-CAM++.

use burn::tensor::Tensor;

use super::{Evidence, Method, Needs, combine};
use crate::Result;

/// Grad-CAM++: improved visual explanations for deep convolutional networks (Chattopadhay 2018,
/// <https://arxiv.org/abs/1710.11063>).
///
/// `α = g² / (2g² + (Σ_ab A_k) g³)`, zero where `g` or the denominator is zero; `w_k = Σ_ij α · ReLU(g)`; map
/// `ReLU(Σ_k w_k A_k)`. `g = ∂y/∂A` stands for the paper's `∂exp(y)/∂A`, whose factor `exp(y)` scales every
/// channel alike.
///
/// The preset `pytorch-grad-cam` adds 10⁻⁶ to the denominator, as that library does. Without it the fraction is
/// reduced by `g²`, so that small gradients do not underflow.
pub struct GradCamPlusPlus;

/// The preset that follows <https://github.com/jacobgil/pytorch-grad-cam>.
const PYTORCH_GRAD_CAM: &str = "pytorch-grad-cam";

impl Method for GradCamPlusPlus {
    fn name(&self) -> &'static str {
        "grad-cam++"
    }

    fn title(&self) -> &'static str {
        "Grad-CAM++"
    }

    fn summary(&self) -> &'static str {
        "channels weighted by their positive gradients, pixel by pixel; better with several objects of a class"
    }

    fn source(&self) -> &'static str {
        "Chattopadhay 2018"
    }

    fn presets(&self) -> &'static [&'static str] {
        &[PYTORCH_GRAD_CAM]
    }

    fn needs(&self) -> Needs {
        Needs { gradients: true }
    }

    fn map(&self, evidence: &Evidence) -> Result<Tensor<3>> {
        let activations = evidence.activations.clone();
        let gradients = evidence.gradients()?;
        let [rows, k, _, _] = activations.dims();
        let sums = combine::sum_over_pixels(activations.clone()).reshape([rows, k, 1, 1]);
        let (numerator, denominator) = if evidence.preset == Some(PYTORCH_GRAD_CAM) {
            let squared = gradients.clone().square();
            let cubed = squared.clone() * gradients.clone();
            (squared.clone(), squared * 2.0 + sums * cubed + 1e-6)
        } else {
            (gradients.ones_like(), sums * gradients.clone() + 2.0)
        };
        let undefined = denominator.clone().equal_scalar(0.0);
        let alpha = (numerator / denominator.mask_fill(undefined.clone(), 1.0)).mask_fill(undefined, 0.0);
        let weights = combine::sum_over_pixels(alpha * gradients.clamp_min(0.0));
        Ok(combine::rectified_weighted_sum(weights, activations))
    }
}
