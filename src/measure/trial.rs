//! What measures that ask the network share: a picture, a class, and whom to ask.

use super::Map;
use crate::cam::{self, Watch};
use crate::{Input, Model, Result};

/// A picture and a class, put to a network.
pub struct Trial<'a> {
    /// The network.
    pub model: &'a Model,
    /// The picture.
    pub input: &'a Input,
    /// The class.
    pub class: usize,
    /// Told of progress; ends the work by breaking.
    pub watch: &'a Watch<'a>,
}

impl Trial<'_> {
    /// The class's probability for `count` variants of the picture, whose values `[3, height, width]` are made one
    /// at a time and in order by `make`.
    pub(super) async fn probabilities(
        &self,
        measure: &'static str,
        count: usize,
        mut make: impl FnMut(usize) -> Vec<f32>,
    ) -> Result<Vec<f64>> {
        cam::check_class(self.class, self.model.classes())?;
        let inputs = (0..count).map(|i| self.input.with_values(make(i)));
        let scores = self.model.classify_each(measure, inputs, self.watch).await?;
        Ok(scores.iter().map(|scores| f64::from(scores.probabilities[self.class])).collect())
    }

    /// A map at the picture's size.
    pub(super) fn cover(&self, map: &Map) -> Map {
        map.resized(self.input.size())
    }

    /// How many pixels the picture has.
    pub(super) fn pixels(&self) -> usize {
        self.input.size().area()
    }
}
