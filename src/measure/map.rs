//! The map that measures take.

use crate::error::error;
use crate::render::{normalise, upsample};
use crate::{Heatmap, Result, Size};

/// How much each pixel mattered, as one number.
///
/// ```
/// use cam_lucida::{Size, measure::Map};
///
/// let map = Map::new(Size { height: 1, width: 3 }, vec![0.0, 4.0, 2.0])?;
/// assert_eq!(map.ranking(), [1, 2, 0]);
/// assert_eq!(map.normalised().values(), [0.0, 1.0, 0.5]);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    size: Size,
    values: Vec<f32>,
}

impl Map {
    /// Wraps `values` `[height, width]`, row-major.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): no values or not one for each pixel, or one that is not finite.
    pub fn new(size: Size, values: Vec<f32>) -> Result<Self> {
        let found = values.len();
        if found == 0 || found != size.area() {
            return Err(error!(
                Request,
                "map-length",
                "a map of {size} pixels needs one value for each, and at least one; found {found}",
                size,
                found
            ));
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let found = values[at];
            return Err(error!(
                Request,
                "map-not-finite", "value {at} of the map is {found}; all must be finite", at, found
            ));
        }
        Ok(Self { size, values })
    }

    /// The map that a heatmap shows; for a signed picture, the largest magnitude of the channels.
    ///
    /// # Errors
    /// [`is_device`](crate::Error::is_device) when the device fails.
    pub async fn from_heatmap(heatmap: &Heatmap) -> Result<Self> {
        let [_, height, width] = heatmap.map.dims();
        Self::new(Size { height, width }, heatmap.magnitudes().await?)
    }

    /// Rows and columns.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The values `[height, width]`, row-major.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Resized bilinearly, as heatmaps are drawn.
    pub fn resized(&self, size: Size) -> Self {
        Self { values: upsample(&self.values, self.size, size), size }
    }

    /// With left and right exchanged.
    pub fn mirrored(&self) -> Self {
        let rows = self.values.chunks_exact(self.size.width);
        Self { values: rows.flat_map(|row| row.iter().rev().copied()).collect(), size: self.size }
    }

    /// The part of `size` that begins at column and row `from`.
    ///
    /// # Panics
    /// If it reaches beyond the map.
    pub fn part(&self, [left, top]: [usize; 2], size: Size) -> Self {
        let rows = self.values.chunks_exact(self.size.width).skip(top).take(size.height);
        let values: Vec<f32> = rows.flat_map(|row| row[left..left + size.width].iter().copied()).collect();
        assert_eq!(values.len(), size.area(), "the part lies within the map");
        Self { values, size }
    }

    /// Normalised to 0..1, as heatmaps are drawn; a flat map becomes zero.
    pub fn normalised(self) -> Self {
        Self { values: normalise(self.values), ..self }
    }

    /// Whether the map is the same everywhere.
    pub fn is_flat(&self) -> bool {
        self.values.iter().all(|value| *value == self.values[0])
    }

    /// The pixels in descending order of their values; equal pixels in order of position.
    pub fn ranking(&self) -> Vec<usize> {
        let mut pixels: Vec<usize> = (0..self.values.len()).collect();
        pixels.sort_by(|&a, &b| self.values[b].total_cmp(&self.values[a]));
        pixels
    }
}
