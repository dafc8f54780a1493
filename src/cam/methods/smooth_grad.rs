//! SmoothGrad.

use super::gradient;
use crate::cam::{Method, Needs, Output, Run, Setting, inputs};

/// SmoothGrad: removing noise by adding noise (Smilkov 2017, <https://arxiv.org/abs/1706.03825>).
///
/// The mean of `∂y/∂x` over `samples` noisy pictures `x + N(0, σ²)`, `σ = spread · (max x - min x)`.
pub const METHOD: Method = Method {
    name: "smooth-grad",
    title: "SmoothGrad",
    summary: "the gradient's mean over noisy copies of the picture",
    source: "Smilkov 2017",
    settings: &[
        SAMPLES,
        Setting::spread("width of the noise, in parts of the picture's range"),
        Setting::SEED,
    ],
    needs: Needs::Nothing,
    output: Output::Picture,
    run: Run::Study(|study| {
        Box::pin(async move {
            let samples = study.count("samples");
            study.mean(samples, inputs::copies(study), |x| gradient::plain(study, x)).await
        })
    }),
    ..Method::PLAIN
};

const SAMPLES: Setting = Setting::samples(16.0, "noisy copies of the picture");
