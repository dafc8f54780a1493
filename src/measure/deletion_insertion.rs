//! Whether the pixels that a map names first decide the score.

use std::str::FromStr;

use super::{Map, Trial, blur};
use crate::{Error, Result};

/// A probability at each share of the pixels, the shares ascending from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Share of the pixels that were changed, and the class's probability then.
    pub points: Vec<(f64, f64)>,
}

impl Curve {
    /// Area under the curve by the trapezoid rule.
    pub fn area(&self) -> f64 {
        let under = |ends: &[(f64, f64)]| (ends[1].0 - ends[0].0) * (ends[0].1 + ends[1].1) / 2.0;
        self.points.windows(2).map(under).sum()
    }
}

/// What stands where a pixel is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Baseline {
    /// The mean colour: zero of the normalised picture.
    #[default]
    Mean,
    /// The picture, blurred.
    Blur,
}

impl Baseline {
    /// The names that [`from_str`](FromStr::from_str) reads.
    pub const ALL: [(&'static str, Self); 2] = [("mean", Self::Mean), ("blur", Self::Blur)];

    /// The values `[3, height, width]` of a picture that only consists of what is missing.
    fn of(self, trial: &Trial) -> Vec<f32> {
        let input = trial.input;
        match self {
            Self::Mean => vec![0.0; input.values().len()],
            Self::Blur => {
                let planes = input.values().chunks_exact(trial.pixels());
                planes.flat_map(|plane| blur(plane, input.size().width)).collect()
            }
        }
    }
}

impl FromStr for Baseline {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, baseline)| *baseline);
        found.ok_or_else(|| crate::error::unknown("baseline", name, Self::ALL.map(|(known, _)| known)))
    }
}

/// How pixels are deleted or inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Perturbation {
    /// Equal steps from no pixel to all of them.
    pub steps: usize,
    /// What stands where a pixel is missing.
    pub baseline: Baseline,
}

impl Perturbation {
    /// Equal steps that are taken unless others are asked for: a quarter of the rows of a usual input.
    pub const STEPS: usize = 56;
    /// Deletion as the paper has it: to the mean colour.
    pub const DELETION: Self = Self { steps: Self::STEPS, baseline: Baseline::Mean };
    /// Insertion as the paper has it: into the blurred picture.
    pub const INSERTION: Self = Self { steps: Self::STEPS, baseline: Baseline::Blur };
}

/// Deletion (Petsiuk 2018, RISE, section 3.3, <https://arxiv.org/abs/1806.07421>).
///
/// The pixels are replaced by the baseline, those that the map (upsampled to the picture) names first, of equals in
/// order of position; the probability of the class at each step. A small area: the map named what the class hangs on.
///
/// # Errors
/// [`is_request`](Error::is_request): no steps, no model, or a class that it does not have;
/// [`is_cancelled`](Error::is_cancelled): the watch broke off; [`is_device`](Error::is_device): the device failed.
pub async fn deletion(trial: &Trial<'_>, map: &Map, perturbation: &Perturbation) -> Result<Curve> {
    let missing = perturbation.baseline.of(trial);
    exchange(trial, "deletion", map, perturbation.steps, trial.input.values().to_vec(), &missing).await
}

/// Insertion (Petsiuk 2018, as [`deletion`]).
///
/// From the baseline to the picture, the pixels that the map names first inserted first. A large area: what the map
/// named is enough for the class.
///
/// # Errors
/// As [`deletion`].
pub async fn insertion(trial: &Trial<'_>, map: &Map, perturbation: &Perturbation) -> Result<Curve> {
    let missing = perturbation.baseline.of(trial);
    exchange(trial, "insertion", map, perturbation.steps, missing, trial.input.values()).await
}

/// The probabilities while the pixels of `from` are exchanged for those of `to`, in the map's order.
async fn exchange(
    trial: &Trial<'_>,
    measure: &'static str,
    map: &Map,
    steps: usize,
    from: Vec<f32>,
    to: &[f32],
) -> Result<Curve> {
    if steps == 0 {
        return Err(Error::request("a curve needs at least one step, found 0"));
    }
    let (ranking, pixels) = (trial.cover(map).ranking(), trial.pixels());
    let (mut mixed, mut done) = (from, 0);
    let mix = |step: usize| {
        let end = step * pixels / steps;
        for &pixel in &ranking[done..end] {
            for value in (pixel..mixed.len()).step_by(pixels) {
                mixed[value] = to[value];
            }
        }
        done = end;
        mixed.clone()
    };
    let found = trial.probabilities(measure, steps + 1, mix).await?;
    let share = |step: usize| (step * pixels / steps) as f64 / pixels as f64;
    Ok(Curve { points: found.into_iter().enumerate().map(|(step, p)| (share(step), p)).collect() })
}
