//! Where the maps of answers lie.

use std::collections::BTreeMap;
use std::sync::Arc;

use cam_lucida::measure::Map;
use cam_lucida::network::language::Film;
use cam_lucida::scenes::questions::{Question, QuestionType, tokens};

use super::case::{Case, Seen, best};
use super::marks::{Marks, Source, picture_sized, sum};
use crate::Failure;
use crate::estimate::Sample;

/// The figures of maps of true answers.
#[derive(Default)]
pub struct Maps {
    /// Those of an answer that stands on things.
    pub by_type: BTreeMap<QuestionType, Marks>,
    /// Where a kind occurs in several colours: what lies on the things of the answer's colour, in parts of what lies on all of
    /// the kind; the mean over the colours.
    pub own: Sample,
    /// The same of any map that is one for all answers: its parts add up.
    pub own_by_chance: Sample,
}

impl Maps {
    /// Measures the map of `answer`, which is true; of a kind in several colours, those of all of them.
    pub fn note(&mut self, film: &Arc<Film>, case: &Case, answer: usize) -> Result<(), Failure> {
        let Case { index, question, .. } = case;
        if question.targets.is_empty() {
            return Ok(());
        }
        let true_answers: Vec<usize> = question.answers.iter().map(|(answer, _)| *answer).collect();
        let seen = explain(film, case, question, &true_answers)?;
        let masks: Vec<Vec<bool>> =
            true_answers.iter().map(|&answer| case.mask(&targets(case, answer))).collect();
        let at = true_answers.iter().position(|&true_answer| true_answer == answer).unwrap_or_default();
        let inside = masks[at].as_slice();
        let marks = self.by_type.entry(question.kind).or_default();
        marks.note(*index, Source::GradCam, &[(Some(&seen.maps[at]), inside)])?;
        marks.note(*index, Source::Uniform, &[(None, inside)])?;
        marks.note(*index, Source::Activation, &[(Some(&seen.activations[at]), inside)])?;
        if question.kind == QuestionType::Colour {
            // All answers, since the most probable one is not known before.
            let others = explain(film, case, &case.other, &Vec::from_iter(0..film.answers()))?;
            let other = &others.maps[best(&others.logits[0])];
            marks.note(*index, Source::Other, &[(Some(other), inside)])?;
            if true_answers.len() > 1 {
                let all = case.mask(&question.targets);
                let shares = seen.maps.iter().zip(&masks).map(|(map, own)| share(map, own, &all));
                let count = masks.len() as f64;
                self.own.note(*index, shares.sum::<f64>() / count);
                self.own_by_chance.note(*index, 1.0 / count);
            }
        }
        Ok(())
    }
}

fn explain(film: &Arc<Film>, case: &Case, question: &Question, answers: &[usize]) -> Result<Seen, Failure> {
    let asked = film.bind(&tokens(&question.text))?;
    Seen::new(&asked, case.input(), Film::DEFAULT_LAYER, answers.len(), answers)
}

/// What an answer stands on: of a colour question, the things of that colour.
fn targets(case: &Case, answer: usize) -> Vec<usize> {
    let (targets, things) = (case.question.targets.iter().copied(), &case.arrangement.things);
    match case.question.kind {
        // Colours come first among the answers.
        QuestionType::Colour => targets.filter(|&target| things[target].colour == answer).collect(),
        _ => targets.collect(),
    }
}

/// What of a map on `all` lies on `own`; 0 where there is nothing.
fn share(map: &Map, own: &[bool], all: &[bool]) -> f64 {
    let map = picture_sized(map);
    let whole = sum(&map, all);
    if whole > 0.0 { sum(&map, own) / whole } else { 0.0 }
}
