//! From where on what is asked is plain to see. The page's examples keep to the same numbers.

use std::sync::LazyLock;

use serde::Deserialize;

/// The bounds of what is asked.
#[derive(Deserialize)]
pub struct Plain {
    /// Something lies left of another if the line to it is at most so many degrees off the horizontal.
    pub cone: f32,
    /// No other thing may lie within so many degrees of the direction in which a neighbour is asked for.
    pub wide_cone: f32,
    /// How far apart two things are, along the direction that is asked for: shares of the side.
    pub gap: f32,
    /// By what factor the sides of squares of the areas of the largest thing and the next differ.
    pub size_ratio: f32,
}

pub static PLAIN: LazyLock<Plain> = LazyLock::new(|| {
    serde_json::from_str(include_str!("plain.json")).expect("it is written beside this file")
});
