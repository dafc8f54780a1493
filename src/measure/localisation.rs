//! Whether a map lies where the object is.

use super::{Map, Mask};

/// A pixel.
///
/// See the example of [`pointing_game`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Its column.
    pub x: usize,
    /// Its row.
    pub y: usize,
}

/// Where a map peaks, and whether the peak hits the object.
///
/// See the example of [`pointing_game`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointing {
    /// The map's largest value, in pixels of the mask; the first of several.
    pub peak: Point,
    /// Whether a pixel of the object lies within the tolerance of the peak.
    pub hit: bool,
}

/// Energy-based pointing game (Wang 2020, Score-CAM, section 4.3, <https://arxiv.org/abs/1910.01279>).
///
/// `Σ_{object} m / Σ m`, where `m` is the map, upsampled to the mask's size and normalised to 0..1 as it is drawn. A random
/// map scores the object's share of the picture. `None` for a flat map.
///
/// ```
/// use cam_lucida::Size;
/// use cam_lucida::measure::{Map, Mask, energy_inside};
///
/// let size = Size { height: 1, width: 3 };
/// let mask = Mask::new(size, vec![false, false, true])?;
/// let energy = energy_inside(&Map::new(size, vec![0.0, 1.0, 3.0])?, &mask).unwrap();
/// assert!((energy - 0.75).abs() < 1e-6);
/// assert_eq!(energy_inside(&Map::new(size, vec![2.0; 3])?, &mask), None);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
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
/// A hit: the peak of the map, upsampled to the mask's size, lies on the object or within `tolerance` pixels of it (15 in
/// the paper). The share of hits over many pictures is the paper's accuracy. `None` for a flat map.
///
/// ```
/// use cam_lucida::Size;
/// use cam_lucida::measure::{Map, Mask, Point, pointing_game};
///
/// let size = Size { height: 1, width: 3 };
/// let mask = Mask::new(size, vec![false, false, true])?;
/// let map = Map::new(size, vec![0.0, 3.0, 1.0])?;
/// let pointing = pointing_game(&map, &mask, 1.0).unwrap();
/// assert_eq!((pointing.peak, pointing.hit), (Point { x: 1, y: 0 }, true));
/// assert!(!pointing_game(&map, &mask, 0.5).unwrap().hit);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub fn pointing_game(map: &Map, mask: &Mask, tolerance: f64) -> Option<Pointing> {
    let map = map.resized(mask.size());
    if map.is_flat() {
        return None;
    }
    let first = map.ranking()[0];
    let peak = Point { x: first % mask.size().width, y: first / mask.size().width };
    Some(Pointing { peak, hit: mask.reaches(peak, tolerance) })
}
