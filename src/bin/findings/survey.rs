//! What the networks see: every method's maps of held-out scenes, measured.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use cam_lucida::cam::{ClassSum, Method, Settings};
use cam_lucida::measure::{
    Baseline, Map, Mask, Perturbation, Trial, coverage, deletion, energy_inside, insertion,
    instances_covered, pointing_game,
};
use cam_lucida::scenes::World;
use cam_lucida::train::{HELD_OUT, Recipe};
use cam_lucida::{Input, Size};
use pollster::block_on;

use crate::Failure;
use crate::estimate::Sample;
use crate::trained_model::TrainedModel;
use crate::trials::{Several, Single, Trials};

/// The scenes: others than those of the trainer's reports.
pub const SEED: u64 = HELD_OUT + 1;
/// The most channels that a method tries, of those that try channel after channel.
pub const MAX_CHANNELS: f64 = 32.0;
/// Steps of deletion and insertion.
pub const STEPS: usize = 16;
/// The title of maps that know nothing: a random number for each pixel.
pub const CHANCE: &str = "Chance";

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// [`energy_inside`] the one object of the class.
    Energy,
    /// [`pointing_game`] for it.
    Pointing,
    /// [`coverage`] of it.
    Covered,
    /// [`coverage`] of everything else.
    Spilt,
    /// Area under the [`deletion`] curve.
    Deletion,
    /// Area under the [`insertion`] curve.
    Insertion,
    /// [`energy_inside`] all objects of a class that has several.
    EnergyOfSeveral,
    /// [`instances_covered`] of them.
    Instances,
    /// Of two classes' objects, the energy on those of the class that is explained, in parts of that on both; the
    /// mean over which of the two is explained. Maps that do not depend on the class score one half.
    Own,
    /// The mean on the object's outline, in parts of that and the mean on the rest of it.
    Outline,
}

/// One network's figures.
pub struct Survey {
    /// How the network was trained.
    pub recipe: &'static Recipe,
    /// Titles of the methods, in the order in which they are shown.
    pub methods: Vec<&'static str>,
    samples: BTreeMap<(&'static str, Figure), Sample>,
}

/// How much is measured.
pub struct Extent {
    /// Scenes that are shown.
    pub scenes: u64,
    /// The first of them are also used for deletion and insertion, which take many passes.
    pub perturbed: u64,
}

impl Survey {
    /// Shows `trained` the first scenes of [`SEED`].
    pub fn run(
        trained: &TrainedModel,
        world: &dyn World,
        methods: &[&'static Method],
        extent: &Extent,
    ) -> Result<Self, Failure> {
        let titles = methods.iter().map(|method| method.title).chain([CHANCE]).collect();
        let mut survey = Self { recipe: trained.recipe, methods: titles, samples: BTreeMap::new() };
        for index in 0..extent.scenes {
            survey.show(trained, world, index, methods, index < extent.perturbed)?;
        }
        Ok(survey)
    }

    /// The values of `figure`; an empty sample if there are none.
    pub fn sample(&self, method: &str, figure: Figure) -> Sample {
        let found = self.samples.iter().find(|((title, other), _)| *title == method && *other == figure);
        found.map(|(_, sample)| sample.clone()).unwrap_or_default()
    }

    fn show(
        &mut self,
        trained: &TrainedModel,
        world: &dyn World,
        index: u64,
        methods: &[&'static Method],
        perturbed: bool,
    ) -> Result<(), Failure> {
        let side = self.recipe.side;
        let scene = world.scene(SEED, index, side);
        let input = trained.input(&scene)?;
        let scores = block_on(trained.model.classify(&input))?;
        let trials = Trials::from_scene(&scene, side as usize, &scores)?;
        let classes = trials.classes();
        if classes.is_empty() {
            return Ok(());
        }
        let explanation = trained.explain(&input, methods, &classes, &settings(methods))?;
        let mut maps = BTreeMap::new();
        for heatmap in &explanation.heatmaps {
            maps.insert((heatmap.method.title, heatmap.class.clone()), block_on(Map::from_heatmap(heatmap))?);
        }
        for &class in &classes {
            let mut noise = cam_lucida::random::seeded(index * world.classes().len() as u64 + class as u64);
            let side = side as usize;
            maps.insert((CHANCE, class.into()), Map::new(Size::square(side), noise.uniform(side * side))?);
        }
        for method in self.methods.clone() {
            let map = |class: usize| &maps[&(method, ClassSum::from(class))];
            let mut note = |figure, value: Option<f64>| {
                self.samples.entry((method, figure)).or_default().note(index, value);
            };
            if let Some(single) = &trials.single {
                note_single(map(single.class), single, side, &mut note);
            }
            if let Some(Several { class, all, instances }) = &trials.several {
                note(Figure::EnergyOfSeveral, energy_inside(map(*class), all));
                note(Figure::Instances, instances_covered(map(*class), instances));
            }
            if let Some([(a, a_mask), (b, b_mask)]) = &trials.pair {
                let own = own_share(map(*a), a_mask, b_mask).zip(own_share(map(*b), b_mask, a_mask));
                note(Figure::Own, own.map(|(a, b)| (a + b) / 2.0));
            }
            if let Some(single) = trials.single.as_ref().filter(|_| perturbed) {
                let [deletion, insertion] = perturb(trained, &input, single.class, map(single.class))?;
                note(Figure::Deletion, Some(deletion));
                note(Figure::Insertion, Some(insertion));
            }
        }
        Ok(())
    }
}

/// The limit on channels, for those of `methods` that have one.
pub fn settings(methods: &[&'static Method]) -> Settings {
    const LIMIT: &str = "max_channels";
    let mut settings = Settings::default();
    for method in methods {
        if method.settings.iter().any(|setting| setting.name == LIMIT) {
            settings.set(LIMIT, MAX_CHANNELS);
        }
    }
    settings
}

/// Pixels of the pointing game's tolerance: the paper's 15 of 224, in proportion.
pub fn tolerance(side: u32) -> f64 {
    15.0 * f64::from(side) / 224.0
}

fn note_single(map: &Map, single: &Single, side: u32, note: &mut impl FnMut(Figure, Option<f64>)) {
    note(Figure::Energy, energy_inside(map, &single.object));
    let hit = pointing_game(map, &single.object, tolerance(side)).map(|pointing| f64::from(pointing.hit));
    note(Figure::Pointing, hit);
    note(Figure::Covered, coverage(map, &single.object));
    note(Figure::Spilt, coverage(map, &single.rest));
    let means =
        single.outline.as_ref().and_then(|(near, inner)| mean_inside(map, near).zip(mean_inside(map, inner)));
    note(Figure::Outline, means.and_then(|(near, inner)| share(near, inner)));
}

/// The mean over a mask, in parts of the mean over the picture.
fn mean_inside(map: &Map, mask: &Mask) -> Option<f64> {
    let pixels = mask.inside().iter().filter(|inside| **inside).count();
    energy_inside(map, mask).map(|energy| energy * mask.inside().len() as f64 / pixels as f64)
}

fn own_share(map: &Map, own: &Mask, other: &Mask) -> Option<f64> {
    energy_inside(map, own).zip(energy_inside(map, other)).and_then(|(own, other)| share(own, other))
}

fn share(part: f64, rest: f64) -> Option<f64> {
    (part + rest > 0.0).then(|| part / (part + rest))
}

/// Areas under the curves of deletion and insertion.
fn perturb(trained: &TrainedModel, input: &Input, class: usize, map: &Map) -> Result<[f64; 2], Failure> {
    let trial = Trial { model: &trained.model, input, class, watch: &|_| ControlFlow::Continue(()) };
    let steps = |baseline| Perturbation { steps: STEPS, baseline };
    let deletion = block_on(deletion(&trial, map, &steps(Baseline::Mean)))?;
    let insertion = block_on(insertion(&trial, map, &steps(Baseline::Blur)))?;
    Ok([deletion.area(), insertion.area()])
}
