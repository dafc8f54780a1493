//! What a network is taught: batches of scenes with what is to be told of them, and how wrong it is.

use burn::tensor::{Device, Tensor, TensorData, activation};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Learner, Recipe, Task, augment};
use crate::Result;
use crate::network::Tap;
use crate::network::language::{Captioner, END, Encoder, Film, UNKNOWN};
use crate::network::ops::{Linear, Loader};
use crate::picture::{Picture, Preprocessor};
use crate::scenes::captions::{self, Caption, NUMBERS, Role, described};
use crate::scenes::questions::{self, ANSWERS, Program, Question, QuestionType, Questions, YES, ZERO};
use crate::scenes::shapes::{Arrangement, COLOURS, KINDS, Shapes};
use crate::scenes::{Scene, World};

/// The share of a question's words that the network is told not to know.
const UNKNOWN_WORDS: f64 = 0.02;
/// How much it counts where a question looks first, beside its answer.
const GLANCE: f32 = 0.5;
/// How much it counts through which gates an answer or a word is read, beside itself.
const GATES: f32 = 1.0;
/// How much it counts that what is seen speaks for answers against others of their type alone.
const LEANING: f32 = 0.02;
/// How much counts what networks find hard: a question of how many there are or what the several colours are, a number in a
/// caption.
const HARD: f32 = 3.0;
/// The part of the loss that asks for the true answers together, whatever the share of each.
const TOGETHER: f32 = 0.75;
/// Added to the logit of an answer that no question of training can have; it stays out of the loss.
const UNHEARD: f32 = -1e4;
/// What is told of each of the network's pixels: the kinds, the colours, and whether the middle of a thing is in it.
const SEEN: usize = KINDS.len() + COLOURS.len() + 1;

/// A task with the world that it is learned in.
#[derive(Clone)]
pub(super) enum Lesson<'a> {
    Classes(&'a dyn World),
    Things,
    /// So many questions about a scene.
    Questions(usize),
    Captions,
}

/// The share of each of the network's pixels on which a gate is to open; nothing where any will do.
type Wanted = Option<Vec<f32>>;

/// Scenes as the network takes them, and what it is to say.
#[derive(Default)]
pub(super) struct Batch {
    /// `[n, 3, side, side]`, normalised.
    pictures: Vec<f32>,
    /// Of each picture, question or pixel, 1 for a class that is there, or the share of an answer that is true, by how much the
    /// question counts, or of a thing that is seen.
    labels: Vec<f32>,
    /// Of each question and answer, what is added to the logit before the loss.
    unheard: Vec<f32>,
    /// Of each question, the share of each of the network's pixels in the thing to look for first; zeros where there is none.
    glances: Vec<f32>,
    /// Of each question, or of each word of each caption, the share of each of the network's pixels that the things take that it
    /// is to be read from.
    gates: Vec<Vec<Wanted>>,
    /// The same of the thing that a caption's word glances at first.
    first: Vec<Vec<Wanted>>,
    /// Questions or captions.
    texts: Vec<Vec<usize>>,
}

impl<'a> Lesson<'a> {
    pub fn new(task: Task, world: &'a dyn World) -> Self {
        match task {
            Task::Classes => Self::Classes(world),
            Task::Things => Self::Things,
            Task::Questions(count) => Self::Questions(count),
            Task::Captions => Self::Captions,
        }
    }

    /// How many classes, answers or words the network tells apart, and how many words it reads.
    pub fn sizes(&self) -> (usize, usize) {
        match self {
            Self::Classes(world) => (world.classes().len(), 0),
            Self::Things => (SEEN, 0),
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
                Self::Things => {
                    let arrangement = shapes.arrangement(recipe.seed, index, recipe.side);
                    batch.labels.extend(things(&arrangement));
                    arrangement.scene.picture
                }
                Self::Questions(count) => {
                    let arrangement = shapes.arrangement(recipe.seed, index, recipe.side);
                    let drawn = Questions::new(&shapes).draw(&arrangement, recipe.seed, index, *count);
                    let mut random = ChaCha8Rng::seed_from_u64(!recipe.seed);
                    // Streams below are those of the augmentation.
                    random.set_stream(index | 1 << 63);
                    for question in drawn {
                        let is_hard = question.kind == QuestionType::Count || question.answers.len() > 1;
                        let weight = if is_hard { HARD } else { 1.0 };
                        let mut labels = vec![0.0; ANSWERS.len()];
                        question.answers.iter().for_each(|&(answer, share)| labels[answer] = share * weight);
                        batch.labels.extend(labels);
                        batch.unheard.extend(unheard(&question.program, &shapes));
                        batch.glances.extend(glance(&arrangement.scene, question.first));
                        batch.gates.push(vec![Some(taken(&arrangement.scene, &read_from(&question)))]);
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
                    let (arrangement, caption) = described(&shapes, recipe.seed, index, recipe.side);
                    let words = 0..caption.words.len();
                    let looks = words.map(|word| looks(&arrangement, &caption, word));
                    let (first, gates) = looks.map(|[first, gates]| (first, gates)).unzip();
                    batch.first.push(first);
                    batch.gates.push(gates);
                    batch.texts.push(caption.tokens());
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
        let Batch { pictures, labels, unheard, glances, gates, first, texts } = batch;
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
            Self::Things => {
                let mut loader = Loader::new(learner, device);
                let (features, channels) = Encoder::features(&mut loader)?;
                let fc = Linear::load(&mut loader, "fc", channels, SEEN)?;
                // The last layer, read at each of its pixels as CAM reads it.
                let seen: Tensor<3> = features.forward(pictures, &mut Tap::default()).flatten(2, 3);
                binary(fc.forward(seen.swap_dims(1, 2).flatten(0, 1)), rows(labels))
            }
            Self::Questions(_) => {
                let film = Film::load(learner, device)?;
                let found = film.answer_and_look(pictures, &texts)?;
                let glances = Tensor::<2>::from_data(TensorData::new(glances, found.glance.dims()), device);
                // What is not looked at at all must not cost infinitely much.
                let missed = -(found.glance.clamp_min(f32::MIN_POSITIVE).log() * glances).sum_dim(1).mean();
                let open = ungated(found.gates.unsqueeze_dim(1), &gates, device);
                untrue(found.logits + rows(unheard), rows(labels))
                    + missed * GLANCE
                    + open * GATES
                    + leaning(found.seen) * LEANING
            }
            Self::Captions => {
                let captioner = Captioner::load(learner, device)?;
                let found = captioner.write_and_look(pictures, &texts)?;
                let [_, places, words] = found.logits.dims();
                let (labels, count) = next_words(&texts, places, words);
                let logits: Tensor<2> = found.logits.flatten(0, 1);
                let missed = -(activation::log_softmax(logits, 1) * rows(labels)).sum() / count as f32;
                let open = ungated(found.gates, &gates, device) + ungated(found.glances, &first, device);
                missed + open * GATES
            }
        })
    }
}

/// The share of each of the network's pixels in what is seen of thing `first`; zeros without one.
fn glance(scene: &Scene, first: Option<usize>) -> Vec<f32> {
    let taken = taken(scene, first.as_slice());
    let sum = taken.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    taken.iter().map(|share| share / sum).collect()
}

/// How much of each of the network's pixels the things take that `word` glances at, and those that it is read from. A group's words
/// glance at its largest thing and are read from all of it, a relation's from what the first group is seen from.
fn looks(arrangement: &Arrangement, caption: &Caption, word: usize) -> [Wanted; 2] {
    let Arrangement { scene, things } = arrangement;
    match caption.roles[word] {
        Role::Number | Role::Colour | Role::Kind => {
            let group = &caption.objects[word];
            let by_area = |a: &&usize, b: &&usize| things[**a].area().total_cmp(&things[**b].area());
            let largest: Vec<usize> = group.iter().max_by(by_area).copied().into_iter().collect();
            [&largest, group].map(|things| Some(taken(scene, things)))
        }
        Role::Relation => {
            let others = caption.groups[1..].iter().flat_map(|group| group.objects.clone());
            [None, Some(taken(scene, &others.collect::<Vec<_>>()))]
        }
        Role::Link => [None, None],
    }
}

/// How much of each of the network's pixels the things take that have these numbers.
fn taken(scene: &Scene, things: &[usize]) -> Vec<f32> {
    let (side, count) = pixels(scene);
    let mut shares = vec![0.0; count];
    let share = count as f32 / (side * side) as f32;
    for (pixel, &owner) in scene.owners.iter().enumerate() {
        if owner > 0 && things.contains(&(usize::from(owner) - 1)) {
            shares[coarse([pixel % side, pixel / side], side)] += share;
        }
    }
    shares
}

/// Of each answer, [`UNHEARD`] if it would tell of a kind and a colour that no scene of `shapes` pairs, else 0. That orange boats
/// were never shown is no evidence that there are none: the loss leaves out what the words alone have excluded, as a product with
/// the prior does (Clark 2019, <https://arxiv.org/abs/1909.03683>).
fn unheard(program: &Program, shapes: &Shapes) -> Vec<f32> {
    let mut unheard = vec![0.0; ANSWERS.len()];
    let is_shown = |kind: Option<usize>, colour: Option<usize>| {
        kind.zip(colour).is_none_or(|(kind, colour)| shapes.has(kind, colour))
    };
    let (colours, kinds) = (0..COLOURS.len(), 0..KINDS.len());
    let answers: Vec<usize> = match program {
        Program::Colour { of } => colours.filter(|colour| !is_shown(of.kind, Some(*colour))).collect(),
        Program::Kind { of } => {
            kinds.filter(|kind| !is_shown(Some(*kind), of.colour)).map(|kind| COLOURS.len() + kind).collect()
        }
        _ => Vec::new(),
    };
    answers.into_iter().for_each(|answer| unheard[answer] = UNHEARD);
    unheard
}

/// The numbers of the things that a question's answer is to be read from: those that it stands on. Where it is told on which side
/// of another a thing is, that thing, if it is there.
fn read_from(question: &Question) -> Vec<usize> {
    match question.program {
        Program::Side { .. } if question.answers[0].0 != YES => Vec::new(),
        Program::Side { .. } => {
            question.targets.iter().copied().filter(|&thing| Some(thing) != question.first).collect()
        }
        _ => question.targets.clone(),
    }
}

/// How far what is seen, `[questions, answers]`, speaks for all answers of a type together, squared: which type is asked for tell
/// the words. Otherwise a map of *red* would lie on whatever has a colour.
fn leaning(seen: Tensor<2>) -> Tensor<1> {
    let types = [(0, COLOURS.len()), (COLOURS.len(), KINDS.len()), (YES, 2), (ZERO, ANSWERS.len() - ZERO)];
    let means = types.map(|(at, count)| seen.clone().narrow(1, at, count).mean_dim(1));
    Tensor::cat(means.to_vec(), 1).powi_scalar(2).sum_dim(1).mean()
}

/// How far gates, whose logits `[texts, places, pixels]` are given, are from what they are taught.
fn ungated(open: Tensor<3>, gates: &[Vec<Wanted>], device: &Device) -> Tensor<1> {
    let (rows, wanted) = taught(gates, open.dims());
    let wanted = Tensor::<2>::from_data(TensorData::new(wanted, [rows.len(), open.dims()[2]]), device);
    let rows = Tensor::from_data(TensorData::new(rows.clone(), [rows.len()]), device);
    binary(open.flatten::<2>(0, 1).select(0, rows), wanted)
}

/// The numbers of the rows of `[texts, places, pixels]` that gates are taught for, and what they are taught.
fn taught(gates: &[Vec<Wanted>], [_, places, _]: [usize; 3]) -> (Vec<i64>, Vec<f32>) {
    let rows = gates.iter().enumerate().flat_map(|(text, words)| {
        words
            .iter()
            .enumerate()
            .filter_map(move |(place, word)| Some((text * places + place, word.as_ref()?)))
    });
    let (rows, wanted): (Vec<_>, Vec<_>) = rows.map(|(row, wanted)| (row as i64, wanted.clone())).unzip();
    (rows, wanted.concat())
}

/// Of each of the network's pixels, [`SEEN`] numbers: how much of it each kind and each colour takes, and 1 where the middle
/// of a thing is.
fn things(arrangement: &Arrangement) -> Vec<f32> {
    let Arrangement { scene, things } = arrangement;
    let (side, count) = pixels(scene);
    let mut labels = vec![0.0; count * SEEN];
    let share = count as f32 / (side * side) as f32;
    for (pixel, &owner) in scene.owners.iter().enumerate().filter(|&(_, &owner)| owner > 0) {
        let thing = &things[usize::from(owner) - 1];
        let at = coarse([pixel % side, pixel / side], side) * SEEN;
        labels[at + thing.kind] += share;
        labels[at + KINDS.len() + thing.colour] += share;
    }
    for object in &scene.objects {
        let [left, top, width, height] = object.bounds.map(|bound| bound as usize);
        labels[coarse([left + width / 2, top + height / 2], side) * SEEN + SEEN - 1] = 1.0;
    }
    labels
}

/// Pixels of a side of the scene, and the number of the network's.
fn pixels(scene: &Scene) -> (usize, usize) {
    let side = scene.picture.size().width;
    (side, (side / Film::STRIDE as usize).pow(2))
}

/// The number of the network's pixel where `[column, row]` of a scene lies.
fn coarse([column, row]: [usize; 2], side: usize) -> usize {
    let stride = Film::STRIDE as usize;
    row / stride * (side / stride) + column / stride
}

/// The picture as the network sees it in training.
fn seen(picture: &Picture, preprocessor: &Preprocessor, seed: u64, index: u64) -> Vec<f32> {
    preprocessor.normalise(&augment::augmented(picture, seed, index))
}

/// How much it counts, for the word that follows at each place of each text, its end included; and how many words there are.
fn next_words(texts: &[Vec<usize>], places: usize, words: usize) -> (Vec<f32>, usize) {
    let mut labels = vec![0.0; texts.len() * places * words];
    let mut count = 0;
    for (text, labels) in texts.iter().zip(labels.chunks_exact_mut(places * words)) {
        for (place, &word) in text.iter().chain([&END]).enumerate() {
            labels[place * words + word] =
                if NUMBERS.contains(&captions::words()[word]) { HARD } else { 1.0 };
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

/// Cross-entropy of logits `[n, classes]` against shares that sum to what a row counts, mean over rows.
fn categorical(logits: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
    -(activation::log_softmax(logits, 1) * labels).sum_dim(1).mean()
}

/// Cross-entropy of logits `[n, answers]` against shares of what a row counts, and that of the true answers together, [`TOGETHER`] of
/// the latter, mean over rows. Where several are true, the first alone would rather spread probability over the false ones than
/// share it out unevenly among the true ones.
fn untrue(logits: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
    let log = activation::log_softmax(logits.clone(), 1);
    let are_true = labels.clone().greater_elem(0.0).float();
    let together = (log.exp() * are_true).sum_dim(1).clamp_min(f32::MIN_POSITIVE).log();
    let missed = -(together * labels.clone().sum_dim(1)).mean();
    categorical(logits, labels) * (1.0 - TOGETHER) + missed * TOGETHER
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenes::captions::caption;
    use crate::scenes::questions::Filter;
    use crate::scenes::shapes::Thing;

    /// A red hydrant in the upper left quarter, a blue car in the lower right one.
    fn board() -> Arrangement {
        let things = vec![Thing::new(0, 0, [0.25, 0.25], 0.3), Thing::new(1, 4, [0.8, 0.7], 0.3)];
        Arrangement::from_things(things, 96)
    }

    #[test]
    fn each_pixel_of_the_network_is_told_what_it_shows() {
        let (board, pixels) = (board(), things(&board()));
        let sum = |row: usize| pixels.chunks(SEEN).map(|pixel| pixel[row]).sum::<f32>();
        for (thing, object) in board.things.iter().zip(&board.scene.objects) {
            let shares = object.visible as f32 / 64.0;
            for row in [thing.kind, KINDS.len() + thing.colour] {
                assert!(
                    (sum(row) - shares).abs() < 1e-3,
                    "{}: {} instead of {shares}",
                    object.name,
                    sum(row)
                );
            }
            let [left, top, width, height] = object.bounds.map(|bound| bound as usize);
            let middle = (top + height / 2) / 8 * 12 + (left + width / 2) / 8;
            assert_eq!(pixels[middle * SEEN + SEEN - 1], 1.0);
        }
        assert_eq!(sum(SEEN - 1), 2.0);
        assert_eq!(sum(2), 0.0, "there is no bus");
        assert!(pixels.iter().all(|&share| (0.0..=1.0 + 1e-6).contains(&share)));
    }

    #[test]
    fn a_first_glance_is_taught_to_lie_on_one_thing() {
        let scene = board().scene;
        let on_car = glance(&scene, Some(1));
        assert!((on_car.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        let outside = on_car.iter().enumerate().filter(|(at, _)| at / 12 < 6 || at % 12 < 6);
        assert_eq!(outside.map(|(_, share)| share).sum::<f32>(), 0.0);
        assert!(glance(&scene, None).iter().all(|&share| share == 0.0));
    }

    #[test]
    fn probability_counts_for_each_true_answer_and_for_all_together() {
        let device = crate::Device::cpu();
        let row = |values: [f32; 4]| Tensor::<2>::from_data([values], device.tensors());
        // Probabilities 1/2, 1/4, 1/8 and 1/8, of which the first two are true, in a row that counts twice.
        let logits = row([4.0, 2.0, 1.0, 1.0]).log();
        let found: f32 = untrue(logits, row([1.0, 1.0, 0.0, 0.0])).into_scalar();
        let expected = 0.25 * (2.0f32.ln() + 4.0f32.ln()) + 0.75 * 2.0 * (4.0f32 / 3.0).ln();
        assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    }

    #[test]
    fn what_no_scene_pairs_is_not_unlearned() {
        let shapes = Shapes::training();
        let left_out = |program| {
            let unheard = unheard(&program, &shapes);
            let answers = (0..ANSWERS.len()).filter(|&answer| unheard[answer] != 0.0);
            answers.map(|answer| ANSWERS[answer]).collect::<Vec<_>>()
        };
        let [boat, orange] = [Filter::of_kind(3), Filter::of_colour(1)];
        assert_eq!(left_out(Program::Colour { of: boat }), ["orange"]);
        assert_eq!(left_out(Program::Kind { of: orange }), ["boat"]);
        assert!(
            left_out(Program::Colour { of: Filter::of_kind(0) }).is_empty(),
            "hydrants have every colour"
        );
        assert!(left_out(Program::Count { of: boat }).is_empty());
    }

    #[test]
    fn words_are_taught_to_be_read_from_what_they_speak_of() {
        // A smaller hydrant of the same colour beside the board's.
        let Arrangement { mut things, .. } = board();
        things.push(Thing::new(0, 0, [0.2, 0.8], 0.2));
        let board = Arrangement::from_things(things, 96);
        let caption = caption(&board);
        assert_eq!(caption.to_string(), "two red hydrants left of a blue car");
        let looks: Vec<_> = (0..caption.words.len()).map(|word| looks(&board, &caption, word)).collect();
        let on = |things: &[usize]| Some(taken(&board.scene, things));
        let hydrants = [on(&[0]), on(&[0, 2])];
        assert_ne!(hydrants[0], hydrants[1]);
        let relation = [None, on(&[1])];
        let car = [on(&[1]), on(&[1])];
        assert_eq!(looks, [vec![hydrants; 3], vec![relation; 2], vec![car; 3]].concat());
        // The second caption of two, whose second word is read from nothing.
        let (rows, wanted) = taught(&[vec![], vec![Some(vec![0.5; 4]), None, Some(vec![1.0; 4])]], [2, 4, 4]);
        assert_eq!(rows, [4, 6]);
        assert_eq!(wanted, [[0.5; 4], [1.0; 4]].concat());
    }
}
