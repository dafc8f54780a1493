//! Occlusion.

use std::ops::Range;

use burn::tensor::Tensor;

use crate::cam::{Method, Needs, Output, Run, Setting, Study};
use crate::error::error;
use crate::{Result, Size};

/// Visualizing and understanding convolutional networks (Zeiler 2014, <https://arxiv.org/abs/1311.2901>).
///
/// A square of `patch` pixels, moved by `stride`, is set to zero in the normalised picture (its mean colour). A pixel's
/// value is the mean, over the squares that cover it, of the drop in score: `y(x) - y(occluded)`, signed;
/// `[height, width]`. The border cuts off the last squares, as in captum.
pub static METHOD: Method = Method {
    name: "occlusion",
    title: "Occlusion",
    summary: "how much the score drops when a patch covers part of the picture",
    source: "Zeiler 2014",
    presets: &[],
    settings: &[PATCH, STRIDE],
    needs: Needs::Nothing,
    output: Output::Map,
    run: Run::Study(|study| Box::pin(map(study))),
};

const PATCH: Setting =
    Setting::count("patch", "side of the patch, in pixels of the network's input", 32.0, 2048.0);
const STRIDE: Setting =
    Setting::count("stride", "how far the patch moves at each step, in pixels", 16.0, 2048.0);

/// Rows and columns that a patch covers.
type Patch = [Range<usize>; 2];

async fn map(study: &Study<'_>) -> Result<Tensor<4>> {
    let size = study.size();
    let (patch, stride) = (study.count(&PATCH), study.count(&STRIDE));
    if stride > patch {
        return Err(error!(
            Request,
            "stride-beyond-patch",
            "a stride of {stride} pixels would leave gaps between patches of {patch}; choose at most {patch}",
            stride,
            patch
        ));
    }
    let along = |side: usize| {
        let count = side.saturating_sub(patch).div_ceil(stride) + 1;
        (0..count).map(move |i| i * stride..side.min(i * stride + patch))
    };
    let (rows, columns) = (along(size.height), along(size.width));
    let patches: Vec<Patch> =
        rows.flat_map(|row| columns.clone().map(move |column| [row.clone(), column])).collect();
    let make = |range: Range<usize>| study.x.clone() * uncovered(study, &patches[range]);
    let scores = study.scores(patches.len(), make).await?;
    let whole = study.picture_scores().await?;
    let mut maps = Vec::new();
    for (scores, whole) in scores.iter().zip(whole) {
        let lost: Vec<f64> = scores.iter().map(|score| whole - score).collect();
        maps.extend(mean_over_patches(size, &patches, &lost));
    }
    Ok(study.tensor(maps, [study.rows(), 1, size.height, size.width]))
}

/// Zero inside each patch and one elsewhere: `[n, 1, height, width]`.
fn uncovered(study: &Study, patches: &[Patch]) -> Tensor<4> {
    let Size { height, width } = study.size();
    let mut values = vec![1.0; patches.len() * height * width];
    for (values, [rows, columns]) in values.chunks_exact_mut(height * width).zip(patches) {
        for row in rows.clone() {
            values[row * width..][columns.clone()].fill(0.0);
        }
    }
    study.tensor(values, [patches.len(), 1, height, width])
}

fn mean_over_patches(Size { height, width }: Size, patches: &[Patch], lost: &[f64]) -> Vec<f32> {
    let (mut sum, mut count) = (vec![0.0; height * width], vec![0.0; height * width]);
    for ([rows, columns], lost) in patches.iter().zip(lost) {
        for row in rows.clone() {
            for at in columns.clone().map(|column| row * width + column) {
                sum[at] += lost;
                count[at] += 1.0;
            }
        }
    }
    sum.iter().zip(count).map(|(sum, count)| (sum / count) as f32).collect()
}
