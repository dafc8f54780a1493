//! The inputs of all measures that run the network.

use super::Map;
use crate::cam::{self, Watch};
use crate::{Input, Model, Result};

/// A model, a picture and a class: what the measures that run the network share.
///
/// See the example of [`deletion`](super::deletion).
pub struct Trial<'a> {
    /// The model that is asked.
    pub model: &'a Model,
    /// The picture.
    pub input: &'a Input,
    /// The class.
    pub class: usize,
    /// Hears of progress; ends the work by breaking.
    pub watch: &'a dyn Watch,
}

impl Trial<'_> {
    /// The class's probability, or the value, for `count` variants of the picture. `make` makes their values `[3, height, width]`, one at
    /// a time and in order.
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
