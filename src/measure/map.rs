//! A map as measures take it.

use crate::render::{normalise, upsample};
use crate::{Error, Heatmap, Result};

/// How much each pixel mattered: one number a pixel.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    height: usize,
    width: usize,
    values: Vec<f32>,
}

impl Map {
    /// Wraps `values` `[height, width]`, row-major.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): no values or not `height * width` of them, or one that is not finite.
    pub fn new(height: usize, width: usize, values: Vec<f32>) -> Result<Self> {
        if values.is_empty() || values.len() != height * width {
            return Err(Error::request(format!(
                "a map [{height}, {width}] has {} values and at least one, found {}",
                height * width,
                values.len()
            )));
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::request(format!("value {at} of the map is {}", values[at])));
        }
        Ok(Self { height, width, values })
    }

    /// What a heatmap shows: of a signed picture the largest magnitude of the channels.
    ///
    /// # Errors
    /// [`is_device`](Error::is_device) when the device fails.
    pub async fn of(heatmap: &Heatmap) -> Result<Self> {
        let [_, height, width] = heatmap.map.dims();
        Self::new(height, width, heatmap.magnitudes().await?)
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The values `[height, width]`, row-major.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Bilinear, as heatmaps are drawn: `[height, width]`.
    pub fn resized(&self, height: usize, width: usize) -> Self {
        let values = upsample(&self.values, (self.height, self.width), (height, width));
        Self { height, width, values }
    }

    /// Brought to 0..1, as heatmaps are drawn; one that is flat becomes zero.
    pub fn normalised(self) -> Self {
        Self { values: normalise(self.values), ..self }
    }

    /// Whether the map is the same everywhere.
    pub fn is_flat(&self) -> bool {
        self.values.iter().all(|value| *value == self.values[0])
    }

    /// The pixels, those that mattered most first; of equals in order of position.
    pub fn ranking(&self) -> Vec<usize> {
        let mut pixels: Vec<usize> = (0..self.values.len()).collect();
        pixels.sort_by(|&a, &b| self.values[b].total_cmp(&self.values[a]));
        pixels
    }
}
