//! What somebody chose in place of parts of a card's preprocessing.

use std::fmt;

use strum::VariantArray;

use crate::error::{error, unknown_variant};
use crate::picture::ChannelOrder;
use crate::{Error, Result, Size};

/// The parts of a [`Preprocessor`](crate::picture::Preprocessor) that somebody chose; `None` leaves a part as it is.
///
/// ```
/// use cam_lucida::network::Architecture;
/// use cam_lucida::Size;
/// use cam_lucida::weights::{Card, PreprocessorOverrides};
///
/// let network = Architecture::named("resnet18")?;
/// let overrides = PreprocessorOverrides { size: Some(Size::square(320)), ..Default::default() };
/// let card = Card { overrides, ..Card::new(network) };
/// assert_eq!(card.preprocessor_for(network)?.size, Size::square(320));
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct PreprocessorOverrides {
    /// Rows and columns of the input.
    pub size: Option<Size>,
    /// Means of red, green and blue, of values in `range`.
    pub mean: Option<[f32; 3]>,
    /// Standard deviations of red, green and blue, likewise.
    pub std: Option<[f32; 3]>,
    /// Of what values mean and deviation are. Where the card's are of others, they replace it: they are 0 and 1 unless they are chosen.
    pub range: Option<ValueRange>,
    /// In which order the network takes the colours.
    pub order: Option<ChannelOrder>,
    /// The red, green and blue of a letterbox's bars, 0 to 255.
    pub fill: Option<[u8; 3]>,
}

impl PreprocessorOverrides {
    /// Whether mean and deviation are of other values than those that are `stated`, and replace these.
    pub(in crate::weights) fn replace_range_of(&self, stated: Option<ValueRange>) -> bool {
        match self.range {
            Some(ValueRange::Bytes) => stated != Some(ValueRange::Bytes),
            Some(ValueRange::Unit) => stated == Some(ValueRange::Bytes),
            None => false,
        }
    }

    /// Mean and deviation of values 0 to 1 in place of those that are `default`, which somebody has `stated` of such values.
    ///
    /// # Errors
    /// [`is_weights`](crate::Error::is_weights) when one of the two is chosen of other values than the other is stated of.
    pub(in crate::weights) fn normalisation(
        &self,
        stated: Option<ValueRange>,
        default: [[f32; 3]; 2],
    ) -> Result<[[f32; 3]; 2]> {
        let in_units = |three: [f32; 3]| match self.range {
            Some(ValueRange::Bytes) => three.map(|value| value / 255.0),
            _ => three,
        };
        let chosen = [self.mean, self.std];
        if !self.replace_range_of(stated) {
            return Ok(std::array::from_fn(|i| chosen[i].map_or(default[i], in_units)));
        }
        if let ([Some(_), None] | [None, Some(_)], Some(stated), Some(range)) = (chosen, stated, self.range) {
            let parts = ["mean", "standard deviation"];
            let [given, missing] = if self.mean.is_some() { parts } else { [parts[1], parts[0]] };
            return Err(error!(
                Weights,
                "normalisation-half",
                "the {given} is stated of values {range}, but the model's card has the {missing} of values {stated}; state both",
                given,
                missing,
                range,
                stated
            ));
        }
        Ok([chosen[0].unwrap_or([0.0; 3]), chosen[1].unwrap_or([1.0; 3])].map(in_units))
    }
}

/// The values of pixels before they are normalised.
///
/// ```
/// use cam_lucida::weights::ValueRange;
///
/// assert_eq!("0-255".parse::<ValueRange>()?, ValueRange::Bytes);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(parse_err_ty = Error, parse_err_fn = unknown_range)]
pub enum ValueRange {
    /// 0 to 1, as torchvision's `ToTensor` gives them.
    #[strum(serialize = "0-1")]
    Unit,
    /// 0 to 255, as Caffe's networks take them.
    #[strum(serialize = "0-255")]
    Bytes,
}

impl fmt::Display for ValueRange {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.into())
    }
}

fn unknown_range(name: &str) -> Error {
    unknown_variant("value range", name, ValueRange::VARIANTS)
}
