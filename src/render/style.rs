//! How a heatmap is shown: everything that changes without computing it anew.

use strum::VariantArray;

use super::Colormap;
use crate::error::{error, unknown_variant};
use crate::{Error, Result};

/// Over how much of the normalised map a threshold fades in, so that its edge is smooth.
pub(super) const FADE: f32 = 1.0 / 64.0;

/// How a heatmap is laid over its picture.
///
/// ```
/// use cam_lucida::render::{Colormap, Formula, Style};
///
/// let style = Style { formula: Formula::MaskWeighted, opacity: 0.8, ..Style::default() };
/// style.check()?;
/// assert!(Style { opacity: 1.5, ..style }.check().is_err());
/// assert_eq!(Style::heatmap(Colormap::Viridis).formula, Formula::Heatmap);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
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
                return Err(error!(
                    Request,
                    "style-share", "{name} must be 0 to 1, found {value}", name, value
                ));
            }
        }
        Ok(())
    }
}

/// How colour and picture are mixed, or how the raw values are shown.
///
/// With `m` the normalised map and `a` the opacity; the number of each is the one that `overlay.wgsl` knows it by.
///
/// ```
/// use cam_lucida::render::{Colormap, Formula};
///
/// assert_eq!("mask-weighted".parse::<Formula>()?, Formula::MaskWeighted);
/// assert!(Formula::ZScore.is_raw() && !Formula::Blend.is_raw());
/// assert!(Formula::Blend.has_opacity() && !Formula::Heatmap.has_opacity());
/// assert_eq!(Formula::ZScore.own_colormap(), Some(Colormap::Grey));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Error, parse_err_fn = unknown)]
#[repr(u32)]
pub enum Formula {
    /// `(1 - a) · picture + a · colour(m)`.
    #[default]
    Blend = 0,
    /// `(1 - a·m) · picture + a·m · colour(m)`: the picture shows where the map is low.
    MaskWeighted = 1,
    /// `colour(m) + picture`, stretched from its smallest to its largest value; made for jet. It has no opacity.
    Seed = 2,
    /// `colour(m)` alone.
    Heatmap = 3,
    /// The raw values `v` themselves, of each channel: `0.1 (v - mean) / deviation + ½`, cut off at 0 and 1. Made for
    /// signed pictures such as guided backpropagation's.
    ZScore = 4,
    /// The raw values themselves, from their smallest to their largest.
    MinMax = 5,
}

fn unknown(name: &str) -> Error {
    unknown_variant("overlay", name, Formula::VARIANTS)
}

impl Formula {
    /// Whether it shows the raw values, without picture and colours, which the CPU alone draws.
    pub fn is_raw(self) -> bool {
        matches!(self, Self::ZScore | Self::MinMax)
    }

    /// Whether a style's opacity changes what it draws.
    pub fn has_opacity(self) -> bool {
        matches!(self, Self::Blend | Self::MaskWeighted)
    }

    /// The colours in which it shows values, whatever the style's colour map; `None`: in the style's.
    pub fn own_colormap(self) -> Option<Colormap> {
        self.is_raw().then_some(Colormap::Grey)
    }
}
