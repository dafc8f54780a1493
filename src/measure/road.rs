//! ROAD: remove and debias.

use super::{Curve, Map, Trial, impute};
use crate::Result;
use crate::error::error;
use crate::random::seeded;

/// How pixels are removed.
///
/// See the example of [`road`].
#[derive(Debug, Clone, PartialEq)]
pub struct Road {
    /// Shares of the pixels that are removed, each above 0 and below 1.
    pub shares: Vec<f64>,
    /// Standard deviation of the normal noise that is added to imputed values, in units of the normalised picture.
    pub noise: f64,
    /// Where the random numbers start.
    pub seed: u32,
}

impl Default for Road {
    fn default() -> Self {
        Self { shares: vec![0.2, 0.4, 0.6, 0.8], noise: 0.01, seed: 0 }
    }
}

impl Road {
    fn check(&self) -> Result<()> {
        if self.shares.is_empty() {
            return Err(error!(
                Request,
                "road-without-shares", "ROAD needs at least one share of removed pixels, found none"
            ));
        }
        match self.shares.iter().find(|share| !(**share > 0.0 && **share < 1.0)) {
            None => Ok(()),
            Some(share) => Err(error!(
                Request,
                "road-share", "a share of removed pixels lies between 0 and 1, found {share}", share
            )),
        }
    }
}

/// The class's probability at each share of removed pixels.
///
/// ```
/// use cam_lucida::measure::{Curve, RoadCurves};
///
/// let curves = RoadCurves {
///     most_relevant_first: Curve { points: vec![(0.2, 0.3), (0.4, 0.1)] },
///     least_relevant_first: Curve { points: vec![(0.2, 0.9), (0.4, 0.7)] },
/// };
/// assert!((curves.combined() - 0.3).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RoadCurves {
    /// Removing the most relevant pixels first (MoRF): should fall at once.
    pub most_relevant_first: Curve,
    /// Removing the least relevant pixels first (LeRF): should fall late.
    pub least_relevant_first: Curve,
}

impl RoadCurves {
    /// The mean of `(LeRF - MoRF) / 2` over the shares. Larger is better; 0 is chance.
    pub fn combined(&self) -> f64 {
        let (morf, lerf) = (&self.most_relevant_first.points, &self.least_relevant_first.points);
        let differences = lerf.iter().zip(morf).map(|((_, lerf), (_, morf))| (lerf - morf) / 2.0);
        differences.sum::<f64>() / morf.len() as f64
    }
}

/// ROAD, remove and debias (Rong 2022, <https://arxiv.org/abs/2202.00449>).
///
/// The map, upsampled to the picture, ranks the pixels; equal pixels in order of position. A share of them is removed,
/// first the most relevant, then the least relevant. Removed pixels are [imputed](impute) from their neighbours, with a
/// little noise, so that the shape of the hole tells nothing by itself.
///
/// Its authors' code removes all pixels above a percentile, hence any number of equal ones; here exactly the share is
/// removed. The curves hold probabilities, not accuracies.
///
/// ```
/// use cam_lucida::measure::{Map, Road, Trial, road};
/// # use cam_lucida::{Device, Input, Model, Size, network::Architecture, weights::{Card, Hashed}};
/// # use std::ops::ControlFlow;
/// # pollster::block_on(async {
/// # let card = Card::new(Architecture::named("resnet_small")?);
/// # let model = Model::from_parameters(&Device::cpu(), card, &mut Hashed { classes: 3 }).await?;
/// # let input = Input::new(Size::square(64), Hashed::uniform("picture", &[3, 64, 64], 2.0))?;
/// # let trial = Trial { model: &model, input: &input, class: 0, watch: &|_| ControlFlow::Continue(()) };
/// let map = Map::new(Size { height: 1, width: 2 }, vec![0.0, 1.0])?;
/// let curves = road(&trial, &map, &Road { shares: vec![0.5], ..Road::default() }).await?;
/// println!("combined: {:.3}", curves.combined());
/// # Ok::<(), cam_lucida::Error>(())
/// # }).unwrap();
/// ```
///
/// # Errors
/// [`is_request`](crate::Error::is_request): no share, one that is not between 0 and 1, or a class that the model does
/// not have; [`is_cancelled`](crate::Error::is_cancelled): the watch broke off;
/// [`is_device`](crate::Error::is_device): the device failed.
pub async fn road(trial: &Trial<'_>, map: &Map, road: &Road) -> Result<RoadCurves> {
    road.check()?;
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
        let added = noise.normal(values.len());
        for (at, value) in values.iter_mut().enumerate().filter(|(at, _)| removed[at % pixels]) {
            *value += road.noise as f32 * added[at];
        }
        values
    };
    let found = trial.probabilities("road", 2 * count, remove).await?;
    let curve =
        |found: &[f64]| Curve { points: road.shares.iter().copied().zip(found.iter().copied()).collect() };
    let (morf, lerf) = found.split_at(count);
    Ok(RoadCurves { most_relevant_first: curve(morf), least_relevant_first: curve(lerf) })
}
