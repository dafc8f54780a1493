//! Integrated Grad-CAM.

use super::grad_cam;
use crate::cam::{Method, Needs, Run, Setting, inputs};

/// Integrated Grad-CAM: sensitivity-aware visual explanation of deep convolutional networks via integrated
/// gradient-based scoring (Sattarzadeh 2021, <https://arxiv.org/abs/2102.07805>).
///
/// Raw Grad-CAM maps, averaged over the middles of `samples` steps along the straight path from the baseline, zero
/// in the normalised picture, to the picture.
pub const METHOD: Method = Method {
    name: "integrated-grad-cam",
    title: "Integrated Grad-CAM",
    summary: "Grad-CAM's mean along the path from a plain picture",
    source: "Sattarzadeh 2021",
    settings: &[Setting::samples(16.0, "steps along the path")],
    needs: Needs::Activations,
    run: Run::Study(|study| {
        Box::pin(async move {
            let steps = study.count("samples");
            let of = |x| Ok(grad_cam::map(&study.evidence_of(x)?).unsqueeze_dim(1));
            study.mean(steps, inputs::path(study, steps), of).await
        })
    }),
    ..Method::PLAIN
};
