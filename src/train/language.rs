//! How well a network of language does on scenes that it has not learned from.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};
use serde::Serialize;

use super::learner::read;
use crate::Result;
use crate::network::language::{Captioner, Film};
use crate::picture::Preprocessor;
use crate::scenes::captions::described;
use crate::scenes::questions::{Questions, tokens};
use crate::scenes::shapes::{Arrangement, Shapes};

/// Scenes that go through the network together.
const BATCH: usize = 16;
/// Questions about a scene.
const QUESTIONS: usize = 4;

/// How well a network answers or describes.
///
/// ```
/// use cam_lucida::Device;
/// use cam_lucida::network::language::Film;
/// use cam_lucida::scenes::shapes::Shapes;
/// use cam_lucida::train::{HELD_OUT, LanguageReport};
/// # use cam_lucida::weights::Hashed;
///
/// let device = Device::cpu();
/// let film = Film::load(&mut Hashed { classes: 200 }, device.tensors())?;
/// let report = LanguageReport::of_answers(&film, &Shapes::training(), (HELD_OUT, 2), 32, device.tensors())?;
/// assert_eq!((report.scenes, report.texts), (2, 8));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct LanguageReport {
    /// How many scenes.
    pub scenes: usize,
    /// How many questions or captions.
    pub texts: usize,
    /// The share of answers that are true, or of captions that are right to the last word.
    pub right: f64,
    /// The same of each type of question.
    pub parts: BTreeMap<String, f64>,
}

impl LanguageReport {
    /// Asks `film` questions about the scenes 0 to `scenes` of `seed`. Where several answers are true, each is.
    ///
    /// # Errors
    /// As [`Film::answer`], and [`is_device`](crate::Error::is_device) when the device fails.
    pub fn of_answers(
        film: &Film,
        shapes: &Shapes,
        (seed, scenes): (u64, usize),
        side: u32,
        device: &Device,
    ) -> Result<Self> {
        let mut report = Counts::default();
        let draw = |index| shapes.arrangement(seed, index, side);
        for (first, scenes, pictures) in batches(scenes, side, device, draw, |scene| scene) {
            let drawn = scenes.iter().enumerate().flat_map(|(i, scene)| {
                Questions::new(shapes).draw(scene, seed, (first + i) as u64, QUESTIONS)
            });
            let drawn: Vec<_> = drawn.collect();
            let texts: Vec<Vec<usize>> = drawn.iter().map(|question| tokens(&question.text)).collect();
            let logits = read(&film.answer(pictures, &texts)?.flatten(0, 1))?;
            for (question, logits) in drawn.iter().zip(logits.chunks_exact(logits.len() / drawn.len())) {
                let best = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
                let right = question.answers.iter().any(|(answer, _)| Some(*answer) == best);
                report.add(&question.kind.to_string(), right);
            }
        }
        Ok(report.report(scenes))
    }

    /// Lets `captioner` describe the scenes 0 to `scenes` of `seed`, word by word.
    ///
    /// # Errors
    /// As [`Captioner::greedy`].
    pub async fn of_captions(
        captioner: &Captioner,
        shapes: &Shapes,
        (seed, scenes): (u64, usize),
        side: u32,
        device: &Device,
    ) -> Result<Self> {
        let mut report = Counts::default();
        let describe = |index| described(shapes, seed, index, side);
        for (_, scenes, pictures) in batches(scenes, side, device, describe, |(scene, _)| scene) {
            for ((_, caption), found) in scenes.iter().zip(captioner.greedy(pictures).await?) {
                report.add("", caption.tokens() == found.tokens);
            }
        }
        let mut report = report.report(scenes);
        report.parts.clear();
        Ok(report)
    }
}

/// Right ones and all, by type.
#[derive(Default)]
struct Counts(BTreeMap<String, [usize; 2]>);

impl Counts {
    fn add(&mut self, part: &str, right: bool) {
        let [rights, all] = self.0.entry(part.into()).or_default();
        *rights += usize::from(right);
        *all += 1;
    }

    fn report(&self, scenes: usize) -> LanguageReport {
        let share = |[right, all]: [usize; 2]| right as f64 / all.max(1) as f64;
        let sum = |which: usize| self.0.values().map(|counts| counts[which]).sum::<usize>();
        LanguageReport {
            scenes,
            texts: sum(1),
            right: share([sum(0), sum(1)]),
            parts: self.0.iter().map(|(part, &counts)| (part.clone(), share(counts))).collect(),
        }
    }
}

/// The number of the first scene, some of `scenes` as `draw` draws them, and the pictures of their arrangements.
fn batches<'a, T>(
    scenes: usize,
    side: u32,
    device: &'a Device,
    draw: impl Fn(u64) -> T + 'a,
    arrangement: impl Fn(&T) -> &Arrangement + 'a,
) -> impl Iterator<Item = (usize, Vec<T>, Tensor<4>)> + 'a {
    let preprocessor = Preprocessor::imagenet(side);
    (0..scenes).step_by(BATCH).map(move |first| {
        let range = first..scenes.min(first + BATCH);
        let batch: Vec<T> = range.map(|index| draw(index as u64)).collect();
        let pixels = batch
            .iter()
            .flat_map(|scene| preprocessor.normalise(&arrangement(scene).scene.picture))
            .collect();
        let shape = [batch.len(), 3, side as usize, side as usize];
        (first, batch, Tensor::from_data(TensorData::new(pixels, shape), device))
    })
}
