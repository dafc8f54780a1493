//! Cascading randomisation: whether a map depends on what the network has learned.

use super::{Comparable, Fresh, Similarity, Trial};
use crate::cam::Progress;
use crate::error::error;
use crate::network::Parameters;
use crate::{Model, Request, Result};

/// How a network returns to its state before training.
///
/// ```
/// use cam_lucida::measure::Cascade;
///
/// // First the trained network, then a fresh head, half of the modules, and all.
/// assert_eq!(Cascade { steps: 3, seed: 0 }.counts(21), [0, 1, 11, 21]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cascade {
    /// How often the maps are compared on the way: first with a fresh head, last with every module fresh, the others
    /// evenly between.
    pub steps: usize,
    /// Where the random numbers start.
    pub seed: u32,
}

impl Default for Cascade {
    fn default() -> Self {
        Self { steps: 12, seed: 0 }
    }
}

impl Cascade {
    /// The most steps: more than a network has modules.
    pub const MAX_STEPS: usize = 10_000;

    /// How many of `modules` are fresh at each step; none before the first.
    pub fn counts(&self, modules: usize) -> Vec<usize> {
        let gaps = self.steps.saturating_sub(1).max(1);
        let behind_head = modules.saturating_sub(1);
        let mut counts = vec![0];
        counts.extend((0..self.steps).map(|step| match self.steps {
            1 => modules,
            _ => 1 + (step * behind_head + gaps / 2) / gaps,
        }));
        counts.dedup();
        counts
    }
}

/// How alike the maps are to those of the trained network when some modules are fresh.
///
/// See the example of [`randomise`].
#[derive(Debug, Clone, PartialEq)]
pub struct CascadeStep {
    /// How many modules are fresh, counted from the head.
    pub fresh: usize,
    /// How many modules the network has.
    pub modules: usize,
    /// The fresh module that is nearest to the picture; `None` for the trained network.
    pub module: Option<String>,
    /// One for each method.
    pub similarities: Vec<Similarity>,
}

/// Cascading randomisation of the weights (Adebayo 2018, Sanity checks for saliency maps,
/// <https://arxiv.org/abs/1810.03292>).
///
/// `parameters` are those of the trial's model. Module by module, from the head towards the picture, they become freshly
/// initialised, see [`Fresh`]; a second model beside the trial's takes them. At each of [`Cascade::counts`] its maps of
/// `request`, for the trial's class, are compared with those of the trained model, at the picture's size. A map that stays
/// the same does not show what the network has learned.
///
/// ```
/// use cam_lucida::measure::{Cascade, Trial, randomise};
/// # use cam_lucida::{Device, Input, Model, Request, Size, network::Architecture, weights::{Card, Hashed}};
/// # use std::ops::ControlFlow;
/// # pollster::block_on(async {
/// # let card = Card::new(Architecture::named("resnet_small")?);
/// # let mut parameters = Hashed { classes: 3 };
/// # let model = Model::from_parameters(&Device::cpu(), card, &mut parameters).await?;
/// # let input = Input::new(Size::square(64), Hashed::uniform("picture", &[3, 64, 64], 2.0))?;
/// # let trial = Trial { model: &model, input: &input, class: 0, watch: &|_| ControlFlow::Continue(()) };
/// let cascade = Cascade { steps: 1, seed: 0 };
/// let steps = randomise(&trial, &mut parameters, &Request::default(), &cascade).await?;
/// assert_eq!((steps[0].fresh, steps[1].fresh), (0, steps[1].modules));
/// println!("fresh weights: {:?}", steps[1].similarities[0].rank);
/// # Ok::<(), cam_lucida::Error>(())
/// # }).unwrap();
/// ```
///
/// # Errors
/// As [`Model::with_parameters`] and [`Model::explain_watched`]; [`is_request`](crate::Error::is_request): no steps, or more than [`Cascade::MAX_STEPS`].
pub async fn randomise(
    trial: &Trial<'_>,
    parameters: &mut dyn Parameters,
    request: &Request,
    cascade: &Cascade,
) -> Result<Vec<CascadeStep>> {
    if !(1..=Cascade::MAX_STEPS).contains(&cascade.steps) {
        return Err(error!(
            Request,
            "cascade-steps",
            "randomisation has 1 to {max} steps, found {steps}",
            max = Cascade::MAX_STEPS,
            steps = cascade.steps
        ));
    }
    let request = Request { classes: vec![trial.class.into()], ..request.clone() };
    let modules = trial.model.architecture().blueprint(parameters)?.modules();
    let counts = cascade.counts(modules.len());
    let progress = |done| Progress { method: NAME, done, total: counts.len() + 1 };
    let trained = maps(trial, trial.model, &request, progress(0)).await?;
    let mut steps = Vec::new();
    for (i, &fresh) in counts.iter().enumerate() {
        let mut fresh_parameters = Fresh::new(parameters, &modules, fresh, cascade.seed);
        let other = trial.model.with_parameters(&mut fresh_parameters).await?;
        let found = maps(trial, &other, &request, progress(i + 1)).await?;
        let similarities = trained.iter().zip(&found).map(|(trained, found)| trained.compare(found));
        steps.push(CascadeStep {
            fresh,
            modules: modules.len(),
            module: fresh.checked_sub(1).map(|last| modules[modules.len() - 1 - last].clone()),
            similarities: similarities.collect::<Result<_>>()?,
        });
    }
    Ok(steps)
}

const NAME: &str = "randomise";

/// The maps of a model, while the watch hears of `progress`.
async fn maps(
    trial: &Trial<'_>,
    model: &Model,
    request: &Request,
    progress: Progress,
) -> Result<Vec<Comparable>> {
    let watch = |_: Progress| trial.watch.step(progress);
    trial.watch.step(progress).go_on().await?;
    let explanation = model.explain_watched(trial.input, request, &watch).await?;
    let mut maps = Vec::new();
    for heatmap in &explanation.heatmaps {
        maps.push(Comparable::read(heatmap, trial.input.size()).await?);
    }
    Ok(maps)
}
