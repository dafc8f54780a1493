//! How often what is asked, so that words alone do not tell the answer.

use super::program::QuestionType;

/// How often each type is tried. Not every scene has a question of each type, so that of all questions 0.22 are of colour, 0.12 of
/// existence, 0.16 of a count, 0.10 of a kind, 0.18 of a neighbour, 0.10 of a size and 0.12 of a side.
pub const TRIED: [(QuestionType, f64); 7] = [
    (QuestionType::Colour, 0.224),
    (QuestionType::Exist, 0.088),
    (QuestionType::Count, 0.133),
    (QuestionType::Kind, 0.088),
    (QuestionType::Neighbour, 0.215),
    (QuestionType::Size, 0.144),
    (QuestionType::Side, 0.147),
];

/// How often a colour question is about a kind in several colours, where there is one.
pub const SEVERAL_COLOURS: f64 = 0.98;
/// The share of "no" for want of the colour: the kind is there, and some other thing is of the colour or not.
pub const NO_OF_KIND: f64 = 0.6;
/// How often "is there" asks for a kind in any colour.
pub const EXIST_ANY_COLOUR: f64 = 0.15;
/// How much each number is wanted where a scene has it: large numbers are rare.
pub const NUMBERS: [f64; 6] = [1.0, 1.0, 3.0, 14.0, 60.0, 160.0];
/// How often things are counted by kind; else by colour.
pub const COUNT_OF_KIND: f64 = 0.6;
/// How often a thing is called by kind and colour where its kind alone would do.
pub const FULL_NAME: f64 = 0.12;
