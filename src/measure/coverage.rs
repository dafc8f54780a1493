//! How much of an object, and how many objects, a map covers.

use super::{Map, Mask};

/// A map normalised to 0..1 covers the pixels of at least this value: half of its peak.
const COVERS: f32 = 0.5;
/// An instance counts as covered from this share of its pixels.
const COVERED: f64 = 0.5;

/// Share of an object that a map covers.
///
/// `|{p ∈ O : m(p) ≥ ½}| / |O|`. `O` are the object's pixels; `m` is the map, upsampled to the mask's size and normalised
/// to 0..1 as it is drawn. `None` for a flat map.
///
/// A map that covers everything scores 1. Report it together with the coverage of the background, or with
/// [`energy_inside`](super::energy_inside).
///
/// ```
/// use cam_lucida::Size;
/// use cam_lucida::measure::{Map, Mask, coverage};
///
/// let size = Size { height: 1, width: 4 };
/// let map = Map::new(size, vec![0.0, 0.2, 0.8, 1.0])?;
/// let mask = Mask::new(size, vec![false, true, true, true])?;
/// assert_eq!(coverage(&map, &mask), Some(2.0 / 3.0));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
pub fn coverage(map: &Map, mask: &Mask) -> Option<f64> {
    covered(map, std::slice::from_ref(mask)).map(|shares| shares[0])
}

/// Share of a class's `instances` that a map covers: their [`coverage`] is at least one half.
///
/// The masks have one size and show the visible part of each instance. The threshold is relative to the peak of the whole
/// map: an instance that is faint beside another is not covered. `None` for a flat map, or without an instance.
pub fn instances_covered(map: &Map, instances: &[Mask]) -> Option<f64> {
    let shares = covered(map, instances)?;
    Some(shares.iter().filter(|share| **share >= COVERED).count() as f64 / shares.len() as f64)
}

/// The coverage of each of `masks`; `None` for a flat map or without a mask.
fn covered(map: &Map, masks: &[Mask]) -> Option<Vec<f64>> {
    let first = masks.first()?;
    let map = map.resized(first.size());
    if map.is_flat() {
        return None;
    }
    let map = map.normalised();
    let share = |mask: &Mask| {
        let object = map.values().iter().zip(mask.inside()).filter(|(_, inside)| **inside);
        let values: Vec<f32> = object.map(|(value, _)| *value).collect();
        values.iter().filter(|value| **value >= COVERS).count() as f64 / values.len() as f64
    };
    Some(masks.iter().map(share).collect())
}
