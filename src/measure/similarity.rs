//! How alike two maps are.

use super::Map;
use crate::Result;
use crate::error::error;

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
    let size = a.size();
    if size != b.size() || size.min_side() < WINDOW {
        return Err(error!(
            Request,
            "maps-not-comparable",
            "maps of {a} and {b} pixels cannot be compared: structural similarity needs one size of at least {min}×{min}",
            a = size,
            b = b.size(),
            min = WINDOW
        ));
    }
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
