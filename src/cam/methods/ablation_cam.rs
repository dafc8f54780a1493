//! Ablation-CAM.

use std::ops::Range;

use crate::cam::{Method, Needs, Output, Run, Setting, Study};

/// Ablation-CAM: visual explanations for deep convolutional network via gradient-free localization (Ramaswamy 2020,
/// <https://doi.org/10.1109/WACV45572.2020.9093360>).
///
/// `w_k = (y - y_k) / y`, with `y_k` the score when channel `k` is set to zero; map `ReLU(Σ_k w_k A_k)`. The network
/// runs only from the layer on. When `y` is zero, the weights are `y - y_k`. `max_channels` limits it to the most active
/// channels.
pub static METHOD: Method = Method {
    name: "ablation-cam",
    title: "Ablation-CAM",
    summary: "channels weighted by how much the score drops without them",
    source: "Ramaswamy 2020",
    presets: &[],
    settings: &[Setting::MAX_CHANNELS],
    needs: Needs::Activations,
    output: Output::Map,
    run: Run::StudyWeights(|study| {
        Box::pin(async move {
            let channels = study.channels().await?;
            let without = |range: Range<usize>| ablated(study, &channels[range]);
            let scores = study.scores_from_layer(channels.len(), without).await?;
            let whole = study.picture_scores().await?;
            let weights: Vec<Vec<f64>> = scores.iter().zip(whole).map(|(s, y)| lost(s, y)).collect();
            Ok(study.channel_weights(&channels, &weights))
        })
    }),
};

/// The activations without each one of the channels: `[n, k, h, w]`.
fn ablated(study: &Study, channels: &[usize]) -> burn::tensor::Tensor<4> {
    let activations = study.layer.activations.clone().slice_dim(0, 0..1);
    let (n, k) = (channels.len(), activations.dims()[1]);
    let mut kept = vec![1.0; n * k];
    for (row, channel) in channels.iter().enumerate() {
        kept[row * k + channel] = 0.0;
    }
    activations * study.tensor(kept, [n, k, 1, 1])
}

fn lost(scores: &[f64], whole: f64) -> Vec<f64> {
    let unit = if whole == 0.0 { 1.0 } else { whole };
    scores.iter().map(|score| (whole - score) / unit).collect()
}
