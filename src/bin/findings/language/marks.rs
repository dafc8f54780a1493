//! How well a map lies on what it should: figures between 0 and 1, and what maps score that know less.

use std::collections::BTreeMap;

use cam_lucida::Size;
use cam_lucida::measure::{Map, Mask, pointing_game};

use super::SIDE;
use crate::Failure;
use crate::estimate::Sample;
use crate::survey::tolerance;

/// Whose map it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    GradCam,
    /// The same everywhere: its figures are the target's share of the picture.
    Uniform,
    /// The layer's mean activation, whatever is asked.
    Activation,
    /// Grad-CAM's for another question about the scene, or another word of the caption.
    Other,
}

/// What is measured of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// `Σ_G h / Σ h`.
    Mass,
    /// `|top |G| pixels of h ∩ G| / |G|` (Arras 2022, CLEVR-XAI, <https://doi.org/10.1016/j.inffus.2021.11.008>).
    Rank,
    /// Whether the peak is on `G`.
    Pointing,
    /// Whether it is on `G` or within the tolerance of the other tables.
    Near,
}

/// The sources with the names of the tables; `another` is what the other map is of.
pub fn sources(another: &'static str) -> [(Source, &'static str); 4] {
    [
        (Source::GradCam, "Grad-CAM"),
        (Source::Uniform, "uniform"),
        (Source::Activation, "mean activation"),
        (Source::Other, another),
    ]
}

/// Figures of many maps.
#[derive(Default)]
pub struct Marks(BTreeMap<(Source, Figure), Sample>);

impl Marks {
    /// Measures a map of scene `index` against the pixels of `G`. Of several maps of a scene, their mean counts. `None` is the
    /// uniform map.
    pub fn note(
        &mut self,
        index: u64,
        source: Source,
        maps: &[(Option<&Map>, &[bool])],
    ) -> Result<(), Failure> {
        let mut sums = BTreeMap::new();
        for (map, inside) in maps {
            for (figure, value) in measured(*map, inside)? {
                *sums.entry(figure).or_insert(0.0) += value / maps.len() as f64;
            }
        }
        for (figure, mean) in sums {
            self.0.entry((source, figure)).or_default().note(index, mean);
        }
        Ok(())
    }

    /// The values of a figure; an empty sample if there are none.
    pub fn sample(&self, source: Source, figure: Figure) -> Sample {
        self.0.get(&(source, figure)).cloned().unwrap_or_default()
    }
}

/// The map at the picture's size, without what speaks against.
pub fn picture_sized(map: &Map) -> Map {
    let map = map.resized(Size::square(SIDE as usize));
    let values = map.values().iter().map(|value| value.max(0.0)).collect();
    Map::new(map.size(), values).expect("as many numbers as before, all finite")
}

/// The sum of a map over some pixels.
pub fn sum(map: &Map, inside: &[bool]) -> f64 {
    map.values().iter().zip(inside).filter(|(_, inside)| **inside).map(|(value, _)| f64::from(*value)).sum()
}

fn measured(map: Option<&Map>, inside: &[bool]) -> Result<[(Figure, f64); 4], Failure> {
    let figures = [Figure::Mass, Figure::Rank, Figure::Pointing, Figure::Near];
    let area = inside.iter().filter(|inside| **inside).count();
    let Some(map) = map else {
        let share = area as f64 / inside.len() as f64;
        return Ok(figures.map(|figure| (figure, share)));
    };
    let map = picture_sized(map);
    let all = sum(&map, &vec![true; inside.len()]);
    if map.is_flat() || all <= 0.0 {
        return Ok(figures.map(|figure| (figure, 0.0)));
    }
    let found = map.ranking().into_iter().take(area).filter(|&pixel| inside[pixel]).count();
    let mask = Mask::new(map.size(), inside.to_vec())?;
    let hit =
        |tolerance| f64::from(pointing_game(&map, &mask, tolerance).is_some_and(|pointing| pointing.hit));
    let values = [sum(&map, inside) / all, found as f64 / area as f64, hit(0.0), hit(tolerance(SIDE))];
    Ok(std::array::from_fn(|at| (figures[at], values[at])))
}
