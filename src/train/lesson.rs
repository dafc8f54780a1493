//! What a network is taught: batches of scenes with what is to be told of them, and how wrong it is.

use burn::tensor::{Device, Tensor, TensorData, activation};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Learner, Recipe, Task, augment};
use crate::Result;
use crate::network::Tap;
use crate::network::language::{Captioner, END, Film, UNKNOWN};
use crate::picture::{Picture, Preprocessor};
use crate::scenes::captions::{self, caption};
use crate::scenes::questions::{self, ANSWERS, Questions};
use crate::scenes::shapes::Shapes;
use crate::scenes::{Scene, World};

/// The share of a question's words that the network is told not to know.
const UNKNOWN_WORDS: f64 = 0.02;
/// How much it counts where a question looks first, beside its answer.
const GLANCE: f32 = 0.5;

/// A task with the world that it is learned in.
#[derive(Clone)]
pub(super) enum Lesson<'a> {
    Classes(&'a dyn World),
    /// So many questions about a scene.
    Questions(usize),
    Captions,
}

/// Scenes as the network takes them, and what it is to say.
#[derive(Default)]
pub(super) struct Batch {
    /// `[n, 3, side, side]`, normalised.
    pictures: Vec<f32>,
    /// Of each picture or question, 1 for a class that is there, or the share of an answer that is true.
    labels: Vec<f32>,
    /// Of each question, the share of each of the network's pixels in the thing from which a direction is told; zeros where
    /// there is none.
    glances: Vec<f32>,
    /// Questions or captions.
    texts: Vec<Vec<usize>>,
}

impl<'a> Lesson<'a> {
    pub fn new(task: Task, world: &'a dyn World) -> Self {
        match task {
            Task::Classes => Self::Classes(world),
            Task::Questions(count) => Self::Questions(count),
            Task::Captions => Self::Captions,
        }
    }

    /// How many classes, answers or words the network tells apart, and how many words it reads.
    pub fn sizes(&self) -> (usize, usize) {
        match self {
            Self::Classes(world) => (world.classes().len(), 0),
            Self::Questions(_) => (ANSWERS.len(), questions::words().len()),
            Self::Captions => (captions::words().len(), captions::words().len()),
        }
    }

    /// What step `step` learns from.
    pub fn batch(&self, recipe: &Recipe, step: usize) -> Batch {
        let mut batch = Batch::default();
        let preprocessor = Preprocessor::imagenet(recipe.side);
        let shapes = Shapes::training();
        for row in 0..recipe.batch {
            let index = (step * recipe.batch + row) as u64;
            let picture = match self {
                Self::Classes(world) => {
                    let scene = world.scene(recipe.seed, index, recipe.side);
                    let mut labels = vec![0.0; world.classes().len()];
                    scene.labels.iter().for_each(|&class| labels[class] = 1.0);
                    batch.labels.extend(labels);
                    scene.picture
                }
                Self::Questions(count) => {
                    let arrangement = shapes.arrangement(recipe.seed, index, recipe.side);
                    let drawn = Questions::new(&shapes).draw(&arrangement, recipe.seed, index, *count);
                    let mut random = ChaCha8Rng::seed_from_u64(!recipe.seed);
                    // Streams below are those of the augmentation.
                    random.set_stream(index | 1 << 63);
                    for question in drawn {
                        let mut labels = vec![0.0; ANSWERS.len()];
                        question.answers.iter().for_each(|&(answer, share)| labels[answer] = share);
                        batch.labels.extend(labels);
                        batch.glances.extend(glance(&arrangement.scene, question.from));
                        let mut tokens = questions::tokens(&question.text);
                        for token in &mut tokens {
                            if random.random_bool(UNKNOWN_WORDS) {
                                *token = UNKNOWN;
                            }
                        }
                        batch.texts.push(tokens);
                    }
                    arrangement.scene.picture
                }
                Self::Captions => {
                    let arrangement = shapes.arrangement(recipe.seed, index, recipe.side);
                    batch.texts.push(caption(&arrangement).tokens());
                    arrangement.scene.picture
                }
            };
            batch.pictures.extend(seen(&picture, &preprocessor, recipe.seed, index));
        }
        batch
    }

    /// How wrong the network of `learner` is.
    pub fn loss(
        &self,
        recipe: &Recipe,
        batch: Batch,
        learner: &mut Learner,
        device: &Device,
    ) -> Result<Tensor<1>> {
        let Batch { pictures, labels, glances, texts } = batch;
        let side = recipe.side as usize;
        let pictures = TensorData::new(pictures, [recipe.batch, 3, side, side]);
        let pictures = Tensor::<4>::from_data(pictures, device);
        let rows = |labels: Vec<f32>| {
            let (classes, _) = self.sizes();
            let shape = [labels.len() / classes, classes];
            Tensor::<2>::from_data(TensorData::new(labels, shape), device)
        };
        Ok(match self {
            Self::Classes(world) => {
                let network = recipe.architecture()?.load(learner, device)?;
                let (labels, logits) = (rows(labels), network.forward(pictures, &mut Tap::default()));
                if world.is_multi_label() { binary(logits, labels) } else { categorical(logits, labels) }
            }
            Self::Questions(_) => {
                let film = Film::load(learner, device)?;
                let (logits, found) = film.answer_and_glance(pictures, &texts)?;
                let glances = Tensor::<2>::from_data(TensorData::new(glances, found.dims()), device);
                // What is not looked at at all must not cost infinitely much.
                let missed = -(found.clamp_min(f32::MIN_POSITIVE).log() * glances).sum_dim(1).mean();
                categorical(logits, rows(labels)) + missed * GLANCE
            }
            Self::Captions => {
                let captioner = Captioner::load(learner, device)?;
                let logits = captioner.write(pictures, &texts)?;
                let [_, places, words] = logits.dims();
                let (labels, count) = next_words(&texts, places, words);
                let logits: Tensor<2> = logits.flatten(0, 1);
                -(activation::log_softmax(logits, 1) * rows(labels)).sum() / count as f32
            }
        })
    }
}

/// The share of each of the network's pixels in what is seen of thing `from`; zeros without one.
fn glance(scene: &Scene, from: Option<usize>) -> Vec<f32> {
    let side = scene.picture.size().width;
    let stride = Film::STRIDE as usize;
    let mut shares = vec![0.0; (side / stride).pow(2)];
    let Some(from) = from else { return shares };
    let share = 1.0 / scene.objects[from].visible as f32;
    for (pixel, _) in scene.owners.iter().enumerate().filter(|&(_, &owner)| usize::from(owner) == from + 1) {
        shares[pixel / side / stride * (side / stride) + pixel % side / stride] += share;
    }
    shares
}

/// The picture as the network sees it in training.
fn seen(picture: &Picture, preprocessor: &Preprocessor, seed: u64, index: u64) -> Vec<f32> {
    preprocessor.normalise(&augment::augmented(picture, seed, index))
}

/// 1 for the word that follows at each place of each text, its end included; and how many words there are.
fn next_words(texts: &[Vec<usize>], places: usize, words: usize) -> (Vec<f32>, usize) {
    let mut labels = vec![0.0; texts.len() * places * words];
    let mut count = 0;
    for (text, labels) in texts.iter().zip(labels.chunks_exact_mut(places * words)) {
        for (place, &word) in text.iter().chain([&END]).enumerate() {
            labels[place * words + word] = 1.0;
            count += 1;
        }
    }
    (labels, count)
}

/// Binary cross-entropy of logits `[n, classes]`, mean over classes and pictures, in the form that cannot overflow:
/// `max(y, 0) - y t + ln(1 + e^{-|y|})`.
fn binary(logits: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
    let softplus = ((-logits.clone().abs()).exp() + 1.0).log();
    (logits.clone().clamp_min(0.0) - logits * labels + softplus).mean()
}

/// Cross-entropy of logits `[n, classes]` against shares that sum to 1, mean over rows.
fn categorical(logits: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
    -(activation::log_softmax(logits, 1) * labels).sum_dim(1).mean()
}
