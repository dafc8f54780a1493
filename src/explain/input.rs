//! What a network is shown.

use burn::tensor::{Tensor, TensorData};

use crate::error::error;
use crate::picture::Preprocessor;
use crate::{Device, Result, Size};

/// What the network is shown: normalised numbers `[1, 3, height, width]`.
///
/// ```
/// use cam_lucida::{Input, Size};
///
/// let input = Input::new(Size::square(64), vec![0.0; 3 * 64 * 64])?;
/// assert_eq!(input.size(), Size::square(64));
/// assert!(Input::new(Size::square(8), vec![0.0; 3 * 8 * 8]).unwrap_err().is_request());
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub(super) size: Size,
    pub(super) values: Vec<f32>,
}

impl Input {
    /// Wraps numbers that are normalised already, `[1, 3, height, width]` row-major.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): a side outside [`Preprocessor::SIDES`], another length, or a value that is not
    /// finite.
    pub fn new(size: Size, values: Vec<f32>) -> Result<Self> {
        let sides = Preprocessor::SIDES;
        if !(sides.contains(&size.height) && sides.contains(&size.width)) {
            return Err(error!(
                Request,
                "input-size",
                "an input of {size} pixels (width × height) was given, each side must be {min} to {max}",
                size,
                min = sides.start(),
                max = sides.end()
            ));
        }
        let (found, expected) = (values.len(), 3 * size.area());
        if found != expected {
            return Err(error!(
                Request,
                "input-length",
                "an input of {size} pixels has {expected} values, found {found}",
                size,
                expected,
                found
            ));
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let found = values[at];
            return Err(error!(
                Request,
                "input-not-finite", "value {at} of the input is {found}, all must be finite", at, found
            ));
        }
        Ok(Self { size, values })
    }

    /// Rows and columns.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The numbers `[3, height, width]`, row-major.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Another input of this size. Its values must be as many; whether they are finite shows in the scores.
    pub(crate) fn with_values(&self, values: Vec<f32>) -> Self {
        Self { values, ..*self }
    }

    pub(in crate::explain) fn tensor(&self, device: &Device) -> Tensor<4> {
        let data = TensorData::new(self.values.clone(), [1, 3, self.size.height, self.size.width]);
        Tensor::from_data(data, device.tensors())
    }
}
