//! The executor: the true answer to a program, from the things of an arrangement.

use super::plain::PLAIN;
use super::program::{Direction, Extreme, Filter, Program};
use super::{NO, YES, ZERO};
use crate::scenes::shapes::{Arrangement, COLOURS, Thing};

/// The answer to a program.
///
/// ```
/// use cam_lucida::scenes::questions::{ANSWERS, Direction, Filter, Program};
/// use cam_lucida::scenes::shapes::{Arrangement, Thing};
///
/// let [car, ball, red] = [1, 6, 0];
/// let things = vec![Thing::new(car, red, [0.2, 0.5], 0.3), Thing::new(ball, red, [0.7, 0.6], 0.3)];
/// let board = Arrangement::from_things(things, 96);
/// let left = Program::Neighbour { direction: Direction::Left, of: Filter::of_kind(ball) };
/// let outcome = left.execute(&board).unwrap();
/// assert_eq!(ANSWERS[outcome.answers[0].0], "car");
/// assert_eq!(outcome.targets, [0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The true answers by their numbers in [`ANSWERS`](super::ANSWERS), ascending, with equal shares that sum to 1.
    pub answers: Vec<(usize, f32)>,
    /// The numbers of the things that the answers stand on, ascending. An answer that names a colour or a kind stands on
    /// the things of that colour or kind, "yes" on what is there. Nothing stands for "no" or "0": they are told from what is not there.
    pub targets: Vec<usize>,
}

impl Program {
    /// The answer, or nothing where the question takes for granted what is not so, or where its answer is not among
    /// [`ANSWERS`](super::ANSWERS).
    pub fn execute(&self, arrangement: &Arrangement) -> Option<Outcome> {
        self.answer(&arrangement.things)
    }

    /// The number of the thing to look for first.
    pub(super) fn first(&self, things: &[Thing]) -> Option<usize> {
        match self {
            Self::Neighbour { of: from, .. } | Self::Side { from, .. } => only(things, from),
            Self::Size { .. } => self.answer(things)?.targets.first().copied(),
            _ => None,
        }
    }

    pub(super) fn answer(&self, things: &[Thing]) -> Option<Outcome> {
        let kind = |i: &usize| COLOURS.len() + things[*i].kind;
        match self {
            Self::Colour { of } => shared(of.picked(things), |i| things[*i].colour),
            Self::Kind { of } => shared(of.picked(things), kind),
            Self::Neighbour { direction, of } => {
                shared(neighbours(things, *direction, only(things, of)?), kind)
            }
            Self::Size { extreme, of } => {
                let by_area = |a: &usize, b: &usize| things[*a].area().total_cmp(&things[*b].area());
                let picked = of.picked(things).into_iter();
                let found = match extreme {
                    Extreme::Largest => picked.max_by(by_area),
                    Extreme::Smallest => picked.min_by(by_area),
                };
                shared(Vec::from_iter(found), kind)
            }
            Self::Exist { of } => {
                let targets = of.picked(things);
                Some(Outcome { answers: vec![(if targets.is_empty() { NO } else { YES }, 1.0)], targets })
            }
            Self::Count { of } => {
                let targets = of.picked(things);
                let answer = ZERO + targets.len();
                (answer < super::ANSWERS.len()).then(|| Outcome { answers: vec![(answer, 1.0)], targets })
            }
            Self::Side { direction, of, from } => {
                let (of, from) = (only(things, of)?, only(things, from)?);
                if of == from {
                    return None;
                }
                let (along, _) = direction.along_and_across(things[from].centre, things[of].centre);
                Some(if along > 0.0 {
                    Outcome { answers: vec![(YES, 1.0)], targets: vec![of] }
                } else {
                    Outcome { answers: vec![(NO, 1.0)], targets: Vec::new() }
                })
            }
        }
    }
}

/// The one thing that `filter` picks.
fn only(things: &[Thing], filter: &Filter) -> Option<usize> {
    match filter.picked(things)[..] {
        [one] => Some(one),
        _ => None,
    }
}

/// What lies in `direction` from `things[from]`.
fn neighbours(things: &[Thing], direction: Direction, from: usize) -> Vec<usize> {
    let others = (0..things.len()).filter(|i| *i != from);
    others.filter(|i| degrees_off(direction, &things[from], &things[*i]) <= PLAIN.cone).collect()
}

/// By how many degrees the line from `from` to `to` is off `direction`.
pub fn degrees_off(direction: Direction, from: &Thing, to: &Thing) -> f32 {
    let (along, across) = direction.along_and_across(from.centre, to.centre);
    across.abs().atan2(along).to_degrees()
}

/// The answers that `targets` give, all with the same share; nothing without targets.
fn shared(targets: Vec<usize>, answer: impl Fn(&usize) -> usize) -> Option<Outcome> {
    let mut answers: Vec<usize> = targets.iter().map(answer).collect();
    answers.sort_unstable();
    answers.dedup();
    let share = 1.0 / answers.len() as f32;
    (!targets.is_empty())
        .then(|| Outcome { answers: answers.into_iter().map(|answer| (answer, share)).collect(), targets })
}
