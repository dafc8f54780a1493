//! IS-CAM.

use burn::tensor::Tensor;

use super::score_cam;
use crate::cam::{Method, Needs, Output, Run, Setting};

/// IS-CAM: integrated Score-CAM for axiomatic-based explanations (Naidu 2020, <https://arxiv.org/abs/2010.03023>).
///
/// Score-CAM with each channel's score averaged over `samples` steps: the masks times `i / samples`, `i` from 1.
pub static METHOD: Method = Method {
    name: "is-cam",
    title: "IS-CAM",
    summary: "the mean of Score-CAM over masks that open step by step",
    source: "Naidu 2020",
    presets: &[],
    settings: &[SAMPLES, Setting::MAX_CHANNELS],
    needs: Needs::Activations,
    output: Output::Map,
    run: Run::StudyWeights(|study| {
        Box::pin(async move {
            let samples = study.count(&SAMPLES);
            let vary = |masks: Tensor<4>, steps: Vec<usize>| {
                let n = steps.len();
                let open = steps.into_iter().map(|step| (step + 1) as f32 / samples as f32).collect();
                masks * study.tensor(open, [n, 1, 1, 1])
            };
            score_cam::weights(study, samples, vary).await
        })
    }),
};

const SAMPLES: Setting = Setting::samples(10.0, "steps from a closed mask to an open one");
