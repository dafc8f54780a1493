//! Cover: what becomes of the score when the pixels that a map ranks first are covered, or nothing else is shown.

use super::{Baseline, Map, Trial};
use crate::Result;
use crate::error::error;
use crate::random::seeded;

/// How much is covered, and by what.
///
/// ```
/// use cam_lucida::measure::{Baseline, Covering};
///
/// let half = Covering { share: 0.5, ..Covering::default() };
/// assert_eq!((half.baseline, half.places), (Baseline::Mean, 16));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Covering {
    /// The share of the pixels, above 0 and below 1.
    pub share: f64,
    /// What stands for a covered pixel.
    pub baseline: Baseline,
    /// How often the cover is put somewhere else for comparison.
    pub places: usize,
    /// Where the random numbers start.
    pub seed: u32,
}

impl Default for Covering {
    fn default() -> Self {
        Self { share: 0.2, baseline: Baseline::Mean, places: 16, seed: 0 }
    }
}

impl Covering {
    /// The most places: each costs two passes of the network.
    pub const MAX_PLACES: usize = 1000;
}

/// The class's probability before a picture of which parts are covered.
///
/// See the example of [`cover`].
#[derive(Debug, Clone, PartialEq)]
pub struct Covered {
    /// How many pixels are covered.
    pub pixels: usize,
    /// Before the whole picture.
    pub whole: f64,
    /// The pixels that the map ranks first are covered.
    pub without: f64,
    /// Only they are shown.
    pub alone: f64,
    /// The two again, with the cover somewhere else.
    pub elsewhere: Vec<[f64; 2]>,
}

impl Covered {
    /// The means of [`elsewhere`](Self::elsewhere); `None` where the cover was put nowhere else.
    pub fn by_chance(&self) -> Option<[f64; 2]> {
        let count = self.elsewhere.len() as f64;
        let mean = |which: usize| self.elsewhere.iter().map(|pair| pair[which]).sum::<f64>() / count;
        (!self.elsewhere.is_empty()).then(|| [mean(0), mean(1)])
    }
}

/// Covers the pixels that `map` ranks first, upsampled to the picture, and shows nothing else; beside it the same cover,
/// moved as a whole to random places, with what leaves the picture coming back on its other side. A map that names what the
/// class depends on lowers the score by more than such a cover does.
///
/// ```
/// use cam_lucida::measure::{Covering, Map, Trial, cover};
/// # use cam_lucida::{Device, Input, Model, Request, Size, network::Architecture, weights::{Card, Hashed}};
/// # use std::ops::ControlFlow;
/// # pollster::block_on(async {
/// # let card = Card::new(Architecture::named("resnet_small")?);
/// # let model = Model::from_parameters(&Device::cpu(), card, &mut Hashed { classes: 3 }).await?;
/// # let input = Input::new(Size::square(64), Hashed::uniform("picture", &[3, 64, 64], 2.0))?;
/// # let explanation = model.explain(&input, &Request::default()).await?;
/// # let map = Map::from_heatmap(&explanation.heatmaps[0]).await?;
/// # let trial = Trial { model: &model, input: &input, class: 0, watch: &|_| ControlFlow::Continue(()) };
/// let found = cover(&trial, &map, &Covering { places: 2, ..Covering::default() }).await?;
/// assert_eq!((found.pixels, found.elsewhere.len()), (819, 2));
/// println!("{:.3} before, {:.3} without what is hottest", found.whole, found.without);
/// # Ok::<(), cam_lucida::Error>(())
/// # }).unwrap();
/// ```
///
/// # Errors
/// As [`deletion`](super::deletion); [`is_request`](crate::Error::is_request): a share that covers no pixel or all, or more than
/// [`Covering::MAX_PLACES`].
pub async fn cover(trial: &Trial<'_>, map: &Map, covering: &Covering) -> Result<Covered> {
    let &Covering { share, baseline, places, seed } = covering;
    let pixels = (share * trial.pixels() as f64).round() as usize;
    if !(1..trial.pixels()).contains(&pixels) {
        return Err(error!(
            Request,
            "cover-share",
            "a cover takes a share above 0 and below 1 of the picture's {all} pixels, found {share}",
            all = trial.pixels(),
            share
        ));
    }
    if places > Covering::MAX_PLACES {
        return Err(error!(
            Request,
            "cover-places",
            "a cover is put at up to {max} other places, found {places}",
            max = Covering::MAX_PLACES,
            places
        ));
    }
    let size = trial.input.size();
    let (whole, missing) = (trial.input.values(), baseline.missing(trial.input));
    let mut hottest = vec![false; trial.pixels()];
    trial.cover(map).ranking()[..pixels].iter().for_each(|&pixel| hottest[pixel] = true);
    let moves = moves(places, seed, [size.width, size.height]);
    // The whole picture; then for each place of the cover, the first one its own, what is left and what is covered.
    let make = |at: usize| {
        let Some(variant) = at.checked_sub(1) else { return whole.to_vec() };
        let [right, down] = moves[variant / 2];
        let is_covered = |pixel: usize| {
            let (row, column) = (pixel / size.width, pixel % size.width);
            let from = |at: usize, by: usize, length: usize| (at + length - by) % length;
            hottest[from(row, down, size.height) * size.width + from(column, right, size.width)]
        };
        let shows_covered = variant % 2 == 1;
        let value = |i: usize| {
            if is_covered(i % trial.pixels()) == shows_covered { whole[i] } else { missing[i] }
        };
        (0..whole.len()).map(value).collect()
    };
    let found = trial.probabilities("cover", 1 + 2 * moves.len(), make).await?;
    let mut pairs = found[1..].chunks_exact(2).map(|pair| [pair[0], pair[1]]);
    let [without, alone] = pairs.next().expect("the first place is the map's own");
    Ok(Covered { pixels, whole: found[0], without, alone, elsewhere: pairs.collect() })
}

/// Columns and rows by which the cover is moved: first not at all.
fn moves(places: usize, seed: u32, sides: [usize; 2]) -> Vec<[usize; 2]> {
    let random = seeded(u64::from(seed)).uniform(2 * places);
    let along = |share: f32, side: usize| ((share * side as f32) as usize).min(side - 1);
    let elsewhere = random.chunks_exact(2).map(|pair| [along(pair[0], sides[0]), along(pair[1], sides[1])]);
    std::iter::once([0, 0]).chain(elsewhere).collect()
}
