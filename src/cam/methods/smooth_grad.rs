//! SmoothGrad.

use super::gradient;
use crate::cam::{Method, Needs, Output, Run, Setting, inputs};

/// SmoothGrad: removing noise by adding noise (Smilkov 2017, <https://arxiv.org/abs/1706.03825>).
///
/// The mean of `∂y/∂x` over `samples` noisy pictures `x + N(0, σ²)`, `σ = spread · (max x - min x)`.
pub static METHOD: Method = Method {
    name: "smooth-grad",
    title: "SmoothGrad",
    summary: "the mean gradient over noisy copies of the picture",
    source: "Smilkov 2017",
    presets: &[],
    settings: &[SAMPLES, SPREAD, Setting::SEED],
    needs: Needs::Nothing,
    output: Output::Picture,
    run: Run::Study(|study| {
        Box::pin(async move {
            let copies = inputs::noisy_copies(study, study.value(&SPREAD));
            study.mean(study.count(&SAMPLES), copies, |x| gradient::plain(study, x)).await
        })
    }),
};

const SAMPLES: Setting = Setting::samples(16.0, "noisy copies of the picture");
const SPREAD: Setting = Setting::spread("standard deviation of the noise, as a share of the picture's range");
