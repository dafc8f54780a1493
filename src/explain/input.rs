//! What a network is shown.

use burn::tensor::{Tensor, TensorData};

use crate::{Device, Error, Result};

/// What the network is shown: normalised numbers `[1, 3, height, width]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) values: Vec<f32>,
}

impl Input {
    /// Least and most rows and columns of an input.
    pub const SIDES: (usize, usize) = (32, 2048);

    /// Wraps numbers that are normalised already, `[1, 3, height, width]` row-major.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): the length or a side does not fit, or a value is not finite.
    pub fn new(height: usize, width: usize, values: Vec<f32>) -> Result<Self> {
        let (least, most) = Self::SIDES;
        if [height, width].iter().any(|side| !(least..=most).contains(side)) {
            return Err(Error::request(format!(
                "an input of {height}×{width} (height × width) was given, each side must be {least} to {most}"
            )));
        }
        if values.len() != 3 * height * width {
            return Err(Error::request(format!(
                "an input [1, 3, {height}, {width}] has {} values, found {}",
                3 * height * width,
                values.len()
            )));
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::request(format!(
                "value {at} of the input is {}, all must be finite",
                values[at]
            )));
        }
        Ok(Self { height, width, values })
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The numbers `[3, height, width]`, row-major.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Another input of this size. Its values must be as many; whether they are finite shows in the scores.
    pub(crate) fn with_values(&self, values: Vec<f32>) -> Self {
        Self { values, ..*self }
    }

    pub(super) fn tensor(&self, device: &Device) -> Tensor<4> {
        let data = TensorData::new(self.values.clone(), [1, 3, self.height, self.width]);
        Tensor::from_data(data, device.tensors())
    }
}
