//! Whether a map lies where the object is.

use super::{Map, Mask};

/// Where a map peaks, and whether that hits the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointing {
    /// Column and row of the first of the map's largest values, in pixels of the mask.
    pub peak: (usize, usize),
    /// Whether a pixel of the object lies within the tolerance of the peak.
    pub hit: bool,
}

/// Energy-based pointing game (Wang 2020, Score-CAM, section 4.3, <https://arxiv.org/abs/1910.01279>).
///
/// `Σ_{object} m / Σ m`, with `m` the map upsampled to the mask's size and brought to 0..1 as it is drawn. The share
/// of the picture that the object covers is what a map without any preference scores. `None` for a flat map.
pub fn energy_inside(map: &Map, mask: &Mask) -> Option<f64> {
    let map = map.resized(mask.size()).normalised();
    let sum = |values: &mut dyn Iterator<Item = f32>| values.map(f64::from).sum::<f64>();
    let all = sum(&mut map.values().iter().copied());
    let object = map.values().iter().zip(mask.inside()).filter(|(_, inside)| **inside);
    (all > 0.0).then(|| sum(&mut object.map(|(value, _)| *value)) / all)
}

/// Pointing game (Zhang 2016, Top-down neural attention by excitation backprop, section 4.1,
/// <https://arxiv.org/abs/1608.00507>).
///
/// Hit or miss: whether the peak of the map, upsampled to the mask's size, lies on the object or within `tolerance`
/// pixels of it (the paper's: 15). Over many pictures the share of hits is the paper's accuracy. `None` for a flat map.
pub fn pointing_game(map: &Map, mask: &Mask, tolerance: f64) -> Option<Pointing> {
    let map = map.resized(mask.size());
    if map.is_flat() {
        return None;
    }
    let first = map.ranking()[0];
    let peak = (first % mask.size().width, first / mask.size().width);
    Some(Pointing { peak, hit: mask.reaches(peak, tolerance) })
}
