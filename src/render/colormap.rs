//! Colour maps: a number in 0..1 to a colour.

use super::tables::{CIVIDIS, TURBO};
use crate::{Error, Result};

/// A colour map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colormap {
    /// The rainbow of MATLAB, for comparison with papers; its brightness misleads.
    Jet,
    /// Jet with an even brightness (Mikhailov 2019).
    #[default]
    Turbo,
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

impl Colormap {
    /// All of them, by name.
    pub const ALL: [(&'static str, Self); 8] = [
        ("turbo", Self::Turbo),
        ("jet", Self::Jet),
        ("viridis", Self::Viridis),
        ("inferno", Self::Inferno),
        ("magma", Self::Magma),
        ("plasma", Self::Plasma),
        ("cividis", Self::Cividis),
        ("grey", Self::Grey),
    ];

    /// How many colours a [`table`](Self::table) has.
    pub const STEPS: usize = 256;

    /// The colours at even steps from 0 to 1, channels in 0..1. Between the steps, renderers interpolate.
    pub fn table(self) -> [[f32; 3]; Self::STEPS] {
        let last = Self::STEPS - 1;
        std::array::from_fn(|i| self.at(i as f64 / last as f64).map(|c| c as f32))
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

impl std::str::FromStr for Colormap {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        let unknown = || crate::error::unknown("colour map", name, Self::ALL.map(|(known, _)| known));
        found.map(|(_, colormap)| *colormap).ok_or_else(unknown)
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
