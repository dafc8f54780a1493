//! RISE.

use burn::tensor::Tensor;

use crate::cam::{Method, Needs, Output, Run, Setting, Study, combine};
use crate::random::Random;
use crate::{Result, Size};

/// RISE: randomized input sampling for explanation of black-box models (Petsiuk 2018,
/// <https://arxiv.org/abs/1806.07421>).
///
/// Each of `samples` masks is a grid of `cells + 1` by `cells + 1` cells, open with `probability`, upsampled and
/// shifted by up to a cell. Map `Σ_i y(x·m_i) m_i / (samples · probability)`, `[height, width]`. The paper's `y` is the
/// probability; choose that target to follow it.
pub static METHOD: Method = Method {
    name: "rise",
    title: "RISE",
    summary: "random masks, each weighted by the score of the masked picture",
    source: "Petsiuk 2018",
    presets: &[],
    settings: &[SAMPLES, CELLS, PROBABILITY, Setting::SEED],
    needs: Needs::Nothing,
    output: Output::Map,
    run: Run::Study(|study| Box::pin(map(study))),
};

const SAMPLES: Setting = Setting::samples(1000.0, "random masks");
const CELLS: Setting = Setting::count("cells", "cells along each side of a mask", 8.0, 64.0);
const PROBABILITY: Setting = Setting {
    name: "probability",
    summary: "share of cells left open, from 0.05 to 0.95",
    default: 0.5,
    min: 0.05,
    max: 0.95,
    whole: false,
};

async fn map(study: &Study<'_>) -> Result<Tensor<4>> {
    let Size { height, width } = study.size();
    let (samples, cells) = (study.count(&SAMPLES), study.count(&CELLS));
    let probability = study.value(&PROBABILITY) as f32;
    let mut random = study.random();
    let mut sum = study.x.zeros_like().slice_dim(1, 0..1).reshape([1, height * width]);
    for range in study.chunks(samples) {
        let (n, done) = (range.len(), range.end);
        let masks = range.map(|_| mask(study, random.as_mut(), cells, probability)).collect();
        let masks = Tensor::cat(masks, 0);
        let scores = study.scores_for(masks.clone() * study.x.clone());
        sum = sum + scores.transpose().matmul(masks.reshape([n, height * width]));
        study.settle(sum.clone().sum(), done, samples).await?;
    }
    Ok((sum / (samples as f32 * probability)).reshape([study.rows(), 1, height, width]))
}

/// One mask `[1, 1, height, width]`.
fn mask(study: &Study, random: &mut dyn Random, cells: usize, probability: f32) -> Tensor<4> {
    let Size { height, width } = study.size();
    let side = cells + 1;
    let mut drawn = random.uniform(side * side + 2);
    let shifts = drawn.split_off(side * side);
    let open = drawn.into_iter().map(|u| if u < probability { 1.0 } else { 0.0 }).collect();
    let cell = Size { height: height.div_ceil(cells), width: width.div_ceil(cells) };
    let large = Size { height: side * cell.height, width: side * cell.width };
    let large = combine::upsample(study.tensor(open, [1, 1, side, side]), large);
    let top = (shifts[0] * cell.height as f32) as usize;
    let left = (shifts[1] * cell.width as f32) as usize;
    large.slice_dim(2, top..top + height).slice_dim(3, left..left + width)
}
