//! Integrated gradients.

use super::gradient;
use crate::cam::{Method, Needs, Output, Run, Setting, inputs};

/// Axiomatic attribution for deep networks (Sundararajan 2017, <https://arxiv.org/abs/1703.01365>).
///
/// `(x - x₀) ∫ ∂y/∂x` along the straight path from the baseline `x₀`, zero in the normalised picture, by the middles
/// of `samples` steps. Its sum over all pixels and channels is `y(x) - y(x₀)` (completeness), the better the more
/// steps.
pub const METHOD: Method = Method {
    name: "integrated-gradients",
    title: "Integrated gradients",
    summary: "the gradient along the path from a plain picture, times the way",
    source: "Sundararajan 2017",
    settings: &[Setting::samples(32.0, "steps along the path")],
    needs: Needs::Nothing,
    output: Output::Picture,
    run: Run::Study(|study| {
        Box::pin(async move {
            let steps = study.count("samples");
            let mean = study.mean(steps, inputs::path(study, steps), |x| gradient::plain(study, x)).await?;
            Ok(mean * study.x.clone())
        })
    }),
    ..Method::PLAIN
};
