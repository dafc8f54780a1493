//! Deletion and insertion: whether the pixels that a map ranks first decide the score.

use strum::VariantArray;

use super::{Map, Trial, blur};
use crate::error::{error, unknown_variant};
use crate::{Error, Input, Result};

/// The class's probability at each share of changed pixels, in ascending order.
///
/// ```
/// use cam_lucida::measure::Curve;
///
/// let curve = Curve { points: vec![(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)] };
/// assert_eq!(curve.area(), 0.5);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Share of the pixels that were changed, 0 to 1, and the class's probability.
    pub points: Vec<(f64, f64)>,
}

impl Curve {
    /// Area under the curve by the trapezoid rule.
    pub fn area(&self) -> f64 {
        let under = |ends: &[(f64, f64)]| (ends[1].0 - ends[0].0) * (ends[0].1 + ends[1].1) / 2.0;
        self.points.windows(2).map(under).sum()
    }
}

/// What stands for a missing pixel.
///
/// ```
/// use cam_lucida::measure::Baseline;
///
/// assert_eq!("blur".parse::<Baseline>()?, Baseline::Blur);
/// assert_eq!(Baseline::default().to_string(), "mean");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Error, parse_err_fn = unknown)]
pub enum Baseline {
    /// The mean colour: zero of the normalised picture.
    #[default]
    Mean,
    /// The blurred picture.
    Blur,
}

fn unknown(name: &str) -> Error {
    unknown_variant("baseline", name, Baseline::VARIANTS)
}

impl Baseline {
    /// The values `[3, height, width]` of a picture in which every pixel is missing.
    ///
    /// ```
    /// use cam_lucida::measure::Baseline;
    /// use cam_lucida::{Input, Size};
    ///
    /// let input = Input::new(Size::square(32), vec![1.0; 3 * 32 * 32])?;
    /// assert_eq!(Baseline::Mean.missing(&input), [0.0; 3 * 32 * 32]);
    /// assert!(Baseline::Blur.missing(&input)[0] < 1.0); // beyond the edge lies the mean colour
    /// # Ok::<(), cam_lucida::Error>(())
    /// ```
    pub fn missing(self, input: &Input) -> Vec<f32> {
        match self {
            Self::Mean => vec![0.0; input.values().len()],
            Self::Blur => {
                let planes = input.values().chunks_exact(input.size().area());
                planes.flat_map(|plane| blur(plane, input.size().width)).collect()
            }
        }
    }
}

/// How pixels are deleted or inserted.
///
/// ```
/// use cam_lucida::measure::{Baseline, Perturbation};
///
/// let coarse = Perturbation { steps: 14, ..Perturbation::INSERTION };
/// assert_eq!(coarse.baseline, Baseline::Blur);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Perturbation {
    /// Equal steps from no pixel to all of them.
    pub steps: usize,
    /// What stands for a missing pixel.
    pub baseline: Baseline,
}

impl Perturbation {
    /// The default number of steps: a quarter of the rows of a 224×224 input.
    pub const STEPS: usize = 56;
    /// The most steps: more than a large input has rows, each a pass of the network.
    pub const MAX_STEPS: usize = 10_000;
    /// Deletion as in the paper: pixels become the mean colour.
    pub const DELETION: Self = Self { steps: Self::STEPS, baseline: Baseline::Mean };
    /// Insertion as in the paper: into the blurred picture.
    pub const INSERTION: Self = Self { steps: Self::STEPS, baseline: Baseline::Blur };
}

/// Deletion (Petsiuk 2018, RISE, section 3.3, <https://arxiv.org/abs/1806.07421>).
///
/// The baseline replaces the pixels in the order of the map, which is upsampled to the picture; equal pixels in order of
/// position. The curve is the probability of the class after each step. A small area means that the class depends on the
/// pixels that the map ranks first.
///
/// ```
/// use cam_lucida::measure::{Map, Perturbation, Trial, deletion};
/// # use cam_lucida::{Device, Input, Model, Request, Size, network::Architecture, weights::{Card, Hashed}};
/// # use std::ops::ControlFlow;
/// # pollster::block_on(async {
/// # let card = Card::new(Architecture::named("resnet_small")?);
/// # let model = Model::from_parameters(&Device::cpu(), card, &mut Hashed { classes: 3 }).await?;
/// # let input = Input::new(Size::square(64), Hashed::uniform("picture", &[3, 64, 64], 2.0))?;
/// let explanation = model.explain(&input, &Request::default()).await?;
/// let map = Map::from_heatmap(&explanation.heatmaps[0]).await?;
///
/// let class = explanation.classes[0].single().unwrap();
/// let trial = Trial { model: &model, input: &input, class, watch: &|_| ControlFlow::Continue(()) };
/// let curve = deletion(&trial, &map, &Perturbation { steps: 4, ..Perturbation::DELETION }).await?;
/// assert_eq!(curve.points[4].0, 1.0);
/// println!("area under the deletion curve: {:.3}", curve.area());
/// # Ok::<(), cam_lucida::Error>(())
/// # }).unwrap();
/// ```
///
/// # Errors
/// [`is_request`](Error::is_request): no steps, or more than [`Perturbation::MAX_STEPS`], or a class that the model does not have;
/// [`is_cancelled`](Error::is_cancelled): the watch broke off; [`is_device`](Error::is_device): the device failed.
pub async fn deletion(trial: &Trial<'_>, map: &Map, perturbation: &Perturbation) -> Result<Curve> {
    let missing = perturbation.baseline.missing(trial.input);
    exchange(trial, "deletion", map, perturbation.steps, trial.input.values().to_vec(), &missing).await
}

/// Insertion (Petsiuk 2018, as [`deletion`]).
///
/// The picture's pixels replace the baseline in the order of the map. A large area means that the pixels that the map
/// ranks first are enough for the class.
///
/// # Errors
/// As [`deletion`].
pub async fn insertion(trial: &Trial<'_>, map: &Map, perturbation: &Perturbation) -> Result<Curve> {
    let missing = perturbation.baseline.missing(trial.input);
    exchange(trial, "insertion", map, perturbation.steps, missing, trial.input.values()).await
}

/// The probabilities while pixels of `to` replace those of `from`, in the order of the map.
async fn exchange(
    trial: &Trial<'_>,
    measure: &'static str,
    map: &Map,
    steps: usize,
    from: Vec<f32>,
    to: &[f32],
) -> Result<Curve> {
    if !(1..=Perturbation::MAX_STEPS).contains(&steps) {
        return Err(error!(
            Request,
            "curve-steps",
            "a curve has 1 to {max} steps, found {steps}",
            max = Perturbation::MAX_STEPS,
            steps
        ));
    }
    let (ranking, pixels) = (trial.cover(map).ranking(), trial.pixels());
    let (mut mixed, mut done) = (from, 0);
    let mix = |step: usize| {
        let end = step * pixels / steps;
        for &pixel in &ranking[done..end] {
            for value in (pixel..mixed.len()).step_by(pixels) {
                mixed[value] = to[value];
            }
        }
        done = end;
        mixed.clone()
    };
    let found = trial.probabilities(measure, steps + 1, mix).await?;
    let share = |step: usize| (step * pixels / steps) as f64 / pixels as f64;
    Ok(Curve { points: found.into_iter().enumerate().map(|(step, p)| (share(step), p)).collect() })
}
