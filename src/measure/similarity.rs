//! How alike two maps are.

use super::Map;
use crate::error::error;
use crate::picture::Preprocessor;
use crate::{Heatmap, Result, Size};

/// How alike two maps of one method are. A value is `None` when a map is flat.
///
/// See the example of [`randomise`](super::randomise).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// The method.
    pub method: &'static str,
    /// Spearman's correlation of the raw values; signed pictures keep their signs.
    pub rank: Option<f64>,
    /// Spearman's correlation of the magnitudes, as they are drawn.
    pub rank_of_magnitudes: Option<f64>,
    /// Structural similarity of the magnitudes, each normalised to 0..1. A flat map would resemble every sparse one.
    pub structure: Option<f64>,
}

/// A heatmap as it is compared with others: at the size of the picture.
///
/// ```
/// use cam_lucida::Size;
/// use cam_lucida::measure::Comparable;
/// # use cam_lucida::{Device, Input, Model, Request, network::Architecture, weights::{Card, Hashed}};
/// # pollster::block_on(async {
/// # let card = Card::new(Architecture::named("resnet_small")?);
/// # let model = Model::from_parameters(&Device::cpu(), card, &mut Hashed { classes: 3 }).await?;
/// # let input = Input::new(Size::square(64), Hashed::uniform("picture", &[3, 64, 64], 2.0))?;
/// let explanation = model.explain(&input, &Request::default()).await?;
/// let map = Comparable::read(&explanation.heatmaps[0], input.size()).await?;
/// assert_eq!(map.compare(&map)?.rank, Some(1.0));
///
/// // Of two maps that are a pixel apart, what both show.
/// let moved = map.part([1, 0], Size { height: 64, width: 63 });
/// assert!(moved.compare(&map.part([0, 0], Size { height: 64, width: 63 }))?.rank < Some(1.0));
/// # Ok::<(), cam_lucida::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Comparable {
    method: &'static str,
    /// One channel, or the three of a signed picture.
    raw: Vec<Map>,
    /// As it is drawn, without being normalised.
    magnitudes: Map,
}

impl Comparable {
    /// Reads a heatmap, and resizes it to `size` as it is drawn.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request) when `size` has a side of 0, or one that is longer than an input's may be
    /// ([`Preprocessor::SIDES`]); [`is_device`](crate::Error::is_device) when the device fails.
    pub async fn read(heatmap: &Heatmap, size: Size) -> Result<Self> {
        let max = *Preprocessor::SIDES.end();
        if size.min_side() == 0 || size.max_side() > max {
            return Err(error!(
                Request,
                "compare-size", "maps are compared at 1 to {max} pixels a side, found {size}", max, size
            ));
        }
        let magnitudes = Map::from_heatmap(heatmap).await?.resized(size);
        let raw = match heatmap.map.dims() {
            [1, ..] => vec![magnitudes.clone()],
            [_, height, width] => {
                let planes = heatmap.values().await?;
                let plane = |values: &[f32]| -> Result<Map> {
                    Ok(Map::new(Size { height, width }, values.to_vec())?.resized(size))
                };
                planes.chunks_exact(height * width).map(plane).collect::<Result<_>>()?
            }
        };
        Ok(Self { method: heatmap.method.name, raw, magnitudes })
    }

    /// Rows and columns.
    pub fn size(&self) -> Size {
        self.magnitudes.size()
    }

    /// With left and right exchanged.
    pub fn mirrored(&self) -> Self {
        self.each(Map::mirrored)
    }

    /// The part of `size` that begins at column and row `from`.
    ///
    /// # Panics
    /// If it reaches beyond the map.
    pub fn part(&self, from: [usize; 2], size: Size) -> Self {
        self.each(|map| map.part(from, size))
    }

    fn each(&self, change: impl Fn(&Map) -> Map) -> Self {
        let raw = self.raw.iter().map(&change).collect();
        Self { method: self.method, raw, magnitudes: change(&self.magnitudes) }
    }

    /// How alike it is to another of the same method and size.
    ///
    /// # Errors
    /// As [`structural_similarity`], and when one is a signed picture and the other is not.
    pub fn compare(&self, other: &Self) -> Result<Similarity> {
        check_sizes(&self.magnitudes, &other.magnitudes, 1)?;
        if self.raw.len() != other.raw.len() {
            return Err(error!(
                Request,
                "maps-of-other-channels",
                "{one} and {other} cannot be compared: one gives a map, the other a signed picture",
                one = self.method,
                other = other.method
            ));
        }
        let [a, b] =
            [self, other].map(|one| one.raw.iter().flat_map(Map::values).copied().collect::<Vec<_>>());
        let flat = self.magnitudes.is_flat() || other.magnitudes.is_flat();
        let normalised = |map: &Map| map.clone().normalised();
        let structure = (!flat)
            .then(|| structural_similarity(&normalised(&self.magnitudes), &normalised(&other.magnitudes)));
        Ok(Similarity {
            method: self.method,
            rank: rank_correlation(&a, &b),
            rank_of_magnitudes: rank_correlation(self.magnitudes.values(), other.magnitudes.values()),
            structure: structure.transpose()?,
        })
    }
}

/// Spearman's rank correlation, -1 to 1. Equal values share the mean of their ranks. `None` when all values of one side
/// are equal.
///
/// ```
/// use cam_lucida::measure::rank_correlation;
///
/// assert_eq!(rank_correlation(&[1.0, 2.0, 30.0], &[0.1, 0.5, 0.6]), Some(1.0));
/// assert_eq!(rank_correlation(&[1.0, 2.0, 30.0], &[7.0; 3]), None);
/// ```
///
/// # Panics
/// If the lengths differ.
pub fn rank_correlation(a: &[f32], b: &[f32]) -> Option<f64> {
    assert_eq!(a.len(), b.len(), "one value of `b` for each of `a`");
    let (a, b) = (ranks(a), ranks(b));
    let products = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (aa, bb) = (products(&a, &a), products(&b, &b));
    (aa > 0.0 && bb > 0.0).then(|| products(&a, &b) / (aa * bb).sqrt())
}

/// The rank of each value, counted from the mean rank.
fn ranks(values: &[f32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let middle = (values.len() as f64 - 1.0) / 2.0;
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for equals in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let shared = first as f64 + (equals.len() as f64 - 1.0) / 2.0;
        equals.iter().for_each(|&at| ranks[at] = shared - middle);
        first += equals.len();
    }
    ranks
}

/// Side and standard deviation of the window.
const WINDOW: usize = 11;
const DEVIATION: f64 = 1.5;

/// Structural similarity (Wang 2004, Image quality assessment: from error visibility to structural similarity).
///
/// `(2 μ_a μ_b + C1)(2 σ_ab + C2) / ((μ_a² + μ_b² + C1)(σ_a² + σ_b² + C2))` under a Gaussian window of 11×11 pixels and
/// deviation 1.5, averaged over every place where the window lies within the maps. The maps are in 0..1, so
/// `C1 = 0.01²` and `C2 = 0.03²`.
///
/// ```
/// use cam_lucida::Size;
/// use cam_lucida::measure::{Map, structural_similarity};
///
/// let values: Vec<f32> = (0..256).map(|i| i as f32 / 255.0).collect();
/// let mirrored = values.iter().rev().copied().collect();
/// let [a, b] = [values, mirrored].map(|values| Map::new(Size::square(16), values).unwrap());
/// assert_eq!(structural_similarity(&a, &a)?, 1.0);
/// assert!(structural_similarity(&a, &b)? < 0.0);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
///
/// # Errors
/// [`is_request`](crate::Error::is_request): the sizes differ, or a side is shorter than the window.
pub fn structural_similarity(a: &Map, b: &Map) -> Result<f64> {
    check_sizes(a, b, WINDOW)?;
    let size = a.size();
    let [a, b] = [a, b].map(|map| map.values().iter().map(|&value| f64::from(value)).collect::<Vec<_>>());
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).collect::<Vec<_>>();
    let local = |values: &[f64]| local_means(values, size.width);
    let (mean_a, mean_b) = (local(&a), local(&b));
    let (square_a, square_b, mixed) =
        (local(&product(&a, &a)), local(&product(&b, &b)), local(&product(&a, &b)));
    const C1: f64 = 0.01 * 0.01;
    const C2: f64 = 0.03 * 0.03;
    let at = |i: usize| {
        let (a, b) = (mean_a[i], mean_b[i]);
        let (variance_a, variance_b, covariance) =
            (square_a[i] - a * a, square_b[i] - b * b, mixed[i] - a * b);
        (2.0 * a * b + C1) * (2.0 * covariance + C2) / ((a * a + b * b + C1) * (variance_a + variance_b + C2))
    };
    Ok((0..mean_a.len()).map(at).sum::<f64>() / mean_a.len() as f64)
}

fn check_sizes(a: &Map, b: &Map, min: usize) -> Result<()> {
    let (a, b) = (a.size(), b.size());
    if a == b && a.min_side() >= min {
        return Ok(());
    }
    Err(error!(
        Request,
        "maps-not-comparable",
        "maps of {a} and {b} pixels cannot be compared: they need one size of at least {min}×{min}",
        a,
        b,
        min
    ))
}

/// The mean under the window at each place where it lies within `values`, `width` a row.
fn local_means(values: &[f64], width: usize) -> Vec<f64> {
    let gaussian = |tap: usize| {
        let distance = tap as f64 - (WINDOW / 2) as f64;
        (-0.5 * (distance / DEVIATION).powi(2)).exp()
    };
    let sum: f64 = (0..WINDOW).map(gaussian).sum();
    let kernel: [f64; WINDOW] = std::array::from_fn(|tap| gaussian(tap) / sum);
    let weigh = |taps: &mut dyn Iterator<Item = f64>| {
        taps.zip(kernel).map(|(value, weight)| value * weight).sum::<f64>()
    };
    let across: Vec<f64> = values
        .chunks_exact(width)
        .flat_map(|row| row.windows(WINDOW).map(|taps| weigh(&mut taps.iter().copied())))
        .collect();
    let inner = width - WINDOW + 1;
    let last = across.len() - (WINDOW - 1) * inner;
    (0..last).map(|at| weigh(&mut (0..WINDOW).map(|tap| across[at + tap * inner]))).collect()
}
