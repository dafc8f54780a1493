//! Measures of heatmaps: whether a map lies where the object is, whether the pixels that it ranks first decide the
//! score, and whether it depends on what the network has learned.
//!
//! A measure knows the network only through a [`Model`](crate::Model), so each serves every method. A value that a
//! measure does not define, such as the energy of a flat map, is `None`.

mod blur;
mod confidence;
mod cover;
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
pub use cover::{Covered, Covering, cover};
pub use coverage::{coverage, instances_covered};
pub use deletion_insertion::{Baseline, Curve, Perturbation, deletion, insertion};
pub use fresh::Fresh;
pub use imputation::impute;
pub use localisation::{Point, Pointing, energy_inside, pointing_game};
pub use map::Map;
pub use mask::Mask;
pub use randomise::{Cascade, CascadeStep, randomise};
pub use road::{Road, RoadCurves, road};
pub use similarity::{Comparable, Similarity, rank_correlation, structural_similarity};
pub use trial::Trial;

use strum::VariantArray;

use crate::Error;
use crate::error::unknown_variant;

/// What can be measured, by its name on the command line.
///
/// ```
/// use cam_lucida::measure::Measure;
///
/// assert_eq!("road".parse::<Measure>()?, Measure::Road);
/// assert!(Measure::Energy.needs_mask());
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Error, parse_err_fn = unknown)]
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

fn unknown(name: &str) -> Error {
    unknown_variant("measure", name, Measure::VARIANTS)
}

impl Measure {
    /// The name.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it must know where the object is.
    pub fn needs_mask(self) -> bool {
        matches!(self, Self::Energy | Self::Pointing)
    }
}
