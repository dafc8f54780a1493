//! The words of questions: names of things, templates, and words that stand for others.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::program::{Direction, Extreme, QuestionType};
use crate::scenes::shapes::{COLOURS, KINDS, PLURALS};
use crate::words::split;

/// Other names of kinds, singular and plural.
pub const OTHER_NAMES: [(usize, &str, &str); 9] = [
    (0, "fire hydrant", "fire hydrants"),
    (1, "automobile", "automobiles"),
    (2, "coach", "coaches"),
    (3, "sailboat", "sailboats"),
    (4, "home", "homes"),
    (5, "parasol", "parasols"),
    (7, "seat", "seats"),
    (8, "mug", "mugs"),
    (10, "sneaker", "sneakers"),
];

/// What a thing of any kind is called, singular and plural.
pub const THINGS: [(&str, &str); 2] = [("thing", "things"), ("object", "objects")];

/// What stands for a direction.
pub fn directions(direction: Direction) -> &'static [&'static str] {
    match direction {
        Direction::Left => &["left of", "to the left of", "on the left side of"],
        Direction::Right => &["right of", "to the right of", "on the right side of"],
        Direction::Above => &["above", "over"],
        Direction::Below => &["below", "under"],
    }
}

/// What stands for an end of an order of sizes.
pub fn extremes(extreme: Extreme) -> &'static [&'static str] {
    match extreme {
        Extreme::Largest => &["largest", "biggest"],
        Extreme::Smallest => &["smallest", "littlest"],
    }
}

/// How a question is put. `{one}` is a thing, `{any}` a thing with its article, `{all}` things, `{colour}` a colour, `{where}`
/// a direction, `{from}` the thing that it is seen from, `{extreme}` an end of the order of sizes, `{thing}` a thing of any kind.
pub fn templates(kind: QuestionType) -> &'static [&'static str] {
    match kind {
        QuestionType::Colour => &[
            "what color is the {one}",
            "what colour is the {one}",
            "which color does the {one} have",
            "what is the color of the {one}",
        ],
        QuestionType::Exist => &["is there {any}", "do you see {any}", "is there {any} in the picture"],
        QuestionType::Count => &[
            "how many {all} are there",
            "how many {all} do you see",
            "how many {all} are in the picture",
            "what is the number of {all}",
        ],
        QuestionType::Kind => &["what is the {one}", "what is {colour}", "which {thing} is {colour}"],
        QuestionType::Neighbour => &[
            "what is {where} the {from}",
            "which {thing} is {where} the {from}",
            "what do you see {where} the {from}",
        ],
        QuestionType::Size => &["what is the {extreme} {thing}", "which {thing} is the {extreme}"],
        QuestionType::Side => &["is the {one} {where} the {from}"],
    }
}

/// Words that the networks do not know, and a word that they know instead.
pub const SYNONYMS: [(&str, &str); 45] = [
    ("amount", "number"),
    ("any", "a"),
    ("auto", "car"),
    ("autos", "cars"),
    ("beneath", "below"),
    ("blossom", "flower"),
    ("blossoms", "flowers"),
    ("boot", "shoe"),
    ("boots", "shoes"),
    ("cap", "hat"),
    ("caps", "hats"),
    ("colors", "color"),
    ("colours", "colour"),
    ("count", "number"),
    ("crimson", "red"),
    ("fishes", "fish"),
    ("flask", "bottle"),
    ("flasks", "bottles"),
    ("golden", "yellow"),
    ("has", "have"),
    ("hue", "color"),
    ("image", "picture"),
    ("item", "thing"),
    ("items", "things"),
    ("lantern", "lamp"),
    ("lanterns", "lamps"),
    ("photo", "picture"),
    ("rose", "flower"),
    ("roses", "flowers"),
    ("scarlet", "red"),
    ("ship", "boat"),
    ("ships", "boats"),
    ("stool", "chair"),
    ("stools", "chairs"),
    ("teacup", "cup"),
    ("teacups", "cups"),
    ("tiniest", "smallest"),
    ("trainer", "shoe"),
    ("trainers", "shoes"),
    ("underneath", "below"),
    ("vehicle", "car"),
    ("vehicles", "cars"),
    ("violet", "purple"),
    ("yacht", "boat"),
    ("yachts", "boats"),
];

/// The word of [`words`] that stands for one that is not there, if any does.
///
/// ```
/// use cam_lucida::scenes::questions::synonym;
///
/// assert_eq!(synonym("scarlet"), Some("red"));
/// assert_eq!(synonym("red"), None, "it is known itself");
/// ```
pub fn synonym(word: &str) -> Option<&'static str> {
    SYNONYMS.iter().find(|(other, _)| *other == word).map(|(_, known)| *known)
}

/// What padding is called, and every word that is not known.
pub const PADDING: &str = "<pad>";
/// See [`PADDING`].
pub const UNKNOWN: &str = "<unknown>";

/// The vocabulary of questions: padding, the unknown word, then words in alphabetical order.
///
/// ```
/// use cam_lucida::scenes::questions::words;
///
/// assert_eq!(words()[..2], ["<pad>", "<unknown>"]);
/// assert!(words().contains(&"hydrant"));
/// ```
pub fn words() -> &'static [&'static str] {
    use strum::IntoEnumIterator;
    static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let things = THINGS.iter().flat_map(|(one, many)| [*one, *many]);
        let others = OTHER_NAMES.iter().flat_map(|(_, one, many)| [*one, *many]);
        let phrases = QuestionType::iter().flat_map(templates).copied();
        let phrases = phrases.chain(Direction::iter().flat_map(directions).copied());
        let phrases = phrases.chain(Extreme::iter().flat_map(extremes).copied());
        let phrases = phrases.chain(KINDS).chain(PLURALS).chain(COLOURS).chain(things).chain(others);
        let words: BTreeSet<&str> = phrases.flat_map(str::split_whitespace).chain(["a", "an"]).collect();
        let words = words.into_iter().filter(|word| !word.starts_with('{'));
        [PADDING, UNKNOWN].into_iter().chain(words).collect()
    });
    &WORDS
}

/// The numbers of a text's words in [`words`].
///
/// ```
/// use cam_lucida::scenes::questions::{tokens, words};
///
/// let tokens = tokens("What color is the zebra?");
/// let found: Vec<_> = tokens.into_iter().map(|token| words()[token]).collect();
/// assert_eq!(found, ["what", "color", "is", "the", "<unknown>"]);
/// ```
pub fn tokens(text: &str) -> Vec<usize> {
    split(text).iter().map(|word| token(word)).collect()
}

/// The number of one word.
pub fn token(word: &str) -> usize {
    words()[2..].binary_search(&word).map_or(1, |at| at + 2)
}
