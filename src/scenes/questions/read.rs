//! From a text that somebody typed to a program.

use super::lexicon::{OTHER_NAMES, THINGS, UNKNOWN, directions, extremes, synonym, token, words};
use super::program::{Direction, Extreme, Filter, Program};
use crate::scenes::shapes::{COLOURS, KINDS, PLURALS};
use crate::words::split;

/// What was understood of a question.
///
/// ```
/// use cam_lucida::scenes::questions::{Extreme, Filter, Program, read};
///
/// let reading = read("What is the tiniest shiny THING");
/// assert_eq!(reading.unknown, ["tiniest", "shiny"], "words that no network has learned");
/// let program = Program::Size { extreme: Extreme::Smallest, of: Filter::default() };
/// assert_eq!(reading.program, Some(program), "synonyms are understood, other words left out");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What is asked, if it was understood.
    pub program: Option<Program>,
    /// The words that are not in [`words`](super::words), in the text's order; [`synonym`] has a known one for some.
    pub unknown: Vec<String>,
}

/// The program of a text: case, punctuation and plurals do not matter, and synonyms are understood.
///
/// ```
/// use cam_lucida::scenes::questions::parse;
///
/// assert_eq!(parse("What colour is the HYDRANT"), parse("what color is the fire hydrant?"));
/// assert_eq!(parse("why?"), None);
/// ```
pub fn parse(text: &str) -> Option<Program> {
    read(text).program
}

/// [`parse`], with the words that are not known.
///
/// See the example of [`Reading`].
pub fn read(text: &str) -> Reading {
    let typed = split(text);
    let unknown = typed.iter().filter(|word| words()[token(word)] == UNKNOWN);
    let known: Vec<&str> = typed.iter().map(|word| synonym(word).unwrap_or(word)).collect();
    let concepts: Vec<Concept> = known.iter().filter_map(|word| Concept::of(word)).collect();
    Reading { program: program(&concepts), unknown: unknown.cloned().collect() }
}

/// What a word contributes to a question.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Concept {
    Kind(usize),
    Colour(usize),
    Direction(Direction),
    Extreme(Extreme),
    /// A thing of any kind.
    Thing,
    /// The word "colour".
    Hue,
    /// "How many".
    Count,
    /// "What", "which".
    What,
    /// A verb: of a question without "what", it asks for yes or no.
    Verb,
}

/// Words of directions that say nothing of where.
const LINKS: [&str; 5] = ["to", "the", "on", "side", "of"];

impl Concept {
    /// Nothing for a word that only links others.
    fn of(word: &str) -> Option<Self> {
        use strum::IntoEnumIterator;
        let at = |words: &[&str]| words.iter().position(|other| *other == word);
        let ends = |phrase: &str| phrase.rsplit(' ').next() == Some(word);
        let other_name =
            || OTHER_NAMES.iter().find(|(_, one, all)| ends(one) || ends(all)).map(|name| name.0);
        let direction = |direction: &Direction| {
            let mut phrases = directions(*direction).iter().flat_map(|phrase| phrase.split(' '));
            !LINKS.contains(&word) && phrases.any(|other| other == word)
        };
        let is_thing = THINGS.iter().any(|(one, all)| [*one, *all].contains(&word));
        let verb = ["is", "are", "do", "does"].contains(&word).then_some(Self::Verb);
        at(&KINDS)
            .or_else(|| at(&PLURALS))
            .or_else(other_name)
            .map(Self::Kind)
            .or_else(|| at(&COLOURS).map(Self::Colour))
            .or_else(|| Direction::iter().find(direction).map(Self::Direction))
            .or_else(|| Extreme::iter().find(|e| extremes(*e).contains(&word)).map(Self::Extreme))
            .or_else(|| is_thing.then_some(Self::Thing))
            .or_else(|| ["color", "colour"].contains(&word).then_some(Self::Hue))
            .or_else(|| ["many", "number"].contains(&word).then_some(Self::Count))
            .or_else(|| ["what", "which"].contains(&word).then_some(Self::What))
            .or(verb)
    }
}

fn program(concepts: &[Concept]) -> Option<Program> {
    let has = |wanted: Concept| concepts.contains(&wanted);
    let extreme = concepts.iter().find_map(|concept| match concept {
        Concept::Extreme(extreme) => Some(*extreme),
        _ => None,
    });
    let direction = concepts.iter().enumerate().find_map(|(at, concept)| match concept {
        Concept::Direction(direction) => Some((at, *direction)),
        _ => None,
    });
    if let Some((at, direction)) = direction {
        let (before, after) = (&concepts[..at], &concepts[at + 1..]);
        let from = filter(after)?;
        let is_other = has(Concept::Hue) || has(Concept::Count) || extreme.is_some();
        return match has(Concept::What) {
            _ if is_other => None,
            true => Some(Program::Neighbour { direction, of: from }),
            false => Some(Program::Side { direction, of: filter(before)?, from }),
        };
    }
    let of = filter(concepts);
    match extreme {
        _ if has(Concept::Count) => Some(Program::Count { of: of? }),
        Some(extreme) if has(Concept::What) => Some(Program::Size { extreme, of: of.unwrap_or_default() }),
        Some(_) => None,
        None if has(Concept::What) && has(Concept::Hue) => Some(Program::Colour { of: of? }),
        None if has(Concept::What) => Some(Program::Kind { of: of? }),
        None if has(Concept::Verb) => Some(Program::Exist { of: of? }),
        None => None,
    }
}

/// The one kind and colour among `concepts`; nothing where none is named, or several are.
fn filter(concepts: &[Concept]) -> Option<Filter> {
    let mut filter = Filter::default();
    let mut is_named = false;
    for concept in concepts {
        let is_first = match *concept {
            Concept::Kind(kind) => filter.kind.replace(kind).is_none(),
            Concept::Colour(colour) => filter.colour.replace(colour).is_none(),
            Concept::Thing => true,
            _ => continue,
        };
        is_named = true;
        if !is_first {
            return None;
        }
    }
    is_named.then_some(filter)
}
