//! What a question asks, apart from its words.

use crate::scenes::shapes::Thing;

/// What a question asks for.
///
/// ```
/// use cam_lucida::scenes::questions::{QuestionType, parse};
///
/// let program = parse("Is there a red car?").unwrap();
/// assert_eq!(program.question_type(), QuestionType::Exist);
/// assert_eq!(QuestionType::Exist.to_string(), "exist");
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::Display,
    strum::EnumIter,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum QuestionType {
    /// The colour of a kind: "what color is the car?"
    Colour,
    /// Whether a thing is there: "is there a red car?"
    Exist,
    /// A number of things: "how many cars are there?"
    Count,
    /// The kind of a thing of a colour: "what is the red thing?"
    Kind,
    /// The kind of a thing beside another: "what is left of the car?"
    Neighbour,
    /// The kind of the largest or smallest thing: "what is the largest thing?"
    Size,
    /// Where a thing is, seen from another: "is the car left of the ball?"
    Side,
}

/// A question that can be executed.
///
/// ```
/// use cam_lucida::scenes::questions::{ANSWERS, Filter, Program};
/// use cam_lucida::scenes::shapes::{Arrangement, Thing};
///
/// let [hydrant, red, blue] = [0, 0, 4];
/// let things = vec![Thing::new(hydrant, red, [0.3, 0.5], 0.3), Thing::new(hydrant, blue, [0.7, 0.5], 0.3)];
/// let board = Arrangement::from_things(things, 96);
/// let colour = Program::Colour { of: Filter::of_kind(hydrant) };
/// let outcome = colour.execute(&board).unwrap();
/// assert_eq!(outcome.answers, [(red, 0.5), (blue, 0.5)], "each colour is as true as the other");
/// assert_eq!(ANSWERS[outcome.answers[1].0], "blue");
/// assert_eq!(outcome.targets, [0, 1]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Program {
    /// The colours of what `of` picks.
    Colour {
        /// What is asked about.
        of: Filter,
    },
    /// Whether `of` picks anything.
    Exist {
        /// What is asked about.
        of: Filter,
    },
    /// How many things `of` picks.
    Count {
        /// What is asked about.
        of: Filter,
    },
    /// The kinds of what `of` picks.
    Kind {
        /// What is asked about.
        of: Filter,
    },
    /// The kinds of what lies in `direction` from the one thing that `of` picks.
    Neighbour {
        /// Where to look.
        direction: Direction,
        /// From where to look.
        of: Filter,
    },
    /// The kind of the largest or smallest of what `of` picks.
    Size {
        /// Largest or smallest.
        extreme: Extreme,
        /// Among which things.
        of: Filter,
    },
    /// Whether the one thing that `of` picks lies in `direction` from the one that `from` picks.
    Side {
        /// The direction in question.
        direction: Direction,
        /// The thing in question.
        of: Filter,
        /// From where to look.
        from: Filter,
    },
}

impl Program {
    /// What it asks for.
    pub fn question_type(&self) -> QuestionType {
        match self {
            Self::Colour { .. } => QuestionType::Colour,
            Self::Exist { .. } => QuestionType::Exist,
            Self::Count { .. } => QuestionType::Count,
            Self::Kind { .. } => QuestionType::Kind,
            Self::Neighbour { .. } => QuestionType::Neighbour,
            Self::Size { .. } => QuestionType::Size,
            Self::Side { .. } => QuestionType::Side,
        }
    }
}

/// Picks things by kind, by colour, by both or by neither.
///
/// See the example of [`Program`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<usize>,
    /// Only this colour.
    pub colour: Option<usize>,
}

impl Filter {
    /// Things of a kind.
    pub fn of_kind(kind: usize) -> Self {
        Self { kind: Some(kind), colour: None }
    }

    /// Things of a colour.
    pub fn of_colour(colour: usize) -> Self {
        Self { kind: None, colour: Some(colour) }
    }

    /// Things of a kind in a colour.
    pub fn of_pair(kind: usize, colour: usize) -> Self {
        Self { kind: Some(kind), colour: Some(colour) }
    }

    /// Whether it picks `thing`.
    pub fn is_met_by(&self, thing: &Thing) -> bool {
        self.kind.is_none_or(|kind| kind == thing.kind)
            && self.colour.is_none_or(|colour| colour == thing.colour)
    }

    /// The numbers of the things that it picks.
    pub fn picked(&self, things: &[Thing]) -> Vec<usize> {
        (0..things.len()).filter(|i| self.is_met_by(&things[*i])).collect()
    }
}

/// A direction in the picture.
///
/// See the example of [`Outcome`](super::Outcome).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
pub enum Direction {
    /// Towards smaller x.
    Left,
    /// Towards larger x.
    Right,
    /// Towards smaller y.
    Above,
    /// Towards larger y.
    Below,
}

impl Direction {
    /// How far `to` lies in this direction from `from`, and how far across it: shares of the side.
    pub fn along_and_across(self, from: [f32; 2], to: [f32; 2]) -> (f32, f32) {
        let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
        match self {
            Self::Left => (-dx, dy),
            Self::Right => (dx, dy),
            Self::Above => (-dy, dx),
            Self::Below => (dy, dx),
        }
    }

    /// Left for right, above for below, and the reverse.
    pub fn opposite(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
            Self::Above => Self::Below,
            Self::Below => Self::Above,
        }
    }
}

/// Which end of an order of sizes.
///
/// See the example of [`Reading`](super::Reading).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumIter)]
pub enum Extreme {
    /// The one of the greatest area.
    Largest,
    /// The one of the least area.
    Smallest,
}
