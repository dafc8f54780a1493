//! Score-CAM.

use std::ops::Range;

use burn::tensor::Tensor;

use crate::Result;
use crate::cam::{Method, Needs, Output, Run, Setting, Study, Weighting, combine};
use crate::network::ops::pick;
use crate::problem::softmax;

/// Score-CAM: score-weighted visual explanations for convolutional neural networks (Wang 2020,
/// <https://arxiv.org/abs/1910.01279>).
///
/// Each channel `A_k`, upsampled and brought to 0..1, masks the picture; the weights are the softmax over the channels
/// of the masked pictures' scores `y`; map `ReLU(Σ_k w_k A_k)`. Flat channels are left out. It needs no gradients, but
/// a forward pass for each channel; `max_channels` limits it to the most active ones.
pub static METHOD: Method = Method {
    name: "score-cam",
    title: "Score-CAM",
    summary: "channels weighted by the score of the picture behind each channel's mask; one forward pass per channel",
    source: "Wang 2020",
    presets: &[],
    settings: &[Setting::MAX_CHANNELS],
    needs: Needs::Activations,
    output: Output::Map,
    run: Run::StudyWeights(|study| Box::pin(async move { weights(study, 1, |masks, _| masks).await })),
};

/// The weights of Score-CAM with each channel's score averaged over `samples` variants of its mask. `vary` gets masks
/// `[n, 1, height, width]` and each one's sample, and gives the variants.
pub(in crate::cam) async fn weights(
    study: &Study<'_>,
    samples: usize,
    vary: impl Fn(Tensor<4>, Vec<usize>) -> Tensor<4>,
) -> Result<Weighting> {
    let channels = study.channels().await?;
    let make = |range: Range<usize>| {
        let masks = masks(study, range.clone().map(|input| channels[input / samples]).collect());
        vary(masks, range.map(|input| input % samples).collect()) * study.x.clone()
    };
    let scores = study.scores(channels.len() * samples, make).await?;
    let weights: Vec<Vec<f64>> = scores.iter().map(|scores| softmax(&means(scores, samples))).collect();
    Ok(study.channel_weights(&channels, &weights))
}

/// The channels at the picture's size, each in 0..1: `[n, 1, height, width]`.
fn masks(study: &Study, channels: Vec<usize>) -> Tensor<4> {
    let activations = pick(&study.layer.activations.clone().slice_dim(0, 0..1), 1, &channels);
    combine::min_max(combine::upsample(activations, study.size())).swap_dims(0, 1)
}

/// The mean of each `count` values in turn.
fn means(values: &[f64], count: usize) -> Vec<f64> {
    values.chunks(count).map(|values| values.iter().sum::<f64>() / count as f64).collect()
}
