//! A program in words: a template by chance, and names by chance.

use rand::{Rng, RngExt};

use super::lexicon::{OTHER_NAMES, THINGS, directions, extremes, templates};
use super::program::{Direction, Filter, Program};
use crate::scenes::shapes::{COLOURS, KINDS, PLURALS};

/// How often the first of several wordings is chosen; the rest shares what is left.
const FIRST: f64 = 0.5;
/// How often a kind bears its other name.
const OTHER_NAME: f64 = 0.25;

impl Program {
    /// The question in words.
    pub(super) fn phrase(&self, random: &mut impl Rng) -> String {
        let template = one_of(templates(self.question_type()), random);
        let text = match self {
            Self::Colour { of } | Self::Exist { of } | Self::Count { of } => filled(template, of, random),
            Self::Kind { of } => {
                let colour = of.colour.map_or("", |colour| COLOURS[colour]);
                filled(&template.replace("{colour}", colour), of, random)
            }
            Self::Neighbour { direction, of } => seen_from(template, *direction, of, random),
            Self::Side { direction, of, from } => {
                seen_from(&filled(template, of, random), *direction, from, random)
            }
            Self::Size { extreme, of } => {
                filled(&template.replace("{extreme}", one_of(extremes(*extreme), random)), of, random)
            }
        };
        let thing = one_of(&THINGS, random).0;
        text.replace("{thing}", thing) + "?"
    }
}

fn seen_from(template: &str, direction: Direction, from: &Filter, random: &mut impl Rng) -> String {
    let text = template.replace("{where}", one_of(directions(direction), random));
    text.replace("{from}", &named(from, random).0)
}

fn filled(template: &str, of: &Filter, random: &mut impl Rng) -> String {
    let (one, all) = named(of, random);
    let any = format!("{} {one}", article(&one));
    template.replace("{one}", &one).replace("{any}", &any).replace("{all}", &all)
}

/// One thing that `filter` picks, and all.
fn named(filter: &Filter, random: &mut impl Rng) -> (String, String) {
    let (one, all) = match filter.kind {
        None => one_of(&THINGS, random),
        Some(kind) => match OTHER_NAMES.iter().find(|(named, ..)| *named == kind) {
            Some((_, one, all)) if random.random_bool(OTHER_NAME) => (*one, *all),
            _ => (KINDS[kind], PLURALS[kind]),
        },
    };
    match filter.colour {
        None => (one.into(), all.into()),
        Some(colour) => (format!("{} {one}", COLOURS[colour]), format!("{} {all}", COLOURS[colour])),
    }
}

/// The article before `word`.
pub fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// One of several wordings, the first one most often.
fn one_of<T: Copy>(wordings: &[T], random: &mut impl Rng) -> T {
    match wordings {
        [only] => *only,
        [first, ..] if random.random_bool(FIRST) => *first,
        _ => wordings[random.random_range(1..wordings.len())],
    }
}
