//! Messages of measures: whether a heatmap says what a score depends on, and whether it depends on what the network has learned.

use cam_lucida::measure::{Covered, Covering, Curve, Perturbation, Similarity};
use cam_lucida::{Result, Size};
use serde::{Deserialize, Serialize};
#[cfg(test)]
use ts_rs::TS;

use super::Loaded;

/// What is covered of a picture.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct MeasureCover {
    pub preprocess: String,
    /// Which heatmap of the explanation ranks the pixels, 0 the first.
    pub which: usize,
    /// The class whose probability is measured.
    pub class: usize,
    /// The share of the pixels, above 0 and below 1.
    pub share: f64,
    /// What stands for a covered pixel: `mean` or `blur`.
    pub baseline: String,
    /// How often the cover is put somewhere else.
    pub places: usize,
    pub seed: u32,
}

/// Probabilities of the class.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct CoverMeasured {
    /// How many pixels are covered.
    pub pixels: usize,
    /// Before the whole picture.
    pub whole: f64,
    /// Without the pixels that are ranked first.
    pub without: f64,
    /// Before them alone.
    pub alone: f64,
    /// The means of the last two with the cover somewhere else; `null` where it was put nowhere else.
    pub by_chance: Option<[f64; 2]>,
    /// The two for each place.
    pub elsewhere: Vec<[f64; 2]>,
}

/// Which curve is measured.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct MeasureCurve {
    pub preprocess: String,
    /// Which heatmap of the explanation ranks the pixels, 0 the first.
    pub which: usize,
    pub class: usize,
    /// Whether pixels are inserted, or else deleted.
    pub insertion: bool,
    pub steps: usize,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct CurveMeasured {
    /// The share of changed pixels, and the class's probability.
    pub points: Vec<(f64, f64)>,
    /// Under the curve.
    pub area: f64,
    /// What stands for a missing pixel: `mean` or `blur`.
    pub baseline: String,
}

/// How a second explanation is to be compared with a first: what was done to its picture is undone to its heatmap.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Compare {
    /// Of each explanation, which heatmap, 0 the first.
    pub which: [usize; 2],
    /// The side of the square that both are resized to: that of the network's input.
    pub side: usize,
    /// Whether the second picture is the first one's mirror image.
    pub mirrored: bool,
    /// By how many pixels of the square the second picture is moved to the right.
    pub right: i32,
    /// The same downwards.
    pub down: i32,
}

/// How alike two heatmaps are; `null` where one is flat.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct Compared {
    /// Spearman's correlation of the raw values.
    pub rank: Option<f64>,
    /// The same of the magnitudes, as they are drawn.
    pub rank_of_magnitudes: Option<f64>,
    /// Structural similarity of the magnitudes.
    pub structure: Option<f64>,
}

/// How many modules are freshly initialised, counted from the head.
#[derive(Deserialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct FreshModules {
    pub count: usize,
    pub seed: u32,
}

/// A model with some modules fresh.
#[derive(Serialize)]
#[cfg_attr(test, derive(TS), ts(export_to = "protocol.d.ts"))]
pub struct FreshLoaded<'a> {
    pub model: Loaded<'a>,
    /// All modules that have weights, from the picture to the head.
    pub modules: Vec<String>,
}

impl MeasureCover {
    pub fn covering(&self) -> Result<Covering> {
        let Self { share, places, seed, .. } = *self;
        Ok(Covering { share, baseline: self.baseline.parse()?, places, seed })
    }
}

impl From<Covered> for CoverMeasured {
    fn from(found: Covered) -> Self {
        let by_chance = found.by_chance();
        let Covered { pixels, whole, without, alone, elsewhere } = found;
        Self { pixels, whole, without, alone, by_chance, elsewhere }
    }
}

impl MeasureCurve {
    pub fn perturbation(&self) -> Perturbation {
        let paper = if self.insertion { Perturbation::INSERTION } else { Perturbation::DELETION };
        Perturbation { steps: self.steps, ..paper }
    }
}

impl CurveMeasured {
    pub fn new(curve: Curve, perturbation: &Perturbation) -> Self {
        Self { area: curve.area(), points: curve.points, baseline: perturbation.baseline.to_string() }
    }
}

impl Compare {
    /// Column and row where the part begins that both heatmaps show, in each of them, and its size; `None` where they show
    /// nothing in common.
    pub fn parts(&self) -> Option<([[usize; 2]; 2], Size)> {
        let along = |by: i32| {
            let moved = by.unsigned_abs() as usize;
            let length = self.side.checked_sub(moved).filter(|length| *length > 0)?;
            Some(if by < 0 { (moved, 0, length) } else { (0, moved, length) })
        };
        let (left, moved_left, width) = along(self.right)?;
        let (top, moved_top, height) = along(self.down)?;
        Some(([[left, top], [moved_left, moved_top]], Size { height, width }))
    }
}

impl From<Similarity> for Compared {
    fn from(Similarity { rank, rank_of_magnitudes, structure, .. }: Similarity) -> Self {
        Self { rank, rank_of_magnitudes, structure }
    }
}
