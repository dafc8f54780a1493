//! SS-CAM.

use burn::tensor::Tensor;

use super::score_cam;
use crate::cam::{Method, Needs, Output, Run, Setting};
use crate::error::error;
use crate::network::ops::pick;
use crate::{Result, Size};

/// SS-CAM: smoothed Score-CAM for sharper visual feature localization (Naidu 2020,
/// <https://arxiv.org/abs/2006.14255>).
///
/// Score-CAM with each channel's score averaged over `samples` noisy masks: `N(0, spread²)` is added to the mask in
/// 0..1. Every channel gets the same noise, so that only the channels make their scores differ.
pub static METHOD: Method = Method {
    name: "ss-cam",
    title: "SS-CAM",
    summary: "the mean of Score-CAM over noisy masks",
    source: "Naidu 2020",
    presets: &[],
    settings: &[SAMPLES, SPREAD, Setting::SEED, Setting::MAX_CHANNELS],
    needs: Needs::Activations,
    output: Output::Map,
    run: Run::StudyWeights(|study| {
        Box::pin(async move {
            let samples = study.count(&SAMPLES);
            let Size { height, width } = study.size();
            check(samples, study.size())?;
            let mut random = study.random();
            let values = (0..samples).flat_map(|_| random.normal(height * width)).collect();
            let noise = study.tensor(values, [samples, 1, height, width]) * study.value(&SPREAD) as f32;
            let vary = |masks: Tensor<4>, samples: Vec<usize>| masks + pick(&noise, 0, &samples);
            score_cam::weights(study, samples, vary).await
        })
    }),
};

/// Checks that the noise of all samples fits into memory: every channel gets the same.
fn check(samples: usize, size: Size) -> Result<()> {
    /// 256 MiB.
    const MAX: usize = 1 << 26;
    let max = MAX / size.area();
    if samples <= max {
        return Ok(());
    }
    Err(error!(
        Request,
        "samples-beyond-memory",
        "the noise of {samples} samples does not fit into memory for an input of {size} pixels; choose up to {max}",
        samples,
        size,
        max
    ))
}

const SAMPLES: Setting = Setting::samples(10.0, "noisy masks for each channel");
const SPREAD: Setting = Setting::spread("standard deviation of the noise; mask values lie between 0 and 1");
