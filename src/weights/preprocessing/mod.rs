//! The preprocessing that a model card states, as Hugging Face and timm write it (here), whether two files agree (`beside.rs`), and
//! what may replace parts of it (`overrides.rs`).

mod beside;
mod overrides;

use serde::Deserialize;

pub use self::overrides::{PreprocessorOverrides, ValueRange};
use super::config::CONFIG;
use crate::error::error;
use crate::picture::{ChannelOrder, Interpolation, Preprocess, Preprocessor};
use crate::{Result, Size};

/// No mean of values 0 to 1 is larger, and those of values 0 to 255 are.
const LARGEST_MEAN: f32 = 3.0;

/// Hugging Face's numbers of an image processor.
#[derive(Deserialize)]
pub struct PreprocessorConfig {
    size: StatedSize,
    /// Whether pictures are brought to `size`.
    do_resize: Option<bool>,
    /// One number, or one for each channel.
    image_mean: Option<Vec<f32>>,
    image_std: Option<Vec<f32>>,
    /// As many as the file says that an input has.
    #[serde(skip)]
    channels: Option<usize>,
    crop_pct: Option<f64>,
    /// The class that reads the file.
    image_processor_type: Option<String>,
    /// What it was called once.
    feature_extractor_type: Option<String>,
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
    /// Whether EfficientNet's processor divides by the deviation once more.
    include_top: Option<bool>,
    /// This program's name of a way that Hugging Face has no entry for.
    preprocess: Option<String>,
    /// timm's way.
    #[serde(skip)]
    way: Option<Preprocess>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(
    untagged,
    deny_unknown_fields,
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
    /// The network that the numbers are of.
    pub architecture: Option<String>,
    /// Channels, rows and columns.
    pub input_size: [u32; 3],
    mean: Vec<f32>,
    std: Vec<f32>,
    crop_pct: Option<f64>,
    crop_mode: Option<String>,
    interpolation: Option<String>,
}

/// What a file says of preprocessing.
pub struct StatedPreprocessor {
    pub preprocessor: Preprocessor,
    /// How it prepares pictures.
    pub way: Preprocess,
    /// Of what values its mean and deviation are.
    pub range: ValueRange,
    /// How many channels it is for, where that are not those of pictures.
    pub channels: Option<usize>,
}

impl Pretrained {
    /// The channels of a picture. timm leaves them in a config whose network takes others.
    pub const CHANNELS: usize = 3;

    pub fn to_preprocessor(&self) -> Result<PreprocessorConfig> {
        let Self { input_size, ref mean, ref std, crop_pct, ref crop_mode, ref interpolation, .. } = *self;
        let [channels, height, width] = input_size;
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
        // `timm/data/transforms_factory.py`.
        let way = match crop_mode.as_deref().unwrap_or("center") {
            "center" => Preprocess::Crop,
            "squash" => Preprocess::Squash,
            "border" => Preprocess::Letterbox,
            found => {
                return Err(error!(
                    Weights,
                    "card-crop-mode",
                    "{file}: `crop_mode` is `{found}`; only center, squash and border are known",
                    file = CONFIG,
                    found
                ));
            }
        };
        Ok(PreprocessorConfig {
            size,
            do_resize: None,
            image_mean: Some(mean.clone()),
            image_std: Some(std.clone()),
            channels: Some(channels as usize).filter(|&channels| channels != Self::CHANNELS),
            crop_pct,
            image_processor_type: None,
            feature_extractor_type: None,
            resample,
            do_rescale: None,
            rescale_factor: None,
            rescale_offset: None,
            do_normalize: None,
            crop_size: None,
            do_center_crop: None,
            do_flip_channel_order: None,
            include_top: None,
            preprocess: None,
            way: Some(way),
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
    /// What is cut out of `size`, where something is.
    fn cut(&self) -> Option<StatedSize> {
        self.crop_size.filter(|_| self.do_center_crop != Some(false))
    }

    /// The share of each side that is cut out, where somebody says it. ConvNeXt's processor, which Hugging Face's ResNets have, too, says
    /// it by default, and cuts nothing out of large pictures (`image_processing_convnext.py`).
    fn share(&self) -> Option<f64> {
        const LARGE: u32 = 384;
        let (height, width) = self.size.sides();
        match self.is_of("ConvNext") {
            true if height.min(width) >= LARGE => None,
            true => self.crop_pct.or(Some(224.0 / 256.0)),
            false => self.crop_pct,
        }
    }

    /// Whether the file is of the processors whose names start so.
    fn is_of(&self, family: &str) -> bool {
        let mut kinds = [&self.image_processor_type, &self.feature_extractor_type].into_iter().flatten();
        kinds.any(|kind| kind.starts_with(family))
    }

    /// How pictures are prepared.
    fn way(&self) -> Result<Preprocess> {
        if let Some(name) = &self.preprocess {
            return name.parse();
        }
        let cuts = self.cut().is_some() || self.share().is_some() || self.do_center_crop == Some(true);
        Ok(match (self.way, self.size) {
            (Some(way), _) => way,
            (None, _) if cuts && self.do_center_crop != Some(false) => Preprocess::Crop,
            // What ConvNeXt's processor does not cut it squashes.
            (None, StatedSize::Shortest { .. }) if !self.is_of("ConvNext") => Preprocess::Fit,
            _ => Preprocess::Squash,
        })
    }

    /// Whether mean and deviation count: by default, but not where MobileViT's processor knows none.
    fn is_normalised(&self) -> bool {
        self.do_normalize.unwrap_or(!self.is_of("MobileViT"))
    }

    /// `channels`: as many as the config says that the network takes.
    pub fn read(&self, file: &str, channels: Option<usize>) -> Result<StatedPreprocessor> {
        let Self { size, resample, do_flip_channel_order, .. } = *self;
        let crop_pct = self.share();
        let order = if do_flip_channel_order == Some(true) { ChannelOrder::Bgr } else { ChannelOrder::Rgb };
        let (range, [mean, std], channels) = self.normalisation(file, channels)?;
        // `image_processing_levit.py`.
        let whole = match (self.is_of("Levit"), size) {
            (true, StatedSize::Shortest { shortest_edge: side }) => {
                [side; 2].map(|side| side.saturating_mul(256) / 224).into()
            }
            _ => size.sides(),
        };
        let cut = self.cut();
        let (height, width) = cut.map_or(whole, StatedSize::sides);
        if self.do_resize == Some(false) {
            return Err(error!(
                Weights,
                "card-resize",
                "{file}: `do_resize` is false, so pictures keep their own size, and this program brings each to {height} by {width} pixels; set it to true if the network may be shown such pictures",
                file,
                height,
                width
            ));
        }
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
        let of_share = [height, width].map(|side| (f64::from(side) / share) as usize);
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
            Some(_) => {
                let whole = [whole.0 as usize, whole.1 as usize];
                if crop_pct.is_some() && whole != of_share {
                    return Err(error!(
                        Weights,
                        "card-crop-contradiction",
                        "{file}: `crop_size` cuts {height} by {width} pixels out of {size}, and `crop_pct` {share} out of {cut}, which contradict each other; remove the wrong one",
                        file,
                        height,
                        width,
                        size = format!("{whole:?}"),
                        share,
                        cut = format!("{of_share:?}")
                    ));
                }
                whole
            }
            None => of_share,
        };
        let preprocessor = Preprocessor {
            size: Size { height: height as usize, width: width as usize },
            resize: Size { height: whole_height, width: whole_width },
            mean,
            std,
            order,
            interpolation,
            fill: None,
        };
        check(&preprocessor, file)?;
        let way = self.way().map_err(|cause| {
            error!(Weights, "card-preprocess", "{file}: {cause}", file, cause).with_source(cause)
        })?;
        Ok(StatedPreprocessor { preprocessor, way, range, channels })
    }

    /// Mean and standard deviation of values 0 to 1, the values that the file's are of, and how many channels it is for, where it says
    /// so. The file's are of what rescaling has made of values 0 to 255.
    fn normalisation(
        &self,
        file: &str,
        channels: Option<usize>,
    ) -> Result<(ValueRange, [[f32; 3]; 2], Option<usize>)> {
        let stated = |name: &str, values: &Option<Vec<f32>>, none: f32| match values {
            _ if !self.is_normalised() => Ok(vec![none; 3]),
            Some(values) => Ok(values.clone()),
            None => Err(error!(
                Weights,
                "card-normalisation",
                "{file}: there is no `{name}`; give its three numbers, or say `do_normalize` false",
                file,
                name
            )),
        };
        let mut numbers =
            [stated("image_mean", &self.image_mean, 0.0)?, stated("image_std", &self.image_std, 1.0)?];
        // `image_processing_efficientnet.py`.
        if self.is_of("EfficientNet") && self.include_top != Some(false) {
            let again = self.image_std.clone().filter(|again| again.len() == numbers[1].len());
            for (std, again) in numbers[1].iter_mut().zip(again.unwrap_or_default()) {
                *std *= again;
            }
        }
        let counts = || numbers.iter().map(Vec::len);
        let channels = channels.or(self.channels).or(counts().find(|&count| count != 1 && count != 3));
        // Libraries leave the numbers of colours to grey networks, whose one is their mean.
        let fits = |count| count == 1 || count == channels.unwrap_or(3) || count == 3 && channels == Some(1);
        if let Some(count) = counts().find(|&count| !fits(count)) {
            return Err(error!(
                Weights,
                "card-channels",
                "{file}: the mean or the deviation has {count} numbers for an input of {channels} channels; give one, or one for each channel",
                file,
                count,
                channels = channels.unwrap_or(3)
            ));
        }
        let [mean, std] = match (&numbers[0][..], &numbers[1][..]) {
            // Inputs of other channels than pictures have are normalised already.
            _ if channels.is_some_and(|channels| channels != 1 && channels != 3) => [[0.0; 3], [1.0; 3]],
            (mean, std) => [mean, std].map(|numbers| std::array::from_fn(|i| numbers[i % numbers.len()])),
        };
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
        let range = if unit == 255.0 { ValueRange::Bytes } else { ValueRange::Unit };
        Ok((range, [mean.map(|mean| (mean + offset) / unit), std.map(|std| std / unit)], channels))
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
