//! Measures of heatmaps: whether a map lies where the object is, whether the pixels that it names decide the score,
//! and whether it depends on what the network has learned.
//!
//! They know the network only through a [`Model`](crate::Model), so that each serves any method. What a measure
//! does not define (the energy of a map that is flat) is `None`, never a number.

mod blur;
mod confidence;
mod coverage;
mod deletion_insertion;
mod fresh;
mod imputation;
mod localisation;
mod map;
mod mask;
mod randomise;
mod road;
mod similarity;
mod trial;

pub use blur::blur;
pub use confidence::{Confidence, average_drop, confidence, increase_of_confidence};
pub use coverage::{coverage, instances_covered};
pub use deletion_insertion::{Baseline, Curve, Perturbation, deletion, insertion};
pub use fresh::Fresh;
pub use imputation::impute;
pub use localisation::{Pointing, energy_inside, pointing_game};
pub use map::Map;
pub use mask::Mask;
pub use randomise::{Cascade, Similarity, Stage, randomise};
pub use road::{Road, RoadCurves, road};
pub use similarity::{rank_correlation, structural_similarity};
pub use trial::Trial;

use std::str::FromStr;

use crate::{Error, Result};

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// [`deletion`].
    Deletion,
    /// [`insertion`].
    Insertion,
    /// [`confidence`].
    Drop,
    /// [`road`].
    Road,
    /// [`randomise`].
    Randomise,
    /// [`energy_inside`].
    Energy,
    /// [`pointing_game`].
    Pointing,
}

impl Measure {
    /// All of them, by the names that [`from_str`](FromStr::from_str) reads.
    pub const ALL: [(&'static str, Self); 7] = [
        ("deletion", Self::Deletion),
        ("insertion", Self::Insertion),
        ("drop", Self::Drop),
        ("road", Self::Road),
        ("randomise", Self::Randomise),
        ("energy", Self::Energy),
        ("pointing", Self::Pointing),
    ];

    /// The name.
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, measure)| *measure == self);
        found.expect("the table has every measure").0
    }

    /// Whether it asks where the object is.
    pub fn needs_mask(self) -> bool {
        matches!(self, Self::Energy | Self::Pointing)
    }
}

impl FromStr for Measure {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, measure)| *measure);
        found.ok_or_else(|| crate::error::unknown("measure", name, Self::ALL.map(|(known, _)| known)))
    }
}
