//! Integrated gradients.

use super::gradient;
use crate::cam::{Method, Needs, Output, Run, Setting, inputs};

/// Axiomatic attribution for deep networks (Sundararajan 2017, <https://arxiv.org/abs/1703.01365>).
///
/// `(x - x₀) ∫ ∂y/∂x` along the straight path from the baseline `x₀`, zero in the normalised picture, by the midpoints
/// of `samples` steps. Its sum over all pixels and channels approaches `y(x) - y(x₀)` (completeness) as the steps
/// increase.
pub static METHOD: Method = Method {
    name: "integrated-gradients",
    title: "Integrated gradients",
    summary: "the mean gradient over steps from a blank picture to this one, times the change in each pixel",
    source: "Sundararajan 2017",
    presets: &[],
    settings: &[SAMPLES],
    needs: Needs::Nothing,
    output: Output::Picture,
    run: Run::Study(|study| {
        Box::pin(async move {
            let steps = study.count(&SAMPLES);
            let mean = study.mean(steps, inputs::path(study, steps), |x| gradient::plain(study, x)).await?;
            Ok(mean * study.x.clone())
        })
    }),
};

const SAMPLES: Setting = Setting::samples(32.0, "steps from the blank picture to this one");
