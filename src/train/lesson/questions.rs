//! The answers to questions about a scene.

use burn::tensor::{Device, Tensor, TensorData, activation};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::gates::{Wanted, taken, ungated};
use super::{Batch, Lesson, Pictures, categorical, indices, rows};
use crate::Result;
use crate::network::language::{Film, UNKNOWN};
use crate::scenes::Scene;
use crate::scenes::questions::{ANSWERS, Program, QuestionType, Questions, YES, ZERO, tokens, words};
use crate::scenes::shapes::{COLOURS, KINDS, Shapes};
use crate::train::{Learner, Recipe};

/// The share of a question's words that the network is told not to know.
const UNKNOWN_WORDS: f64 = 0.02;
/// How much it counts where a question looks first, beside its answer.
const GLANCE: f32 = 0.5;
/// How much it counts through which gates an answer is read, beside itself.
const GATES: f32 = 1.0;
/// How much it counts that what is seen speaks for answers against others of their type alone.
const LEANING: f32 = 0.02;
/// How much counts what networks find hard: a question of how many there are or what the several colours are.
const HARD: f32 = 3.0;
/// The part of the loss that asks for the true answers together, whatever the share of each.
const TOGETHER: f32 = 0.75;
/// Added to the logit of an answer that no question of training can have; it stays out of the loss.
const UNHEARD: f32 = -1e4;

/// So many questions about each scene of shapes.
pub struct AboutScenes(pub usize);

#[derive(Default)]
struct Asked {
    pictures: Pictures,
    /// Of each question, the share of each answer that is true, by how much the question counts.
    labels: Vec<f32>,
    /// Of each question and answer, what is added to the logit before the loss.
    unheard: Vec<f32>,
    /// Of each question, the share of each of the network's pixels in the thing to look for first; zeros where there is none.
    glances: Vec<f32>,
    /// Of each question, where it is to be read: from what its answer stands on.
    gates: Vec<Vec<Wanted>>,
    texts: Vec<Vec<usize>>,
}

impl Lesson for AboutScenes {
    fn sizes(&self) -> (usize, usize) {
        (ANSWERS.len(), words().len())
    }

    fn loss_name(&self) -> &'static str {
        "questions 1"
    }

    fn batch(&self, recipe: &Recipe, step: usize) -> Box<dyn Batch> {
        let Self(count) = self;
        let shapes = Shapes::training();
        let mut batch = Asked::default();
        for index in indices(recipe, step) {
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
                batch.gates.push(vec![Some(taken(&arrangement.scene, &question.targets))]);
                let mut tokens = tokens(&question.text);
                for token in &mut tokens {
                    if random.random_bool(UNKNOWN_WORDS) {
                        *token = UNKNOWN;
                    }
                }
                batch.texts.push(tokens);
            }
            batch.pictures.push(recipe, index, &arrangement.scene.picture);
        }
        Box::new(batch)
    }
}

impl Batch for Asked {
    fn loss(self: Box<Self>, recipe: &Recipe, learner: &mut Learner, device: &Device) -> Result<Tensor<1>> {
        let Self { pictures, labels, unheard, glances, gates, texts } = *self;
        let film = Film::load(learner, device)?;
        let found = film.answer_and_look(pictures.tensor(recipe, device), &texts)?;
        let rows = |values| rows(values, ANSWERS.len(), device);
        let glances = Tensor::<2>::from_data(TensorData::new(glances, found.glance.dims()), device);
        // What is not looked at at all must not cost infinitely much.
        let missed = -(found.glance.clamp_min(f32::MIN_POSITIVE).log() * glances).sum_dim(1).mean();
        let open = ungated(found.gates.unsqueeze_dim(1), &gates, device);
        Ok(untrue(found.logits + rows(unheard), rows(labels))
            + missed * GLANCE
            + open * GATES
            + leaning(found.seen) * LEANING)
    }
}

/// The share of each of the network's pixels in what is seen of thing `first`; zeros without one.
fn glance(scene: &Scene, first: Option<usize>) -> Vec<f32> {
    let taken = taken(scene, first.as_slice());
    let sum = taken.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    taken.iter().map(|share| share / sum).collect()
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

/// How far what is seen, `[questions, answers]`, speaks for all answers of a type together, squared: which type is asked for tell
/// the words. Otherwise a map of *red* would lie on whatever has a colour.
fn leaning(seen: Tensor<2>) -> Tensor<1> {
    let types = [(0, COLOURS.len()), (COLOURS.len(), KINDS.len()), (YES, 2), (ZERO, ANSWERS.len() - ZERO)];
    let means = types.map(|(at, count)| seen.clone().narrow(1, at, count).mean_dim(1));
    Tensor::cat(means.to_vec(), 1).powi_scalar(2).sum_dim(1).mean()
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
    use super::super::gates::board;
    use super::*;
    use crate::scenes::questions::Filter;

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
}
