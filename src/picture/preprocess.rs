//! From a picture to what a network takes, and to what a person is shown of it.

use std::ops::RangeInclusive;

use strum::VariantArray;

use super::{Interpolation, Picture, Region};
use crate::error::{error, unknown_variant};
use crate::{Error, Result, Size};

/// How a picture of any shape becomes the network's input.
///
/// ```
/// use cam_lucida::picture::Preprocess;
///
/// assert_eq!("crop".parse::<Preprocess>()?, Preprocess::Crop);
/// assert_eq!(Preprocess::default().to_string(), "squash");
/// assert_eq!("stretch".parse::<Preprocess>().unwrap_err().code(), "unknown-name");
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Error, parse_err_fn = unknown)]
pub enum Preprocess {
    /// The whole picture, squashed to the network's square.
    #[default]
    Squash,
    /// torchvision's evaluation transform: the shorter side to 256 (342 where the network's size is 299), the
    /// centre cut out.
    Crop,
    /// The shorter side to the network's size, the aspect kept, nothing cut.
    Fit,
    /// The longer side to the network's size, the aspect kept, bars of [`fill`](Preprocessor::fill) on both sides of the shorter:
    /// Pillow's `ImageOps.pad`.
    Letterbox,
}

fn unknown(name: &str) -> Error {
    unknown_variant("preprocessing", name, Preprocess::VARIANTS)
}

/// The numbers that a model's training fixed: input size and normalisation.
///
/// ```
/// use cam_lucida::Size;
/// use cam_lucida::picture::{Picture, Preprocess, Preprocessor};
///
/// let preprocessor = Preprocessor::imagenet(224);
/// let grey = Picture::new(Size { height: 300, width: 400 }, vec![128; 3 * 300 * 400])?;
/// let frame = preprocessor.frame(&grey, Preprocess::Crop)?;
/// assert_eq!(frame.size(), Size::square(224));
/// assert_eq!(preprocessor.normalise(&frame).len(), 3 * 224 * 224);
/// # Ok::<(), cam_lucida::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Preprocessor {
    /// Side of the square input, in pixels.
    pub size: u32,
    /// [`Preprocess::Crop`] scales the shorter side to this before it cuts `size` out of the centre.
    pub shorter_side: u32,
    /// Mean of each channel, of values in 0..1.
    pub mean: [f32; 3],
    /// Standard deviation of each channel, of values in 0..1.
    pub std: [f32; 3],
    /// The filter that brings a picture to the size.
    pub interpolation: Interpolation,
    /// The colour of the bars of [`Preprocess::Letterbox`]; `None`: the mean, which is 0 once it is normalised.
    pub fill: Option<[u8; 3]>,
}

impl Preprocessor {
    /// Rows, or columns, that an input may have.
    pub const SIDES: RangeInclusive<usize> = 32..=2048;

    /// Pixels of a view's longer side: large enough to see, small enough to redraw at once.
    pub const VIEW_SIDES: RangeInclusive<usize> = 448..=1024;

    /// How many times as long as wide a picture may be where its aspect is kept.
    pub const MAX_ASPECT: usize = 8;

    /// torchvision's numbers for ImageNet networks of `size` pixels, which are 7/8 of the shorter side.
    pub const fn imagenet(size: u32) -> Self {
        let shorter_side = (size * 8).div_ceil(7);
        let (mean, std) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
        Self { size, shorter_side, mean, std, interpolation: Interpolation::Bilinear, fill: None }
    }

    /// The size of a square input: what `squash` and `crop` give.
    pub const fn input_size(&self) -> Size {
        Size::square(self.size as usize)
    }

    /// The pixels that the network sees, at its size.
    ///
    /// # Errors
    /// [`is_image`](Error::is_image): `crop`, `fit` and `letterbox` keep the aspect, so they refuse a picture more
    /// than [`MAX_ASPECT`](Self::MAX_ASPECT) times as long as wide.
    pub fn frame(&self, picture: &Picture, preprocess: Preprocess) -> Result<Picture> {
        let size = picture.size();
        if preprocess != Preprocess::Squash && size.max_side() > Self::MAX_ASPECT * size.min_side() {
            return Err(error!(
                Image,
                "picture-aspect",
                "a picture of {size} pixels is too elongated to keep its aspect ratio (at most {max}:1); choose `squash`, or crop it",
                size,
                max = Self::MAX_ASPECT
            ));
        }
        let resized = |size| picture.resize_by(self.interpolation, picture.region(), size);
        Ok(match preprocess {
            Preprocess::Squash => resized(self.input_size()),
            Preprocess::Fit => resized(with_shorter_side(size, self.size)),
            Preprocess::Letterbox => {
                self.boxed(resized(with_longer_side(size, self.size as usize)), self.size as usize)
            }
            Preprocess::Crop => {
                let whole = with_shorter_side(size, self.shorter_side);
                let (left, top) = (margin(whole.width, self.size), margin(whole.height, self.size));
                resized(whole).cut(left, top, self.input_size())
            }
        })
    }

    /// The input `[3, height, width]` of `frame`: `(value / 255 - mean) / std` for each channel.
    pub fn normalise(&self, frame: &Picture) -> Vec<f32> {
        let channel = |c: usize| {
            let values = frame.rgb().iter().skip(c).step_by(3);
            values.map(move |&v| (f32::from(v) / 255.0 - self.mean[c]) / self.std[c])
        };
        (0..3).flat_map(channel).collect()
    }

    /// The inverse of [`normalise`](Self::normalise), to the nearest colour: `values` `[3, height, width]`.
    ///
    /// # Panics
    /// If there are not three values for each pixel of `size`, or none.
    pub fn denormalise(&self, values: &[f32], size: Size) -> Picture {
        let pixels = size.area();
        let colour = |pixel: usize, c: usize| {
            let value = values[c * pixels + pixel] * self.std[c] + self.mean[c];
            (value * 255.0).round().clamp(0.0, 255.0) as u8
        };
        let rgb = (0..pixels).flat_map(|pixel| [0, 1, 2].map(|c| colour(pixel, c)));
        Picture::new(size, rgb.collect()).expect("three colours for each pixel")
    }

    /// What the heatmap covers, for people: that part of the picture in its own aspect, the longer side
    /// within [`VIEW_SIDES`](Self::VIEW_SIDES).
    pub fn view(&self, picture: &Picture, preprocess: Preprocess) -> Picture {
        let region = self.region(picture, preprocess);
        let (min, max) = (*Self::VIEW_SIDES.start(), *Self::VIEW_SIDES.end());
        let longer = region.width.max(region.height).round() as usize;
        self.viewed(picture, preprocess, longer.clamp(min, max))
    }

    fn viewed(&self, picture: &Picture, preprocess: Preprocess, longer: usize) -> Picture {
        if preprocess == Preprocess::Letterbox {
            let size = with_longer_side(picture.size(), longer);
            return self.boxed(picture.resize(picture.region(), size), longer);
        }
        scaled(picture, self.region(picture, preprocess), longer as f64)
    }

    /// A picture in the middle of a square, the rest in the colour of the bars.
    fn boxed(&self, picture: Picture, side: usize) -> Picture {
        let mean = || self.mean.map(|mean| (255.0 * mean).round().clamp(0.0, 255.0) as u8);
        let Size { height, width } = picture.size();
        let (left, top) = (margin(side, width as u32), margin(side, height as u32));
        let mut rgb = self.fill.unwrap_or_else(mean).repeat(side * side);
        for (y, row) in picture.rgb().chunks_exact(3 * width).enumerate() {
            rgb[3 * ((top + y) * side + left)..][..row.len()].copy_from_slice(row);
        }
        Picture::new(Size::square(side), rgb).expect("three colours for each pixel of the square")
    }

    /// [`view`](Self::view) with its longer side at `longer` pixels: a small one is drawn sooner.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): the longer side is not 1 to the end of [`VIEW_SIDES`](Self::VIEW_SIDES).
    pub fn view_with_side(
        &self,
        picture: &Picture,
        preprocess: Preprocess,
        longer: usize,
    ) -> Result<Picture> {
        let max = *Self::VIEW_SIDES.end();
        if longer == 0 || longer > max {
            return Err(error!(
                Request,
                "view-side", "a view's longer side must be 1 to {max} pixels, found {longer}", max, longer
            ));
        }
        Ok(self.viewed(picture, preprocess, longer))
    }

    /// The part of the picture that the network sees, in the picture's own pixels.
    fn region(&self, picture: &Picture, preprocess: Preprocess) -> Region {
        if preprocess != Preprocess::Crop {
            return picture.region();
        }
        let (own, whole) = (picture.size(), with_shorter_side(picture.size(), self.shorter_side));
        let across = own.width as f64 / whole.width as f64;
        let down = own.height as f64 / whole.height as f64;
        Region {
            left: margin(whole.width, self.size) as f64 * across,
            top: margin(whole.height, self.size) as f64 * down,
            width: f64::from(self.size) * across,
            height: f64::from(self.size) * down,
        }
    }
}

/// `region` of a picture in its own aspect, the longer side at `longer` pixels.
fn scaled(picture: &Picture, region: Region, longer: f64) -> Picture {
    let scale = longer / region.width.max(region.height);
    let pixels = |side: f64| (side * scale).round().max(1.0) as usize;
    picture.resize(region, Size { height: pixels(region.height), width: pixels(region.width) })
}

/// `size` with the shorter side at `side` and the longer in proportion, truncated as torchvision does.
fn with_shorter_side(size: Size, side: u32) -> Size {
    let Size { height, width } = size;
    let longer = |long: usize, short: usize| (u64::from(side) * long as u64 / short as u64) as usize;
    let side = side as usize;
    if width <= height {
        Size { height: longer(height, width), width: side }
    } else {
        Size { height: side, width: longer(width, height) }
    }
}

/// `size` with the longer side at `side` and the shorter in proportion, rounded as Pillow's `ImageOps.contain` does.
fn with_longer_side(size: Size, side: usize) -> Size {
    let Size { height, width } = size;
    let shorter = |short: usize, long: usize| {
        ((short as f64 / long as f64 * side as f64).round_ties_even() as usize).max(1)
    };
    if width >= height {
        Size { height: shorter(height, width), width: side }
    } else {
        Size { height: side, width: shorter(width, height) }
    }
}

/// Pixels left of (above) a centred cut, halves rounded to even as Python's `round` does.
fn margin(whole: usize, cut: u32) -> usize {
    ((whole - cut as usize) as f64 / 2.0).round_ties_even() as usize
}
