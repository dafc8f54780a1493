//! ROAD: remove and debias.

use super::{Curve, Map, Trial, impute};
use crate::random::seeded;
use crate::{Error, Result};

/// How pixels are removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Road {
    /// Shares of the pixels that are removed, each above 0 and below 1.
    pub shares: Vec<f64>,
    /// Deviation of the normal noise that is added to imputed values, in units of the normalised picture.
    pub noise: f64,
    /// Where the random numbers start.
    pub seed: u32,
}

impl Default for Road {
    fn default() -> Self {
        Self { shares: vec![0.2, 0.4, 0.6, 0.8], noise: 0.01, seed: 0 }
    }
}

/// The class's probability at each share of removed pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadCurves {
    /// Removing the most relevant pixels first (MoRF): should fall at once.
    pub most_relevant_first: Curve,
    /// Removing the least relevant pixels first (LeRF): should fall late.
    pub least_relevant_first: Curve,
}

impl RoadCurves {
    /// The mean of `(LeRF - MoRF) / 2` over the shares: larger is better, 0 is no better than chance.
    pub fn combined(&self) -> f64 {
        let (most, least) = (&self.most_relevant_first.points, &self.least_relevant_first.points);
        let differences = least.iter().zip(most).map(|((_, least), (_, most))| (least - most) / 2.0);
        differences.sum::<f64>() / most.len() as f64
    }
}

/// ROAD, remove and debias (Rong 2022, <https://arxiv.org/abs/2202.00449>).
///
/// Of the pixels in the order of the map (upsampled to the picture, of equals in order of position) a share is removed,
/// once the most and once the least relevant. Removed pixels are [imputed](impute) from their neighbours, with a little
/// noise, so that the shape of the hole tells nothing by itself.
///
/// Where its authors' code removes all pixels above a percentile, and thus any number of equal ones, exactly the share is
/// removed here; probabilities stand for its scores.
///
/// # Errors
/// [`is_request`](Error::is_request): no share, or one that is not between 0 and 1, no model, or a class that it does not
/// have; [`is_cancelled`](Error::is_cancelled): the watch broke off; [`is_device`](Error::is_device): the device failed.
pub async fn road(trial: &Trial<'_>, map: &Map, road: &Road) -> Result<RoadCurves> {
    let unfit = road.shares.iter().find(|share| !(**share > 0.0 && **share < 1.0));
    if let Some(share) = unfit {
        return Err(Error::request(format!("a share of removed pixels lies between 0 and 1, found {share}")));
    }
    if road.shares.is_empty() {
        return Err(Error::request("at least one share of pixels must be removed, found none"));
    }
    let (pixels, count) = (trial.pixels(), road.shares.len());
    let most_first = trial.cover(map).ranking();
    let least_first: Vec<usize> = most_first.iter().rev().copied().collect();
    let mut noise = seeded(u64::from(road.seed));
    let remove = |i: usize| {
        let ranking = if i < count { &most_first } else { &least_first };
        // Something must remain to impute from, however small the picture.
        let end = ((road.shares[i % count] * pixels as f64).round() as usize).min(pixels - 1);
        let mut removed = vec![false; pixels];
        ranking[..end].iter().for_each(|&pixel| removed[pixel] = true);
        let mut values = impute(trial.input.values(), trial.input.size().width, &removed);
        let added = noise.normal(3 * pixels);
        for (at, value) in values.iter_mut().enumerate().filter(|(at, _)| removed[at % pixels]) {
            *value += road.noise as f32 * added[at];
        }
        values
    };
    let found = trial.probabilities("road", 2 * count, remove).await?;
    let curve =
        |found: &[f64]| Curve { points: road.shares.iter().copied().zip(found.iter().copied()).collect() };
    let (most, least) = found.split_at(count);
    Ok(RoadCurves { most_relevant_first: curve(most), least_relevant_first: curve(least) })
}
