//! How often the answers are true.

use std::collections::BTreeMap;

use burn::tensor::Tensor;
use cam_lucida::Device;
use cam_lucida::network::language::{Answered, Film};
use cam_lucida::scenes::questions::{Question, QuestionType, Questions, tokens};
use cam_lucida::scenes::shapes::{Arrangement, HELD_OUT_PAIRS, Shapes};

use super::case::{Case, best, input, values};
use super::{BATCH, SEED, SIDE};
use crate::Failure;
use crate::estimate::Sample;

/// Questions of a scene among which one about a held-out pair is looked for.
const TRIED: usize = 12;

/// Whether answers are true. Where several are, each is.
#[derive(Default)]
pub struct Answers {
    pub all: Sample,
    pub by_type: BTreeMap<QuestionType, Sample>,
    /// To the question alone, before a picture of one grey.
    pub alone: Sample,
    /// Before the picture of the scene before its own.
    pub shuffled: Sample,
    /// Where several colours are true, the probability of all of them together.
    pub several: Sample,
    /// Of colour questions about pairs of kind and colour that no training scene held.
    pub held_out: Sample,
    /// Where there is a thing to look for first, whether the point where the question looks is one of its pixels.
    pub glance: Sample,
}

impl Answers {
    /// Asks one question about each of `count` scenes, and shows each case that is answered truly to `right`, with the answer.
    pub fn ask(
        &mut self,
        film: &Film,
        count: u64,
        right: &mut dyn FnMut(&Case, usize) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let shapes = Shapes::training();
        let side = SIDE as usize;
        let grey = Tensor::zeros([1, 3, side, side], Device::cpu().tensors());
        for first in (0..count).step_by(BATCH as usize) {
            let cases: Vec<Case> =
                (first..count.min(first + BATCH)).map(|index| Case::new(&shapes, index)).collect();
            let pictures = input(cases.iter().map(|case| &case.arrangement.scene.picture));
            let next = |at: usize| &cases[(at + 1) % cases.len()];
            // Of each picture its own question, and that of the next scene.
            let asked = (0..cases.len()).flat_map(|at| [&cases[at].question, &next(at).question]);
            let asked: Vec<&Question> = asked.collect();
            let (logits, glances) = answer(film, pictures, &asked)?;
            let alone: Vec<&Question> = cases.iter().map(|case| &case.question).collect();
            let (alone, _) = answer(film, grey.clone(), &alone)?;
            for (at, case) in cases.iter().enumerate() {
                let (index, question) = (case.index, &case.question);
                let [own, shuffled] = [&logits[2 * at], &logits[2 * at + 1]];
                let (found, value) = (best(own), truth(question, own));
                self.all.note(index, value);
                self.by_type.entry(question.kind).or_default().note(index, value);
                self.alone.note(index, truth(question, &alone[at]));
                self.shuffled.note(next(at).index, truth(&next(at).question, shuffled));
                if question.answers.len() > 1 {
                    self.several.note(index, probability(question, own));
                }
                if let Some(first) = question.first {
                    let is_on = case.mask(&[first])[pixel(&glances[2 * at])];
                    self.glance.note(index, f64::from(is_on));
                }
                if value > 0.0 {
                    right(case, found)?;
                }
            }
        }
        Ok(())
    }

    /// Asks `count` times for the colour of a kind of which there is one colour, one that it never had in training.
    pub fn ask_held_out(&mut self, film: &Film, count: u64) -> Result<(), Failure> {
        let shapes = Shapes::held_out();
        let cases = (0..).filter_map(|index| {
            let arrangement = shapes.arrangement(SEED, index, SIDE);
            let questions = Questions::new(&shapes).draw(&arrangement, SEED, index, TRIED);
            let question = questions.into_iter().find(|question| is_held_out(question, &arrangement))?;
            Some((index, arrangement, question))
        });
        let cases: Vec<_> = cases.take(count as usize).collect();
        for batch in cases.chunks(BATCH as usize) {
            let pictures = input(batch.iter().map(|(_, arrangement, _)| &arrangement.scene.picture));
            let questions: Vec<&Question> = batch.iter().map(|(.., question)| question).collect();
            for ((index, _, question), logits) in batch.iter().zip(answer(film, pictures, &questions)?.0) {
                self.held_out.note(*index, truth(question, &logits));
            }
        }
        Ok(())
    }
}

fn is_held_out(question: &Question, arrangement: &Arrangement) -> bool {
    let pair = |&thing: &usize| {
        let thing = &arrangement.things[thing];
        (thing.kind, thing.colour)
    };
    question.kind == QuestionType::Colour
        && question.answers.len() == 1
        && question.targets.iter().map(pair).all(|pair| HELD_OUT_PAIRS.contains(&pair))
}

/// Of each question, the logits, and where it looks first.
fn answer(film: &Film, pictures: Tensor<4>, questions: &[&Question]) -> Result<(Rows, Rows), Failure> {
    let texts: Vec<Vec<usize>> = questions.iter().map(|question| tokens(&question.text)).collect();
    let Answered { logits, glance, .. } = film.answer_and_look(pictures, &texts)?;
    let rows = |tensor: Tensor<2>| -> Result<Rows, Failure> {
        let [_, columns] = tensor.dims();
        Ok(values(tensor)?.chunks(columns).map(<[f32]>::to_vec).collect())
    };
    Ok((rows(logits)?, rows(glance)?))
}

type Rows = Vec<Vec<f32>>;

/// The number of the picture's pixel that is the mean of a glance.
fn pixel(glance: &[f32]) -> usize {
    let side = (SIDE / Film::STRIDE) as usize;
    let mean = |along: &dyn Fn(usize) -> usize| -> f32 {
        let centre = |at: usize| (along(at) as f32 + 0.5) * Film::STRIDE as f32;
        glance.iter().enumerate().map(|(at, share)| share * centre(at)).sum()
    };
    let [column, row] =
        [mean(&|at| at % side), mean(&|at| at / side)].map(|at| (at as usize).min(SIDE as usize - 1));
    row * SIDE as usize + column
}

/// 1 where the most probable answer is true.
fn truth(question: &Question, logits: &[f32]) -> f64 {
    let best = best(logits);
    f64::from(question.answers.iter().any(|(answer, _)| *answer == best))
}

/// Of all true answers together.
fn probability(question: &Question, logits: &[f32]) -> f64 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exp = |logit: f32| f64::from(logit - largest).exp();
    let all: f64 = logits.iter().map(|&logit| exp(logit)).sum();
    question.answers.iter().map(|&(answer, _)| exp(logits[answer])).sum::<f64>() / all
}
