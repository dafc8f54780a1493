//! Guided Grad-CAM.

use burn::tensor::Tensor;

use super::{grad_cam, guided_backprop};
use crate::Result;
use crate::cam::{Method, Needs, Output, Run, Study, combine};

/// Guided Grad-CAM (Selvaraju 2017, <https://arxiv.org/abs/1610.02391>): guided backpropagation, each channel times
/// the upsampled Grad-CAM map in 0..1.
pub static METHOD: Method = Method {
    name: "guided-grad-cam",
    title: "Guided Grad-CAM",
    summary: "guided backpropagation where Grad-CAM lights up",
    source: "Selvaraju 2017",
    presets: &[guided_backprop::PYTORCH],
    settings: &[],
    needs: Needs::Gradients,
    output: Output::Picture,
    run: Run::Study(|study| Box::pin(async move { guided_by(study, grad_cam::map(study.layer)) })),
};

/// Guided backpropagation times maps `[rows, h, w]`.
pub(in crate::cam) fn guided_by(study: &Study, maps: Tensor<3>) -> Result<Tensor<4>> {
    let maps = combine::upsample(combine::min_max(maps.unsqueeze_dim(1)), study.size());
    Ok(guided_backprop::map(study)? * maps)
}
