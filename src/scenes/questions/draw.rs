//! Balanced questions about an arrangement: the answer is drawn first, then a question that has it.

use std::collections::{BTreeSet, HashSet};

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use strum::IntoEnumIterator;

use super::balance::*;
use super::execute::degrees_off;
use super::plain::PLAIN;
use super::program::{Direction, Extreme, Filter, Program, QuestionType};
use crate::scenes::shapes::{Arrangement, COLOURS, KINDS, Shapes, Thing};
use crate::scenes::{chosen, random};

/// A question about an arrangement.
///
/// See the example of [`Questions`].
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// In words.
    pub text: String,
    /// What it asks for.
    pub kind: QuestionType,
    /// What it asks.
    pub program: Program,
    /// The true answers by their numbers in [`ANSWERS`](super::ANSWERS), with shares that sum to 1: several where a kind occurs in
    /// several colours.
    pub answers: Vec<(usize, f32)>,
    /// The numbers of the things that the answers stand on.
    pub targets: Vec<usize>,
    /// The number of the thing to look for first: the one from which it tells a direction, or the largest or smallest itself.
    pub first: Option<usize>,
}

/// A source of balanced questions about scenes of shapes.
///
/// ```
/// use cam_lucida::scenes::questions::{Questions, parse};
/// use cam_lucida::scenes::shapes::Shapes;
///
/// let shapes = Shapes::training();
/// let arrangement = shapes.arrangement(7, 3, 96);
/// let questions = Questions::new(&shapes).draw(&arrangement, 7, 3, 4);
/// assert_eq!(questions.len(), 4);
/// for question in questions {
///     assert_eq!(parse(&question.text), Some(question.program));
///     assert_eq!(question.program.execute(&arrangement).unwrap().answers, question.answers);
/// }
/// ```
pub struct Questions<'a> {
    shapes: &'a Shapes,
}

impl<'a> Questions<'a> {
    /// Questions about scenes of `shapes`: they name no pair of kind and colour that these never hold.
    pub fn new(shapes: &'a Shapes) -> Self {
        Self { shapes }
    }

    /// `n` questions, no program twice; the same for the same numbers. A scene has some 20 questions at least.
    pub fn draw(&self, arrangement: &Arrangement, seed: u64, index: u64, n: usize) -> Vec<Question> {
        let mut random = random(seed ^ 0x5155_4553_5449_4f4e, index);
        let scene = Asked { shapes: self.shapes, things: &arrangement.things, arrangement };
        let mut programs = HashSet::new();
        let mut questions = Vec::with_capacity(n);
        // Where no new question is found, an old one must do.
        let mut tries = 64 * n;
        while questions.len() < n {
            tries = tries.saturating_sub(1);
            let (kind, _) = TRIED[chosen(&TRIED.map(|(_, often)| often), &mut random)];
            let Some(program) = scene.program(kind, &mut random) else { continue };
            if !programs.insert(program) && tries > 0 {
                continue;
            }
            let outcome = program.answer(scene.things).expect("a question is drawn with its answer");
            let text = program.phrase(&mut random);
            let super::Outcome { answers, targets } = outcome;
            let first = program.first(scene.things);
            questions.push(Question { text, kind, program, answers, targets, first });
        }
        questions
    }
}

/// A scene that is asked about.
struct Asked<'a> {
    shapes: &'a Shapes,
    things: &'a [Thing],
    arrangement: &'a Arrangement,
}

impl Asked<'_> {
    /// A question of this type, where the scene has one.
    fn program(&self, kind: QuestionType, random: &mut impl Rng) -> Option<Program> {
        match kind {
            QuestionType::Colour => self.colour(random),
            QuestionType::Exist => self.exist(random),
            QuestionType::Count => self.count(random),
            QuestionType::Kind => {
                let unique = |colour: &usize| self.of(Filter::of_colour(*colour)) == 1;
                let colour = one_of((0..COLOURS.len()).filter(unique), random)?;
                Some(Program::Kind { of: Filter::of_colour(colour) })
            }
            QuestionType::Neighbour => self.neighbour(random),
            QuestionType::Size => self.size(random),
            QuestionType::Side => self.side(random),
        }
    }

    /// How many things `filter` picks.
    fn of(&self, filter: Filter) -> usize {
        filter.picked(self.things).len()
    }

    fn colour(&self, random: &mut impl Rng) -> Option<Program> {
        let colours = |kind: usize| {
            let of_kind = self.things.iter().filter(|thing| thing.kind == kind);
            of_kind.map(|thing| thing.colour).collect::<BTreeSet<_>>().len()
        };
        let several: Vec<usize> = (0..KINDS.len()).filter(|kind| colours(*kind) > 1).collect();
        let single: Vec<usize> = (0..KINDS.len()).filter(|kind| colours(*kind) == 1).collect();
        let prefers_several = random.random_bool(SEVERAL_COLOURS);
        let from =
            if single.is_empty() || (prefers_several && !several.is_empty()) { several } else { single };
        Some(Program::Colour { of: Filter::of_kind(*from.choose(random)?) })
    }

    fn exist(&self, random: &mut impl Rng) -> Option<Program> {
        let yes = random.random();
        let thing = self.things.choose(random)?;
        let absent_kind = |kind: &usize| self.of(Filter::of_kind(*kind)) == 0;
        let of = if random.random_bool(EXIST_ANY_COLOUR) {
            let kind =
                if yes { Some(thing.kind) } else { one_of((0..KINDS.len()).filter(absent_kind), random) };
            Filter::of_kind(kind?)
        } else if yes {
            Filter::of_pair(thing.kind, thing.colour)
        } else if random.random_bool(NO_OF_KIND) {
            let is_absent = |colour: &usize| {
                self.shapes.has(thing.kind, *colour) && self.of(Filter::of_pair(thing.kind, *colour)) == 0
            };
            let is_seen = |colour: &usize| self.of(Filter::of_colour(*colour)) > 0;
            let seen = one_of((0..COLOURS.len()).filter(is_absent).filter(is_seen), random);
            let any = one_of((0..COLOURS.len()).filter(is_absent), random);
            // Half of them need both words: something else has the colour.
            let colour = if random.random() { seen.or(any) } else { any };
            Filter::of_pair(thing.kind, colour?)
        } else {
            let kinds = (0..KINDS.len()).filter(absent_kind);
            let kind = one_of(kinds.filter(|kind| self.shapes.has(*kind, thing.colour)), random);
            Filter::of_pair(kind?, thing.colour)
        };
        Some(Program::Exist { of })
    }

    fn count(&self, random: &mut impl Rng) -> Option<Program> {
        let filters = |by_kind: bool| -> Vec<Filter> {
            if by_kind {
                (0..KINDS.len()).map(Filter::of_kind).collect()
            } else {
                (0..COLOURS.len()).map(Filter::of_colour).collect()
            }
        };
        let with = |number: usize, by_kind: bool| {
            filters(by_kind).into_iter().filter(move |filter| self.of(*filter) == number)
        };
        let wanted: Vec<f64> = (0..NUMBERS.len())
            .map(|number| {
                let is_there = with(number, true).chain(with(number, false)).next().is_some();
                if is_there { NUMBERS[number] } else { 0.0 }
            })
            .collect();
        let number = chosen(&wanted, random);
        let by_kind = random.random_bool(COUNT_OF_KIND);
        let of = one_of(with(number, by_kind), random).or_else(|| one_of(with(number, !by_kind), random))?;
        Some(Program::Count { of })
    }

    /// What a question calls `thing`, so that nothing else is meant.
    fn name(&self, thing: &Thing, random: &mut impl Rng) -> Option<Filter> {
        let (short, full) = (Filter::of_kind(thing.kind), Filter::of_pair(thing.kind, thing.colour));
        let is_full = random.random_bool(FULL_NAME);
        match (self.of(short), self.of(full)) {
            (1, _) if !is_full => Some(short),
            (_, 1) => Some(full),
            _ => None,
        }
    }

    fn neighbour(&self, random: &mut impl Rng) -> Option<Program> {
        let things = self.things;
        let mut found = Vec::new();
        for from in things {
            for direction in Direction::iter() {
                let others = things.iter().filter(|thing| !std::ptr::eq(*thing, from));
                let near: Vec<&Thing> =
                    others.filter(|to| degrees_off(direction, from, to) <= PLAIN.wide_cone).collect();
                let [to] = near[..] else { continue };
                let (along, _) = direction.along_and_across(from.centre, to.centre);
                if degrees_off(direction, from, to) <= PLAIN.cone && along >= PLAIN.gap {
                    found.push((from, direction));
                }
            }
        }
        let (from, direction) = *found.choose(random)?;
        Some(Program::Neighbour { direction, of: self.name(from, random)? })
    }

    fn size(&self, random: &mut impl Rng) -> Option<Program> {
        let objects = &self.arrangement.scene.objects;
        let mut order: Vec<usize> = (0..self.things.len()).collect();
        order.sort_by(|a, b| self.things[*a].area().total_cmp(&self.things[*b].area()));
        // Plain by the whole things, and not belied by what is seen of them.
        let is_plain = |small: usize, large: usize| {
            self.things[large].area() >= PLAIN.size_ratio * PLAIN.size_ratio * self.things[small].area()
                && objects[large].visible > objects[small].visible
        };
        let ends = Extreme::iter().filter(|extreme| match (extreme, &order[..]) {
            (Extreme::Largest, [.., next, last]) => is_plain(*next, *last),
            (Extreme::Smallest, [first, next, ..]) => is_plain(*first, *next),
            _ => false,
        });
        Some(Program::Size { extreme: one_of(ends, random)?, of: Filter::default() })
    }

    fn side(&self, random: &mut impl Rng) -> Option<Program> {
        let of = self.things.choose(random)?;
        let others = self.things.iter().filter(|thing| !std::ptr::eq(*thing, of));
        let from = one_of(others, random)?;
        let along = |direction: &Direction| direction.along_and_across(from.centre, of.centre).0;
        let is_so = one_of(Direction::iter().filter(|direction| along(direction) >= PLAIN.gap), random)?;
        let direction = if random.random() { is_so } else { is_so.opposite() };
        let (of, from) = (self.name(of, random)?, self.name(from, random)?);
        Some(Program::Side { direction, of, from })
    }
}

fn one_of<T>(choices: impl Iterator<Item = T>, random: &mut impl Rng) -> Option<T> {
    let mut choices: Vec<T> = choices.collect();
    (!choices.is_empty()).then(|| choices.swap_remove(random.random_range(0..choices.len())))
}
