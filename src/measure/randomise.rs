//! Whether a map depends on what the network has learned.

use super::{Fresh, Map, Trial, rank_correlation, structural_similarity};
use crate::cam::Progress;
use crate::network::Parameters;
use crate::{Error, Heatmap, Model, Request, Result};

/// How a network is taken back to what it was before training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cascade {
    /// How often the maps are compared on the way: once with a fresh head, last with everything fresh, the others
    /// spread evenly between.
    pub stages: usize,
    /// Where the random numbers start.
    pub seed: u32,
}

impl Default for Cascade {
    fn default() -> Self {
        Self { stages: 12, seed: 0 }
    }
}

impl Cascade {
    /// How many of `modules` are fresh at each stage, none at first.
    pub fn counts(&self, modules: usize) -> Vec<usize> {
        let steps = self.stages.saturating_sub(1).max(1);
        let behind_head = modules.saturating_sub(1);
        let mut counts = vec![0];
        counts.extend((0..self.stages).map(|stage| match self.stages {
            1 => modules,
            _ => 1 + (stage * behind_head + steps / 2) / steps,
        }));
        counts.dedup();
        counts
    }
}

/// The maps of a network with some modules fresh, compared with those of the trained one.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// How many modules are fresh, counted from the head.
    pub fresh: usize,
    /// How many there are.
    pub of: usize,
    /// The one of them that is nearest to the picture.
    pub module: Option<String>,
    /// One for each method.
    pub similarities: Vec<Similarity>,
}

/// How alike two maps of a method are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// The method.
    pub method: &'static str,
    /// Spearman's correlation of the raw values, of signed pictures with their signs. `None` where a map is flat.
    pub rank: Option<f64>,
    /// Spearman's correlation of the magnitudes, as they are drawn. `None` where a map is flat.
    pub rank_of_magnitudes: Option<f64>,
    /// Structural similarity of the magnitudes, each brought to 0..1. `None` where a map is flat: what nothing shares
    /// with a sparse map would count as likeness.
    pub structure: Option<f64>,
}

/// Cascading randomisation of the weights (Adebayo 2018, Sanity checks for saliency maps,
/// <https://arxiv.org/abs/1810.03292>).
///
/// From the head towards the picture, module by module, the network of `parameters` (the trial's own, trained) becomes
/// a freshly initialised one, see [`Fresh`]; at each of [`Cascade::counts`] the maps of `request`, for the trial's class,
/// are compared with the trained network's, at the picture's size. A map that stays as it was does not show what the network has
/// learned.
///
/// # Errors
/// As [`Model::from_parameters`] and [`Model::explain_watched`]; [`is_request`](Error::is_request): no stages.
pub async fn randomise(
    trial: &Trial<'_>,
    parameters: &mut dyn Parameters,
    request: &Request,
    cascade: &Cascade,
) -> Result<Vec<Stage>> {
    if cascade.stages == 0 {
        return Err(Error::request("randomisation needs at least one stage, found 0"));
    }
    let (device, card) = (trial.model.device(), trial.model.card());
    let request = Request { classes: vec![trial.class], ..request.clone() };
    let mut unchanged = Fresh::none(parameters);
    drop(Model::from_parameters(device, card.clone(), &mut unchanged).await?);
    let modules = unchanged.modules();
    let counts = cascade.counts(modules.len());
    let progress = |done| Progress { method: NAME, done, total: counts.len() + 1 };
    let trained = views(trial, trial.model, &request, progress(0)).await?;
    let mut stages = Vec::new();
    for (i, &fresh) in counts.iter().enumerate() {
        let mut fresh_parameters = Fresh::new(parameters, &modules, fresh, cascade.seed);
        let other = Model::from_parameters(device, card.clone(), &mut fresh_parameters).await?;
        let found = views(trial, &other, &request, progress(i + 1)).await?;
        let compared = trained.iter().zip(&found).map(|(trained, found)| trained.compare(found));
        stages.push(Stage {
            fresh,
            of: modules.len(),
            module: fresh.checked_sub(1).map(|last| modules[last].clone()),
            similarities: compared.collect::<Result<_>>()?,
        });
    }
    Ok(stages)
}

const NAME: &str = "randomise";

/// A method's map in the two forms that are compared.
struct View {
    method: &'static str,
    /// `[c, h, w]`: one channel at the picture's size, or the three of a signed picture.
    raw: Vec<f32>,
    /// At the picture's size, in 0..1.
    magnitudes: Map,
}

/// The maps of a model, while the watch hears of `progress`.
async fn views(trial: &Trial<'_>, model: &Model, request: &Request, progress: Progress) -> Result<Vec<View>> {
    let watch = |_| (trial.watch)(progress);
    if (trial.watch)(progress).is_break() {
        return Err(Error::cancelled());
    }
    let explanation = model.explain_watched(trial.input, request, &watch).await?;
    let mut views = Vec::new();
    for heatmap in &explanation.heatmaps {
        views.push(View::of(heatmap, trial).await?);
    }
    Ok(views)
}

impl View {
    async fn of(heatmap: &Heatmap, trial: &Trial<'_>) -> Result<Self> {
        let magnitudes = trial.cover(&Map::from_heatmap(heatmap).await?);
        let raw = match heatmap.map.dims() {
            [1, ..] => magnitudes.values().to_vec(),
            _ => heatmap.values().await?,
        };
        Ok(Self { method: heatmap.method.name, raw, magnitudes: magnitudes.normalised() })
    }

    fn compare(&self, other: &Self) -> Result<Similarity> {
        let flat = self.magnitudes.is_flat() || other.magnitudes.is_flat();
        let structure = (!flat).then(|| structural_similarity(&self.magnitudes, &other.magnitudes));
        Ok(Similarity {
            method: self.method,
            rank: rank_correlation(&self.raw, &other.raw),
            rank_of_magnitudes: rank_correlation(self.magnitudes.values(), other.magnitudes.values()),
            structure: structure.transpose()?,
        })
    }
}
