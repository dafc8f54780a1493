//! The words of captions.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use strum::IntoEnumIterator;

use crate::scenes::questions::Direction;
use crate::scenes::shapes::{COLOURS, KINDS, PLURALS};

/// Numbers of things from two on.
pub const NUMBERS: [&str; 6] = ["two", "three", "four", "five", "six", "many"];
/// What stands between groups without a relation.
pub const WITH: &str = "with";
/// What stands before the third group.
pub const AND: &str = "and";

/// The words that name nothing that can be seen: a network says them because the sentence wants them.
///
/// ```
/// use cam_lucida::scenes::captions::{FUNCTION_WORDS, words};
///
/// assert!(FUNCTION_WORDS.contains(&"a") && !FUNCTION_WORDS.contains(&"left"));
/// assert!(FUNCTION_WORDS.iter().all(|word| words().contains(word)));
/// ```
pub const FUNCTION_WORDS: [&str; 5] = ["a", "an", AND, "of", WITH];

/// The words that say where a thing is, seen from another: a network tells them from where it looks.
///
/// ```
/// use cam_lucida::scenes::captions::{FUNCTION_WORDS, relation_words, words};
///
/// assert!(relation_words().any(|word| word == "left"));
/// assert!(relation_words().all(|word| words().contains(&word) && !FUNCTION_WORDS.contains(&word)));
/// ```
pub fn relation_words() -> impl Iterator<Item = &'static str> {
    let words = Direction::iter().flat_map(relation).copied();
    words.filter(|word| !FUNCTION_WORDS.contains(word))
}

/// How many things of a kind and colour there are, before the colour's name.
pub fn number(count: usize, colour: &str) -> &'static str {
    match count {
        1 if colour.starts_with(['a', 'e', 'i', 'o', 'u']) => "an",
        1 => "a",
        _ => NUMBERS[(count - 2).min(NUMBERS.len() - 1)],
    }
}

/// The words of a relation.
pub fn relation(direction: Direction) -> &'static [&'static str] {
    match direction {
        Direction::Left => &["left", "of"],
        Direction::Right => &["right", "of"],
        Direction::Above => &["above"],
        Direction::Below => &["below"],
    }
}

/// The vocabulary of captions: padding, the unknown word, the start, the end, then words in alphabetical order.
///
/// ```
/// use cam_lucida::scenes::captions::words;
///
/// assert_eq!(words()[..4], ["<pad>", "<unknown>", "<start>", "<end>"]);
/// assert!(words().contains(&"hydrants"));
/// ```
pub fn words() -> &'static [&'static str] {
    static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let relations = Direction::iter().flat_map(relation).copied();
        let names = KINDS.into_iter().chain(PLURALS).chain(COLOURS);
        let words: BTreeSet<&str> =
            relations.chain(names).chain(NUMBERS).chain(["a", "an", AND, WITH]).collect();
        ["<pad>", "<unknown>", "<start>", "<end>"].into_iter().chain(words).collect()
    });
    &WORDS
}
