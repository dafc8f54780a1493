//! Gradient times input.

use super::gradient;
use crate::cam::{Method, Needs, Output, Run};

/// Not just a black box: learning important features through propagating activation differences (Shrikumar 2016,
/// <https://arxiv.org/abs/1605.01713>).
///
/// `x ∂y/∂x`, `[3, height, width]`, with `x` the normalised picture.
pub static METHOD: Method = Method {
    name: "gradient-x-input",
    title: "Gradient × input",
    summary: "the gradient of each pixel times the pixel",
    source: "Shrikumar 2016",
    presets: &[],
    settings: &[],
    needs: Needs::Nothing,
    output: Output::Picture,
    run: Run::Study(|study| {
        Box::pin(async move { Ok(gradient::plain(study, study.x.clone())? * study.x.clone()) })
    }),
};
