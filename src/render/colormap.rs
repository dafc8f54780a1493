//! Colour maps: a number in 0..1 to a colour.

use strum::VariantArray;

use super::tables::{CIVIDIS, TURBO};
use crate::Error;
use crate::error::unknown_variant;

/// A colour map. The first is the default.
///
/// ```
/// use cam_lucida::render::Colormap;
///
/// let viridis: Colormap = "viridis".parse()?;
/// assert_eq!(viridis.hex_stops(3), ["#440154", "#20908c", "#fde725"]);
/// assert_eq!(Colormap::Grey.table()[255], [1.0; 3]);
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
pub enum Colormap {
    /// Jet with an even brightness (Mikhailov 2019).
    #[default]
    Turbo,
    /// The rainbow of MATLAB, for comparison with papers; its brightness misleads.
    Jet,
    /// Perceptually even, blue to yellow (van der Walt and Smith 2015).
    Viridis,
    /// Perceptually even, black over red to pale yellow.
    Inferno,
    /// Perceptually even, black over purple to pale pink.
    Magma,
    /// Perceptually even, purple to yellow.
    Plasma,
    /// Even for people with colour blindness too (Nuñez 2018).
    Cividis,
    /// Black to white.
    Grey,
}

fn unknown(name: &str) -> Error {
    unknown_variant("colour map", name, Colormap::VARIANTS)
}

impl Colormap {
    /// How many colours a [`table`](Self::table) has.
    pub const STEPS: usize = 256;

    /// The colours at even steps from 0 to 1, channels in 0..1. Between the steps, renderers interpolate.
    pub fn table(self) -> [[f32; 3]; Self::STEPS] {
        let last = Self::STEPS - 1;
        std::array::from_fn(|i| self.at(i as f64 / last as f64).map(|c| c as f32))
    }

    /// `count` colours at even steps from 0 to 1, as CSS writes them: `#rrggbb`, for a gradient.
    pub fn hex_stops(self, count: usize) -> Vec<String> {
        let last = count.saturating_sub(1).max(1);
        let stop = |i: usize| {
            let [r, g, b] = self.at(i as f64 / last as f64).map(|c| (c as f32 * 255.0).round() as u8);
            format!("#{r:02x}{g:02x}{b:02x}")
        };
        (0..count).map(stop).collect()
    }

    fn at(self, t: f64) -> [f64; 3] {
        let gradient = match self {
            Self::Jet => return jet(t),
            Self::Grey => return [t; 3],
            Self::Turbo => return from_table(&TURBO, t),
            Self::Cividis => return from_table(&CIVIDIS, t),
            Self::Viridis => colorous::VIRIDIS,
            Self::Inferno => colorous::INFERNO,
            Self::Magma => colorous::MAGMA,
            Self::Plasma => colorous::PLASMA,
        };
        let colour = gradient.eval_continuous(t);
        [colour.r, colour.g, colour.b].map(|c| f64::from(c) / 255.0)
    }
}

fn from_table(table: &[[u8; 3]; Colormap::STEPS], t: f64) -> [f64; 3] {
    let step = (t * (Colormap::STEPS - 1) as f64).round() as usize;
    table[step].map(|c| f64::from(c) / 255.0)
}

/// Piecewise linear between the corners that matplotlib uses.
fn jet(t: f64) -> [f64; 3] {
    const RED: &[(f64, f64)] = &[(0.0, 0.0), (0.35, 0.0), (0.66, 1.0), (0.89, 1.0), (1.0, 0.5)];
    const GREEN: &[(f64, f64)] =
        &[(0.0, 0.0), (0.125, 0.0), (0.375, 1.0), (0.64, 1.0), (0.91, 0.0), (1.0, 0.0)];
    const BLUE: &[(f64, f64)] = &[(0.0, 0.5), (0.11, 1.0), (0.34, 1.0), (0.65, 0.0), (1.0, 0.0)];
    [RED, GREEN, BLUE].map(|corners| {
        let after = corners.iter().position(|&(at, _)| at >= t).unwrap_or(corners.len() - 1).max(1);
        let ((t0, c0), (t1, c1)) = (corners[after - 1], corners[after]);
        c0 + (c1 - c0) * (t - t0) / (t1 - t0)
    })
}
