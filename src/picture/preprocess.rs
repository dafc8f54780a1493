//! From a picture to what a network takes, and to what a person is shown of it.

use std::ops::RangeInclusive;

use super::{Interpolation, Picture, Region};
use crate::{Error, Result};

/// How a picture of any shape becomes the network's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preprocess {
    /// The whole picture, squashed to the network's square.
    #[default]
    Squash,
    /// torchvision's evaluation transform: the shorter side to 256 (342 where the network's size is 299), the
    /// centre cut out.
    Crop,
    /// The shorter side to the network's size, the aspect kept, nothing cut.
    Fit,
}

impl Preprocess {
    /// All of them, by the names of the command line.
    pub const ALL: [(&'static str, Self); 3] =
        [("squash", Self::Squash), ("crop", Self::Crop), ("fit", Self::Fit)];
}

impl std::str::FromStr for Preprocess {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, preprocess)| *preprocess)
            .ok_or_else(|| crate::error::unknown("preprocessing", name, Self::ALL.map(|(n, _)| n)))
    }
}

/// The numbers that a model's training fixed: input size and normalisation.
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
    /// How a picture is brought to the size.
    pub interpolation: Interpolation,
}

impl Preprocessor {
    /// The shortest and the longest side of an input, in pixels.
    pub const SIDES: RangeInclusive<usize> = 32..=2048;

    /// torchvision's numbers for ImageNet networks of `size` pixels, which are 7/8 of the shorter side.
    pub const fn imagenet(size: u32) -> Self {
        let shorter_side = (size * 8).div_ceil(7);
        let (mean, std) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
        Self { size, shorter_side, mean, std, interpolation: Interpolation::Bilinear }
    }

    /// The pixels that the network sees, at its size.
    ///
    /// # Errors
    /// [`is_image`](Error::is_image): `crop` and `fit` keep the aspect, so they refuse a picture more
    /// than [`ASPECT`](Self::ASPECT) times as long as wide.
    pub fn frame(&self, picture: &Picture, preprocess: Preprocess) -> Result<Picture> {
        let sides = [picture.width(), picture.height()];
        let (longer, shorter) = (sides[0].max(sides[1]), sides[0].min(sides[1]));
        if preprocess != Preprocess::Squash && longer > Self::ASPECT * shorter {
            return Err(Error::image(format!(
                "a picture of {}×{} pixels is too long to keep its aspect (up to {}:1); choose `squash`, or cut it",
                sides[0],
                sides[1],
                Self::ASPECT
            )));
        }
        let resized =
            |(width, height)| picture.resize_by(self.interpolation, picture.region(), width, height);
        Ok(match preprocess {
            Preprocess::Squash => resized((self.size, self.size)),
            Preprocess::Fit => resized(with_shorter_side(picture, self.size)),
            Preprocess::Crop => {
                let (width, height) = with_shorter_side(picture, self.shorter_side);
                let (left, top) = (margin(width, self.size), margin(height, self.size));
                resized((width, height)).cut(left, top, self.size, self.size)
            }
        })
    }

    /// The input `[3, h, w]` of `frame`: `(value / 255 - mean) / std` for each channel.
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
    /// If there are not `3 * height * width` values, or none.
    pub fn denormalise(&self, values: &[f32], width: u32, height: u32) -> Picture {
        let pixels = (width * height) as usize;
        let colour = |pixel: usize, c: usize| {
            let value = values[c * pixels + pixel] * self.std[c] + self.mean[c];
            (value * 255.0).round().clamp(0.0, 255.0) as u8
        };
        let rgb = (0..pixels).flat_map(|pixel| [0, 1, 2].map(|c| colour(pixel, c)));
        Picture::new(width, height, rgb.collect()).expect("three colours for each pixel")
    }

    /// What the heatmap covers, for people: that part of the picture in its own aspect, the longer side
    /// between [`VIEW_SIDES`](Self::VIEW_SIDES).
    pub fn view(&self, picture: &Picture, preprocess: Preprocess) -> Picture {
        let region = self.region(picture, preprocess);
        let (least, most) = Self::VIEW_SIDES;
        scaled(picture, region, region.width.max(region.height).clamp(least, most))
    }

    /// [`view`](Self::view) with its longer side at `longer` pixels: a small one is drawn sooner.
    ///
    /// # Errors
    /// [`is_request`](Error::is_request): the longer side is not 1 to the most of [`VIEW_SIDES`](Self::VIEW_SIDES).
    pub fn view_of_side(&self, picture: &Picture, preprocess: Preprocess, longer: u32) -> Result<Picture> {
        let (_, most) = Self::VIEW_SIDES;
        if longer == 0 || f64::from(longer) > most {
            return Err(Error::request(format!(
                "a view's longer side must be 1 to {most} pixels, found {longer}"
            )));
        }
        Ok(scaled(picture, self.region(picture, preprocess), longer.into()))
    }

    /// Least and most pixels of a view's longer side: large enough to see, small enough to redraw at once.
    pub const VIEW_SIDES: (f64, f64) = (448.0, 1024.0);

    /// How many times longer than wide a picture may be where its aspect is kept.
    pub const ASPECT: u32 = 8;

    /// The part of the picture that the network sees, in the picture's own pixels.
    fn region(&self, picture: &Picture, preprocess: Preprocess) -> Region {
        if preprocess != Preprocess::Crop {
            return picture.region();
        }
        let (width, height) = with_shorter_side(picture, self.shorter_side);
        let across = f64::from(picture.width()) / f64::from(width);
        let down = f64::from(picture.height()) / f64::from(height);
        Region {
            left: f64::from(margin(width, self.size)) * across,
            top: f64::from(margin(height, self.size)) * down,
            width: f64::from(self.size) * across,
            height: f64::from(self.size) * down,
        }
    }
}

/// `region` of a picture in its own aspect, the longer side at `longer` pixels.
fn scaled(picture: &Picture, region: Region, longer: f64) -> Picture {
    let scale = longer / region.width.max(region.height);
    let pixels = |side: f64| (side * scale).round().max(1.0) as u32;
    picture.resize(region, pixels(region.width), pixels(region.height))
}

/// Size with the shorter side at `side` and the longer in proportion, truncated as torchvision does.
fn with_shorter_side(picture: &Picture, side: u32) -> (u32, u32) {
    let (width, height) = (picture.width(), picture.height());
    let longer = |long: u32, short: u32| (u64::from(side) * u64::from(long) / u64::from(short)) as u32;
    if width <= height { (side, longer(height, width)) } else { (longer(width, height), side) }
}

/// Pixels left of (above) a centred cut, halves rounded to even as Python's `round` does.
fn margin(whole: u32, cut: u32) -> u32 {
    (f64::from(whole - cut) / 2.0).round_ties_even() as u32
}
