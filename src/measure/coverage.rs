//! How much of an object, and how many objects, a map covers.

use super::{Map, Mask};

/// From which value on a map, brought to 0..1, covers a pixel: half of its peak.
const COVERS: f32 = 0.5;
/// From which share of its pixels on an instance counts as covered.
const COVERED: f64 = 0.5;

/// Share of an object that a map covers.
///
/// `|{p ∈ O : m(p) ≥ ½}| / |O|`, with `O` the object's pixels and `m` the map upsampled to the mask's size and brought
/// to 0..1 as it is drawn. A map that covers everything scores 1, so it goes together with the same of what is not the
/// object, or with [`energy_inside`](super::energy_inside). `None` for a flat map.
pub fn coverage(map: &Map, mask: &Mask) -> Option<f64> {
    covered(map, std::slice::from_ref(mask)).map(|shares| shares[0])
}

/// Share of a class's `instances` that a map covers: of which [`coverage`] is at least one half.
///
/// Their masks are of one size, and of what is seen of each. The threshold is relative to the peak of the whole map,
/// so that an instance which is named only faintly beside another is not covered. `None` for a flat map, or without an
/// instance.
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
