//! How a heatmap is shown: everything that changes without computing it anew.

use super::Colormap;
use crate::{Error, Result};

/// Over how much of the normalised map a threshold fades in, so that its edge is smooth.
pub(super) const FADE: f32 = 1.0 / 64.0;

/// How a heatmap is laid over its picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// How colour and picture are mixed.
    pub formula: Formula,
    /// The colours of the map.
    pub colormap: Colormap,
    /// Weight of the heatmap, 0..1.
    pub opacity: f32,
    /// Values of the normalised map below this show the plain picture, 0..1.
    pub threshold: f32,
}

impl Default for Style {
    fn default() -> Self {
        Self { formula: Formula::Blend, colormap: Colormap::default(), opacity: 0.5, threshold: 0.0 }
    }
}

impl Style {
    /// The colour map alone, without the picture.
    pub fn heatmap(colormap: Colormap) -> Self {
        Self { formula: Formula::Heatmap, colormap, ..Self::default() }
    }

    /// Checks that opacity and threshold lie in 0..1.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request), saying which does not.
    pub fn check(&self) -> Result<()> {
        for (name, value) in [("opacity", self.opacity), ("threshold", self.threshold)] {
            if !(0.0..=1.0).contains(&value) {
                return Err(Error::request(format!("{name} must be 0 to 1, found {value}")));
            }
        }
        Ok(())
    }
}

/// How colour and picture are mixed. With `m` the normalised map and `a` the opacity:
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formula {
    /// `(1 - a) · picture + a · colour(m)`.
    #[default]
    Blend,
    /// `(1 - a·m) · picture + a·m · colour(m)`: the picture shows where the map is low.
    MaskWeighted,
    /// `colour(m) + picture`, stretched from its least to its largest value; made for jet. Has no opacity.
    Seed,
    /// `colour(m)` alone.
    Heatmap,
    /// The raw values `v` themselves, of each channel: `0.1 (v - mean) / deviation + ½`, cut off at 0 and 1. Made for
    /// signed pictures such as guided backpropagation's.
    ZScore,
    /// The raw values themselves, from their least to their largest.
    MinMax,
}

impl Formula {
    /// All of them, by name; the positions of those that a shader draws are the numbers that it knows them by.
    pub const ALL: [(&'static str, Self); 6] = [
        ("blend", Self::Blend),
        ("mask-weighted", Self::MaskWeighted),
        ("seed", Self::Seed),
        ("heatmap", Self::Heatmap),
        ("z-score", Self::ZScore),
        ("min-max", Self::MinMax),
    ];

    /// Whether it shows the raw values, without picture and colours: [`raw`](super::raw) draws it, on the CPU.
    pub fn is_raw(self) -> bool {
        matches!(self, Self::ZScore | Self::MinMax)
    }
}

impl std::str::FromStr for Formula {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        let unknown = || crate::error::unknown("overlay", name, Self::ALL.map(|(known, _)| known));
        found.map(|(_, formula)| *formula).ok_or_else(unknown)
    }
}
