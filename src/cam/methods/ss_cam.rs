//! SS-CAM.

use burn::tensor::{Int, Tensor, TensorData};

use super::score_cam;
use crate::cam::{Method, Needs, Run, Setting};

/// SS-CAM: smoothed Score-CAM for sharper visual feature localization (Naidu 2020,
/// <https://arxiv.org/abs/2006.14255>).
///
/// Score-CAM with each channel's score averaged over `samples` noisy masks, `N(0, spread²)` added to the mask in
/// 0..1. Here the same noise serves every channel, so that their scores differ by the channel alone.
pub const METHOD: Method = Method {
    name: "ss-cam",
    title: "SS-CAM",
    summary: "Score-CAM with noisy masks, averaged",
    source: "Naidu 2020",
    settings: &[
        Setting::samples(10.0, "noisy masks a channel"),
        Setting::spread("width of the noise on masks in 0..1"),
        Setting::SEED,
        Setting::MAX_CHANNELS,
    ],
    needs: Needs::Activations,
    run: Run::Study(|study| {
        Box::pin(async move {
            let samples = study.count("samples");
            let [height, width] = study.size();
            let mut noise = study.noise();
            let values = (0..samples).flat_map(|_| noise.normal(height * width)).collect();
            let noise = study.tensor(values, [samples, 1, height, width]) * study.setting("spread") as f32;
            let vary = |masks: Tensor<4>, of_samples: Vec<usize>| {
                let n = of_samples.len();
                let indices: Vec<i32> = of_samples.into_iter().map(|sample| sample as i32).collect();
                let indices = Tensor::<1, Int>::from_data(TensorData::new(indices, [n]), &masks.device());
                masks + noise.clone().select(0, indices)
            };
            score_cam::weighted(study, samples, vary).await
        })
    }),
    ..Method::PLAIN
};
