//! Integrated Grad-CAM.

use super::grad_cam;
use crate::cam::{Method, Needs, Output, Run, Setting, inputs};

/// Integrated Grad-CAM: sensitivity-aware visual explanation of deep convolutional networks via integrated
/// gradient-based scoring (Sattarzadeh 2021, <https://arxiv.org/abs/2102.07805>).
///
/// Raw Grad-CAM maps, averaged over the midpoints of `samples` steps along the straight path from the baseline, zero in
/// the normalised picture, to the picture.
pub static METHOD: Method = Method {
    name: "integrated-grad-cam",
    title: "Integrated Grad-CAM",
    summary: "the mean of Grad-CAM over steps from a blank picture to this one",
    source: "Sattarzadeh 2021",
    presets: &[],
    settings: &[SAMPLES],
    needs: Needs::Activations,
    output: Output::Map,
    run: Run::Study(|study| {
        Box::pin(async move {
            let steps = study.count(&SAMPLES);
            let map = |x| Ok(grad_cam::map(&study.layer_for(x)?).unsqueeze_dim(1));
            study.mean(steps, inputs::path(study, steps), map).await
        })
    }),
};

const SAMPLES: Setting = Setting::samples(16.0, "steps from the blank picture to this one");
