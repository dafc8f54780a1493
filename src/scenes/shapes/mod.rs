//! Sixteen kinds of things as vector shapes in eight colours: kind and colour are independent, so a question about
//! one cannot be answered from the other.
//!
//! `drawings.json` says how each kind looks, for this library and for the page.

mod arrangement;
mod drawing;
mod palette;
mod world;

pub use arrangement::{Arrangement, Thing};
pub use world::Shapes;

/// The kinds of things.
pub const KINDS: [&str; 16] = [
    "hydrant", "car", "bus", "boat", "house", "umbrella", "ball", "chair", "cup", "hat", "shoe", "flower",
    "fish", "kite", "bottle", "lamp",
];

/// Several of a kind.
pub const PLURALS: [&str; 16] = [
    "hydrants",
    "cars",
    "buses",
    "boats",
    "houses",
    "umbrellas",
    "balls",
    "chairs",
    "cups",
    "hats",
    "shoes",
    "flowers",
    "fish",
    "kites",
    "bottles",
    "lamps",
];

/// The colours of things.
pub const COLOURS: [&str; 8] = ["red", "orange", "yellow", "green", "blue", "purple", "white", "black"];

/// Kind and colour of what no training scene holds: eight kinds and each colour once.
pub const HELD_OUT_PAIRS: [(usize, usize); 8] =
    [(1, 5), (3, 1), (4, 4), (6, 3), (9, 2), (11, 7), (13, 6), (14, 0)];
