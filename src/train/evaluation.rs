//! How well a network names what is in scenes that it has not learned from.

use burn::tensor::{Device, Tensor, TensorData};
use serde::Serialize;

use super::learner::read;
use crate::Result;
use crate::network::{Network, Tap};
use crate::picture::Preprocessor;
use crate::scenes::World;

/// Scenes that go through the network together.
const BATCH: usize = 32;

/// How well a network does on held-out scenes.
///
/// ```
/// use cam_lucida::Device;
/// use cam_lucida::scenes::{Hair, People};
/// use cam_lucida::train::{HELD_OUT, Report};
/// use cam_lucida::weights::Weights;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/models/people-balanced/model.safetensors");
/// let device = Device::cpu();
/// let mut weights = Weights::read(std::fs::read(path)?)?;
/// let network = weights.recognise()?.load(&mut weights, device.tensors())?;
/// let world = People::new(Hair::Independent);
/// let report = Report::measure(network.as_ref(), &world, (HELD_OUT, 4), 96, device.tensors())?;
/// let [doctor, nurse] = &report.classes[..] else { panic!("there are two classes") };
/// assert_eq!((doctor.name.as_str(), nurse.name.as_str()), ("doctor", "nurse"));
/// assert_eq!(doctor.scenes + nurse.scenes, report.scenes);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// How many scenes.
    pub scenes: usize,
    /// The share of scenes with every label right.
    pub exact: f64,
    /// The mean of the classes' F1.
    pub macro_f1: f64,
    /// Class by class.
    pub classes: Vec<ClassReport>,
    /// `[i][j]`: scenes in which class `i` was missed and class `j` wrongly seen.
    pub confusion: Vec<Vec<usize>>,
}

/// One class in a [`Report`].
///
/// See the example of [`Report`].
#[derive(Debug, Clone, Serialize)]
pub struct ClassReport {
    /// The class.
    pub name: String,
    /// Scenes with it.
    pub scenes: usize,
    /// The share of scenes in which it was rightly seen or rightly not.
    pub accuracy: f64,
    /// The share of the scenes in which it was seen that have it.
    pub precision: f64,
    /// The share of the scenes with it in which it was seen.
    pub recall: f64,
    /// The harmonic mean of precision and recall.
    pub f1: f64,
}

impl Report {
    /// Shows `network` the scenes 0 to `scenes` of `seed`. A class counts as seen when its probability is above one
    /// half, or, where each scene has one class, when it is the most probable.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device) when the device fails.
    pub fn measure(
        network: &dyn Network,
        world: &dyn World,
        (seed, scenes): (u64, usize),
        side: u32,
        device: &Device,
    ) -> Result<Self> {
        let classes = world.classes().len();
        let preprocessor = Preprocessor::imagenet(side);
        let mut outcomes = Vec::with_capacity(scenes);
        for start in (0..scenes).step_by(BATCH) {
            let batch = start..scenes.min(start + BATCH);
            let batch: Vec<_> = batch.map(|index| world.scene(seed, index as u64, side)).collect();
            let pictures = batch.iter().flat_map(|scene| preprocessor.normalise(&scene.picture)).collect();
            let shape = [batch.len(), 3, side as usize, side as usize];
            let pictures = Tensor::<4>::from_data(TensorData::new(pictures, shape), device);
            let logits = read(&network.forward(pictures, &mut Tap::default()).flatten(0, 1))?;
            for (scene, logits) in batch.iter().zip(logits.chunks_exact(classes)) {
                let there = (0..classes).map(|class| scene.labels.contains(&class)).collect();
                outcomes.push(Outcome { there, seen: seen(logits, world.is_multi_label()) });
            }
        }
        Ok(Self::from_outcomes(&world.classes(), &outcomes))
    }

    fn from_outcomes(names: &[&str], outcomes: &[Outcome]) -> Self {
        let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        let class = |(class, name): (usize, &&str)| {
            let count = |there: bool, seen: bool| {
                outcomes.iter().filter(|o| o.there[class] == there && o.seen[class] == seen).count()
            };
            let (right, missed, wrong) = (count(true, true), count(true, false), count(false, true));
            ClassReport {
                name: name.to_string(),
                scenes: right + missed,
                accuracy: share(outcomes.len() - missed - wrong, outcomes.len()),
                precision: share(right, right + wrong),
                recall: share(right, right + missed),
                f1: share(2 * right, 2 * right + missed + wrong),
            }
        };
        let classes: Vec<_> = names.iter().enumerate().map(class).collect();
        let confused = |missed: usize, instead: usize| {
            let confused =
                |o: &&Outcome| o.there[missed] && !o.seen[missed] && !o.there[instead] && o.seen[instead];
            outcomes.iter().filter(confused).count()
        };
        let row = |missed| (0..names.len()).map(|instead| confused(missed, instead)).collect();
        Self {
            scenes: outcomes.len(),
            exact: share(outcomes.iter().filter(|o| o.there == o.seen).count(), outcomes.len()),
            macro_f1: classes.iter().map(|class| class.f1).sum::<f64>() / classes.len() as f64,
            confusion: (0..names.len()).map(row).collect(),
            classes,
        }
    }
}

/// One scene: for each class, whether it is there and whether it was seen.
struct Outcome {
    there: Vec<bool>,
    seen: Vec<bool>,
}

fn seen(logits: &[f32], multi_label: bool) -> Vec<bool> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    logits.iter().map(|&logit| if multi_label { logit > 0.0 } else { logit == highest }).collect()
}
