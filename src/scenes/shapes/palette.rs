//! The colours of things: hue, saturation and lightness with some spread.

use rand::{Rng, RngExt};
use serde::Deserialize;

/// One colour of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shade {
    pub name: String,
    /// Hue in degrees, saturation and lightness in percent.
    hsl: [f32; 3],
    /// How far each of them may lie off.
    spread: [f32; 3],
}

impl Shade {
    /// The colour itself.
    pub fn rgb(&self) -> [u8; 3] {
        rgb(self.hsl)
    }

    /// The colour as a thing of chance has it.
    pub fn jittered(&self, random: &mut impl Rng) -> [u8; 3] {
        let mut jittered = self.hsl;
        for (value, spread) in jittered.iter_mut().zip(self.spread) {
            *value += random.random_range(-spread..spread);
        }
        rgb(jittered)
    }

    /// What outlines a thing painted `rgb`, so that it stands out from a backdrop of its own colour: a light line around
    /// black, a grey one around white, otherwise the colour itself, darker.
    pub fn outline(&self, rgb: [u8; 3]) -> [u8; 3] {
        match self.hsl[2] {
            ..20.0 => mixed(rgb, [255; 3], 0.7),
            90.0.. => mixed(rgb, [0, 10, 25], 0.6),
            _ => mixed(rgb, [0; 3], 0.55),
        }
    }
}

/// `share` of `b` in `a`.
pub fn mixed(a: [u8; 3], b: [u8; 3], share: f32) -> [u8; 3] {
    std::array::from_fn(|c| (f32::from(a[c]) * (1.0 - share) + f32::from(b[c]) * share).round() as u8)
}

/// As CSS defines `hsl()`.
fn rgb([hue, saturation, lightness]: [f32; 3]) -> [u8; 3] {
    let (saturation, lightness) = (saturation.clamp(0.0, 100.0) / 100.0, lightness.clamp(0.0, 100.0) / 100.0);
    let reach = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|shift: f32| {
        let k = (shift + hue / 30.0).rem_euclid(12.0);
        let value = lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
        (value * 255.0).round() as u8
    })
}
