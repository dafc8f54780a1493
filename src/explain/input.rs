//! What a network is shown.

use burn::tensor::Tensor;

use crate::error::error;
use crate::picture::{Picture, Preprocessor};
use crate::read_back::upload;
use crate::render::normalise;
use crate::{Device, Result, Size};

/// What the network is shown: normalised numbers `[1, channels, height, width]`, three channels unless they are not of a picture.
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
    pub(super) channels: usize,
    pub(super) size: Size,
    pub(super) values: Vec<f32>,
}

impl Input {
    /// The most channels.
    pub const MAX_CHANNELS: usize = 1 << 10;

    /// Wraps numbers that are normalised already, `[1, 3, height, width]` row-major.
    ///
    /// # Errors
    /// As [`with_channels`](Self::with_channels).
    pub fn new(size: Size, values: Vec<f32>) -> Result<Self> {
        Self::with_channels(3, size, values)
    }

    /// The same of any number of channels, such as those of a satellite: `[1, channels, height, width]` row-major.
    ///
    /// # Errors
    /// [`is_request`](crate::Error::is_request): a side outside [`Preprocessor::SIDES`], no channels or more than
    /// [`MAX_CHANNELS`](Self::MAX_CHANNELS), another length, or a value that is not finite.
    pub fn with_channels(channels: usize, size: Size, values: Vec<f32>) -> Result<Self> {
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
        if !(1..=Self::MAX_CHANNELS).contains(&channels) {
            return Err(error!(
                Request,
                "input-channels-allowed",
                "an input of {found} channels was given; it may have 1 to {max}",
                found = channels,
                max = Self::MAX_CHANNELS
            ));
        }
        let (found, expected) = (values.len(), channels * size.area());
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
        Ok(Self { channels, size, values })
    }

    /// How many numbers a pixel has.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Rows and columns.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The numbers `[channels, height, width]`, row-major.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Another input of this size. Its values must be as many; whether they are finite shows in the scores.
    pub(crate) fn with_values(&self, values: Vec<f32>) -> Self {
        Self { values, ..*self }
    }

    pub(in crate::explain) fn tensor(&self, device: &Device) -> Tensor<4> {
        let shape = [1, self.channels, self.size.height, self.size.width];
        upload(self.values.clone(), shape, device.tensors())
    }

    /// The mean of the channels, from its smallest value, black, to its largest, white.
    pub(in crate::explain) fn in_grey(&self) -> Picture {
        let pixels = self.size.area();
        let mean = |pixel: usize| {
            let channels = self.values.iter().skip(pixel).step_by(pixels);
            channels.sum::<f32>() / self.channels as f32
        };
        let grey = normalise((0..pixels).map(mean).collect());
        let rgb = grey.into_iter().flat_map(|value| [(255.0 * value).round() as u8; 3]);
        Picture::new(self.size, rgb.collect()).expect("three colours for each pixel")
    }
}
