//! The preprocessing that a model card states, as Hugging Face and timm write it, and what may replace parts of it.

use serde::Deserialize;
use strum::VariantArray;

use super::card::CONFIG;
use crate::error::{error, unknown_variant};
use crate::picture::{ChannelOrder, Interpolation, Preprocessor};
use crate::{Error, Result, Size};

/// No mean of values 0 to 1 is larger, and those of values 0 to 255 are.
const LARGEST_MEAN: f32 = 3.0;

/// The parts of a [`Preprocessor`] that somebody chose; `None` leaves a part as it is.
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
    /// Of what values mean and deviation are. Of 0 to 255, they are 0 and 1 where nobody says otherwise.
    pub range: Option<ValueRange>,
    /// In which order the network takes the colours.
    pub order: Option<ChannelOrder>,
    /// The red, green and blue of a letterbox's bars, 0 to 255.
    pub fill: Option<[u8; 3]>,
}

impl PreprocessorOverrides {
    /// Whether they say how colours are normalised.
    pub(super) fn state_colours(&self) -> bool {
        self.range == Some(ValueRange::Bytes) || self.mean.is_some() && self.std.is_some()
    }

    /// Mean and deviation of values 0 to 1 in place of those that are `stated`.
    pub(super) fn normalisation(&self, stated: [[f32; 3]; 2]) -> [[f32; 3]; 2] {
        let chosen = [self.mean, self.std];
        if self.range == Some(ValueRange::Bytes) {
            let [mean, std] = chosen;
            return [mean.unwrap_or([0.0; 3]), std.unwrap_or([1.0; 3])]
                .map(|three| three.map(|value| value / 255.0));
        }
        std::array::from_fn(|i| chosen[i].unwrap_or(stated[i]))
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

fn unknown_range(name: &str) -> Error {
    unknown_variant("value range", name, ValueRange::VARIANTS)
}

/// Hugging Face's numbers of an image processor.
#[derive(Deserialize)]
pub struct PreprocessorConfig {
    size: StatedSize,
    image_mean: Option<[f32; 3]>,
    image_std: Option<[f32; 3]>,
    crop_pct: Option<f64>,
    /// Pillow's number of the filter.
    resample: Option<u8>,
    /// Whether values 0 to 255 are multiplied by `rescale_factor`, less 1 where there is a `rescale_offset`.
    do_rescale: Option<bool>,
    rescale_factor: Option<f32>,
    rescale_offset: Option<bool>,
    do_normalize: Option<bool>,
    /// What is cut out of `size`.
    crop_size: Option<StatedSize>,
    do_center_crop: Option<bool>,
    /// Whether the network takes blue first.
    do_flip_channel_order: Option<bool>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(
    untagged,
    expecting = "`size` must be a number of pixels, {\"height\", \"width\"} or {\"shortest_edge\"}"
)]
enum StatedSize {
    Square(u32),
    Sides { height: u32, width: u32 },
    Shortest { shortest_edge: u32 },
}

/// timm's numbers of the same.
#[derive(Deserialize)]
pub struct Pretrained {
    input_size: [u32; 3],
    mean: [f32; 3],
    std: [f32; 3],
    crop_pct: Option<f64>,
    interpolation: Option<String>,
}

impl Pretrained {
    pub fn to_preprocessor(&self) -> Result<PreprocessorConfig> {
        let Self { input_size: [channels, height, width], mean, std, crop_pct, ref interpolation } = *self;
        if channels != 3 {
            return Err(error!(
                Weights,
                "card-channels",
                "{file}: `input_size` has {channels} channels, but a picture has 3",
                file = CONFIG,
                channels
            ));
        }
        let size = StatedSize::Sides { height, width };
        // timm's own default (`timm/data/config.py`).
        let interpolation = match interpolation.as_deref().unwrap_or("bicubic") {
            "bilinear" => Interpolation::Bilinear,
            "bicubic" => Interpolation::Bicubic,
            found => {
                return Err(error!(
                    Weights,
                    "card-interpolation",
                    "{file}: `interpolation` is `{found}`; only bilinear and bicubic are known",
                    file = CONFIG,
                    found
                ));
            }
        };
        let resample = Some(interpolation.in_pillow());
        Ok(PreprocessorConfig {
            size,
            image_mean: Some(mean),
            image_std: Some(std),
            crop_pct,
            resample,
            do_rescale: None,
            rescale_factor: None,
            rescale_offset: None,
            do_normalize: None,
            crop_size: None,
            do_center_crop: None,
            do_flip_channel_order: None,
        })
    }
}

impl StatedSize {
    /// Rows and columns.
    fn sides(self) -> (u32, u32) {
        match self {
            Self::Square(side) | Self::Shortest { shortest_edge: side } => (side, side),
            Self::Sides { height, width } => (height, width),
        }
    }
}

impl PreprocessorConfig {
    pub fn read(self, file: &str) -> Result<Preprocessor> {
        let Self { size, crop_size, crop_pct, resample, do_flip_channel_order, .. } = self;
        let order = if do_flip_channel_order == Some(true) { ChannelOrder::Bgr } else { ChannelOrder::Rgb };
        let [mean, std] = self.normalisation(file)?;
        let whole = size.sides();
        let cut = crop_size.filter(|_| self.do_center_crop != Some(false));
        let (height, width) = cut.map_or(whole, StatedSize::sides);
        let filters = [Interpolation::Bilinear, Interpolation::Bicubic];
        let number = resample.unwrap_or(Interpolation::default().in_pillow());
        let Some(interpolation) = filters.into_iter().find(|filter| filter.in_pillow() == number) else {
            return Err(error!(
                Weights,
                "card-resample",
                "{file}: `resample` is {found}; only bilinear, 2, and bicubic, 3, are known",
                file,
                found = number
            ));
        };
        let share = crop_pct.unwrap_or(1.0);
        if !(0.5..=1.0).contains(&share) {
            return Err(error!(
                Weights,
                "card-crop",
                "{file}: `crop_pct` is {found}; the share of the shorter side that is cut out must be 0.5 to 1",
                file,
                found = share
            ));
        }
        // Rounded down, as both libraries do.
        let [whole_height, whole_width] = match cut {
            Some(_) if whole.0 < height || whole.1 < width => {
                return Err(error!(
                    Weights,
                    "card-crop-size",
                    "{file}: `crop_size` is {height} by {width} pixels, more than `size`; it is cut out of that, so it may have as many at most",
                    file,
                    height,
                    width
                ));
            }
            Some(_) => [whole.0 as usize, whole.1 as usize],
            None => [height, width].map(|side| (f64::from(side) / share) as usize),
        };
        let stated = Preprocessor {
            size: Size { height: height as usize, width: width as usize },
            resize: Size { height: whole_height, width: whole_width },
            mean,
            std,
            order,
            interpolation,
            fill: None,
        };
        check(&stated, file)?;
        Ok(stated)
    }

    /// Mean and standard deviation of values 0 to 1. The file's are of what rescaling has made of values 0 to 255.
    fn normalisation(&self, file: &str) -> Result<[[f32; 3]; 2]> {
        let stated = |name: &str, values: Option<[f32; 3]>, none: f32| match (values, self.do_normalize) {
            (_, Some(false)) => Ok([none; 3]),
            (Some(values), _) => Ok(values),
            (None, _) => Err(error!(
                Weights,
                "card-normalisation",
                "{file}: there is no `{name}`; give its three numbers, or say `do_normalize` false",
                file,
                name
            )),
        };
        let mean = stated("image_mean", self.image_mean, 0.0)?;
        let std = stated("image_std", self.image_std, 1.0)?;
        let is_rescaled = self.do_rescale != Some(false);
        let factor = if is_rescaled { self.rescale_factor.unwrap_or(1.0 / 255.0) } else { 1.0 };
        let offset = if is_rescaled && self.rescale_offset == Some(true) { 1.0 } else { 0.0 };
        if !(factor.is_finite() && factor > 0.0) {
            return Err(error!(
                Weights,
                "card-rescale",
                "{file}: `rescale_factor` is {factor}; it must be finite and above 0, such as 1/255",
                file,
                factor
            ));
        }
        // Exactly 1 where it is a 255th, in whatever digits.
        let unit = factor * 255.0;
        let unit = if (unit - 1.0).abs() < 1e-6 { 1.0 } else { unit };
        Ok([mean.map(|mean| (mean + offset) / unit), std.map(|std| std / unit)])
    }
}

/// Checks that the numbers can be used; `place` says where they are from.
pub fn check(preprocessor: &Preprocessor, place: &str) -> Result<()> {
    let Preprocessor { size, resize, mean, std, .. } = preprocessor;
    let (min, max) = (*Preprocessor::SIDES.start(), *Preprocessor::SIDES.end());
    // What the input is cut out of may be twice as large.
    for (size, max) in [(size, max), (resize, 2 * max)] {
        if ![size.height, size.width].iter().all(|side| (min..=max).contains(side)) {
            return Err(error!(
                Weights,
                "preprocessing-size",
                "{place}: an input of {size} pixels (width × height) is not allowed; each side must have {min} to {max}",
                place,
                size,
                min,
                max
            ));
        }
    }
    if let Some(value) = mean.iter().find(|value| !value.is_finite()) {
        return Err(error!(
            Weights,
            "preprocessing-mean", "{place}: the mean {value} is not finite", place, value
        ));
    }
    if let Some(value) = mean.iter().find(|value| value.abs() > LARGEST_MEAN) {
        return Err(error!(
            Weights,
            "preprocessing-mean-scale",
            "{place}: the mean {value} is not one of values 0 to 1; divide means and standard deviations of values 0 to 255 by 255, or say that the network takes such values (--value-range 0-255, or `do_rescale` false in preprocessor_config.json)",
            place,
            value
        ));
    }
    if let Some(value) = std.iter().find(|value| !(value.is_finite() && **value > 0.0)) {
        return Err(error!(
            Weights,
            "preprocessing-std",
            "{place}: the standard deviation {value} cannot normalise; each must be finite and above 0",
            place,
            value
        ));
    }
    Ok(())
}
