//! RISE.

use burn::tensor::Tensor;

use crate::Result;
use crate::cam::{Method, Needs, Run, Setting, Study, combine};
use crate::random::Random;

/// RISE: randomized input sampling for explanation of black-box models (Petsiuk 2018,
/// <https://arxiv.org/abs/1806.07421>).
///
/// Each of `samples` masks is a grid of `cells + 1` by `cells + 1` cells, open with `probability`, upsampled and
/// shifted by up to a cell. Map `Σ_i y(x·m_i) m_i / (samples · probability)`, `[height, width]`. The paper's `y` is the
/// probability: choose it as the target.
pub const METHOD: Method = Method {
    name: "rise",
    title: "RISE",
    summary: "random masks weighted by the score of what they let through",
    source: "Petsiuk 2018",
    settings: &[
        Setting::samples(1000.0, "random masks"),
        Setting::count("cells", "cells of a mask along each side", 8.0, 64.0),
        Setting {
            name: "probability",
            summary: "how many cells are open, 0.05 to 0.95",
            default: 0.5,
            least: 0.05,
            most: 0.95,
            whole: false,
        },
        Setting::SEED,
    ],
    needs: Needs::Nothing,
    run: Run::Study(|study| Box::pin(map(study))),
    ..Method::PLAIN
};

async fn map(study: &Study<'_>) -> Result<Tensor<4>> {
    let [height, width] = study.size();
    let (samples, probability) = (study.count("samples"), study.setting("probability") as f32);
    let mut noise = study.noise();
    let mut sum = study.x.zeros_like().slice_dim(1, 0..1).reshape([1, height * width]);
    for range in study.chunks(samples) {
        let (n, done) = (range.len(), range.end);
        let masks = Tensor::cat(range.map(|_| mask(study, noise.as_mut(), probability)).collect(), 0);
        let scores = study.scores_of(masks.clone() * study.x.clone());
        sum = sum + scores.transpose().matmul(masks.reshape([n, height * width]));
        study.settle(sum.clone().sum(), done, samples).await?;
    }
    Ok((sum / (samples as f32 * probability)).reshape([study.rows(), 1, height, width]))
}

/// One mask `[1, 1, height, width]`.
fn mask(study: &Study, noise: &mut dyn Random, probability: f32) -> Tensor<4> {
    let size = study.size();
    let cells = study.count("cells");
    let side = cells + 1;
    let mut drawn = noise.uniform(side * side + 2);
    let shifts = drawn.split_off(side * side);
    let open = drawn.into_iter().map(|u| if u < probability { 1.0 } else { 0.0 }).collect();
    let cell = size.map(|pixels| pixels.div_ceil(cells));
    let large = combine::upsample(study.tensor(open, [1, 1, side, side]), cell.map(|pixels| side * pixels));
    let [top, left] = [0, 1].map(|axis| (shifts[axis] * cell[axis] as f32) as usize);
    large.slice_dim(2, top..top + size[0]).slice_dim(3, left..left + size[1])
}
