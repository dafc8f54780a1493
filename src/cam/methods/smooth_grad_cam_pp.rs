//! Smooth Grad-CAM++.

use burn::tensor::Tensor;

use crate::Result;
use crate::cam::{Method, Needs, Output, Preset, Run, Setting, Study, combine, inputs};

/// Smooth Grad-CAM++: an enhanced inference level visualization technique (Omeiza 2019,
/// <https://arxiv.org/abs/1908.01224>).
///
/// Over `samples` noisy pictures `x + N(0, σ²)`, `σ = spread · (max x - min x)`, each with its own `A` and `g`:
/// `D = 2g² + (Σ_ab A_k) g³`, 1 where that is zero; `α = g² / (D + 10⁻⁷)`; `w_k = Σ_ij α · ReLU(g)`; the mean of the
/// maps `ReLU(Σ_k w_k A_k)`, each brought to 0..1, which cancels the factor `exp(y)` of every `g`.
///
/// The preset `averaged-gradients` is the paper's formula 12: with `D1, D2, D3` the means of `g, g², g³` over the
/// samples and `A` from the picture itself, `α = D1 / (2 D2 + (Σ_ab A_k) D3)`, zero where the denominator is;
/// `w_k = Σ_ij α · ReLU(D1)`; `ReLU(Σ_k w_k A_k)`.
pub static METHOD: Method = Method {
    name: "smooth-grad-cam++",
    title: "Smooth Grad-CAM++",
    summary: "the mean of Grad-CAM++ over noisy copies of the picture",
    source: "Omeiza 2019",
    presets: &[AVERAGED_GRADIENTS],
    settings: &[SAMPLES, SPREAD, Setting::SEED],
    needs: Needs::Activations,
    output: Output::Map,
    run: Run::Study(|study| {
        Box::pin(async move {
            match study.layer.preset {
                Some(AVERAGED_GRADIENTS) => map_averaged_gradients(study).await,
                _ => average_maps(study).await,
            }
        })
    }),
};

/// The preset that averages the gradients before it weights the channels.
const AVERAGED_GRADIENTS: Preset = Preset { name: "averaged-gradients" };

const SAMPLES: Setting = Setting::samples(16.0, "noisy copies of the picture");
const SPREAD: Setting = Setting::spread("standard deviation of the noise, as a share of the picture's range");

async fn average_maps(study: &Study<'_>) -> Result<Tensor<4>> {
    let map = |x| {
        let layer = study.layer_for(x)?;
        let (activations, gradients) = (layer.activations.clone(), layer.gradients());
        let [n, k, _, _] = activations.dims();
        let sums = combine::sum_over_pixels(activations.clone()).reshape([n, k, 1, 1]);
        let squared = gradients.clone().square();
        let denominator = squared.clone() * 2.0 + sums * squared.clone() * gradients.clone();
        let zero = denominator.clone().equal_scalar(0.0);
        let alpha = squared / (denominator.mask_fill(zero, 1.0) + 1e-7);
        let weights = combine::sum_over_pixels(alpha * gradients.clamp_min(0.0));
        let maps = combine::rectified_weighted_sum(weights, activations);
        Ok(combine::min_max(maps.unsqueeze_dim(1)))
    };
    let copies = inputs::noisy_copies(study, study.value(&SPREAD));
    study.mean(study.count(&SAMPLES), copies, map).await
}

async fn map_averaged_gradients(study: &Study<'_>) -> Result<Tensor<4>> {
    let powers = |x| {
        let g = study.layer_for(x)?.gradients();
        Ok(Tensor::cat(vec![g.clone(), g.clone().square(), g.clone().square() * g], 1))
    };
    let copies = inputs::noisy_copies(study, study.value(&SPREAD));
    let means = study.mean(study.count(&SAMPLES), copies, powers).await?;
    let activations = study.layer.activations.clone();
    let [rows, k, _, _] = activations.dims();
    let power = |i: usize| means.clone().slice_dim(1, i * k..(i + 1) * k);
    let (first, second, third) = (power(0), power(1), power(2));
    let sums = combine::sum_over_pixels(activations.clone()).reshape([rows, k, 1, 1]);
    let alpha = combine::divide(first.clone(), second * 2.0 + sums * third);
    let weights = combine::sum_over_pixels(alpha * first.clamp_min(0.0));
    Ok(combine::rectified_weighted_sum(weights, activations).unsqueeze_dim(1))
}
