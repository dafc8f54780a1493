//! Guided Grad-CAM++.

use super::{grad_cam_pp, guided_backprop, guided_grad_cam};
use crate::cam::{Method, Needs, Output, Run};

/// Guided Grad-CAM++ (Chattopadhay 2018, <https://arxiv.org/abs/1710.11063>): guided backpropagation, each channel
/// times the upsampled Grad-CAM++ map in 0..1.
pub static METHOD: Method = Method {
    name: "guided-grad-cam++",
    title: "Guided Grad-CAM++",
    summary: "guided backpropagation where Grad-CAM++ lights up",
    source: "Chattopadhay 2018",
    presets: &[guided_backprop::PYTORCH],
    settings: &[],
    needs: Needs::Gradients,
    output: Output::Picture,
    run: Run::Study(|study| {
        Box::pin(async move { guided_grad_cam::guided_by(study, grad_cam_pp::map(study.layer)) })
    }),
};
