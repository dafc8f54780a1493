//! Questions about a scene of shapes, with answers that are true by construction.
//!
//! A [`Question`] is a text and a [`Program`]. The program computes the answer from the things, never from the pixels.
//! [`Questions`] draws balanced questions; [`read`] finds the program of a text that somebody typed.

mod balance;
mod draw;
mod execute;
mod lexicon;
mod phrase;
mod plain;
mod program;
mod read;

pub use draw::{Question, Questions};
pub use execute::Outcome;
pub use lexicon::{SYNONYMS, synonym, tokens, words};
pub use program::{Direction, Extreme, Filter, Program, QuestionType};
pub use read::{Reading, parse, read};

use super::shapes::{COLOURS, KINDS};

/// The answers: colours, kinds, yes and no, numbers.
pub const ANSWERS: [&str; 32] = answers();

/// The number of the answer "yes".
pub const YES: usize = COLOURS.len() + KINDS.len();
/// The number of the answer "no".
pub const NO: usize = YES + 1;
/// The number of the answer "0", which the others follow.
pub const ZERO: usize = NO + 1;

const fn answers() -> [&'static str; 32] {
    const REST: [&str; 8] = ["yes", "no", "0", "1", "2", "3", "4", "5"];
    let mut all = [""; 32];
    let mut i = 0;
    while i < all.len() {
        all[i] = match i {
            ..8 => COLOURS[i],
            8..24 => KINDS[i - 8],
            _ => REST[i - 24],
        };
        i += 1;
    }
    all
}
